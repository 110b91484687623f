// SPDX-License-Identifier: Apache-2.0
#include "domain/tags.hpp"

#include "base/utf8.hpp"
#include "domain/rating.hpp"

namespace diary {
namespace {

bool is_blank(char32_t point) {
  return point == ' ' || point == '\t' || point == '\n' || point == '\r' || point == 0xA0;
}

}  // namespace

std::optional<std::string> normalize_tag(std::string_view text) {
  auto points = decode_utf8(text);
  if (!points) return std::nullopt;
  while (!points->empty() && is_blank(points->back())) points->pop_back();
  std::size_t first = 0;
  while (first < points->size() && is_blank((*points)[first])) ++first;
  const std::size_t length = points->size() - first;
  if (length == 0 || length > limits::max_tag_chars) return std::nullopt;
  std::string tag;
  for (std::size_t i = first; i < points->size(); ++i) {
    if ((*points)[i] < 0x20 || (*points)[i] == 0x7F) return std::nullopt;
    append_utf8(tag, lower_case((*points)[i]));
  }
  return tag;
}

}  // namespace diary
