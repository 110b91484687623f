// SPDX-License-Identifier: Apache-2.0
#include "domain/tags.hpp"

#include <locale.h>
#include <wctype.h>

#include <cstdint>
#include <vector>

#include "domain/rating.hpp"

namespace diary {
namespace {

// Code points of valid UTF-8; nothing otherwise.
std::optional<std::vector<char32_t>> decode(std::string_view text) {
  std::vector<char32_t> points;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length == 0 || i + length > text.size()) return std::nullopt;
    char32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0) != 0x80) return std::nullopt;
      point = (point << 6) | (next & 0x3FU);
    }
    points.push_back(point);
    i += length;
  }
  return points;
}

void encode(std::string& out, char32_t point) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((point >> shift) & 0x3F)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | (point >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

// The case mapping of the C library's UTF-8 locale, whatever the environment says.
char32_t lower(char32_t point) {
  static const locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return utf8 == nullptr ? point : static_cast<char32_t>(towlower_l(static_cast<wint_t>(point), utf8));
}

bool is_blank(char32_t point) {
  return point == ' ' || point == '\t' || point == '\n' || point == '\r' || point == 0xA0;
}

}  // namespace

std::optional<std::string> normalize_tag(std::string_view text) {
  auto points = decode(text);
  if (!points) return std::nullopt;
  while (!points->empty() && is_blank(points->back())) points->pop_back();
  std::size_t first = 0;
  while (first < points->size() && is_blank((*points)[first])) ++first;
  const std::size_t length = points->size() - first;
  if (length == 0 || length > limits::max_tag_chars) return std::nullopt;
  std::string tag;
  for (std::size_t i = first; i < points->size(); ++i) {
    if ((*points)[i] < 0x20 || (*points)[i] == 0x7F) return std::nullopt;
    encode(tag, lower((*points)[i]));
  }
  return tag;
}

}  // namespace diary
