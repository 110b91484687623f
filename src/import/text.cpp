// SPDX-License-Identifier: Apache-2.0
#include "import/text.hpp"

#include <algorithm>
#include <array>

namespace diary::import {
namespace {

unsigned byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

// Length of the well-formed sequence at the front (Unicode table 3-7: no overlong forms, no surrogates), or
// 0.
std::size_t sequence_length(std::string_view text) {
  const unsigned lead = byte_at(text, 0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  const unsigned lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (byte_at(text, 1) < lowest || byte_at(text, 1) > highest) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte_at(text, i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

void trim(std::string& text) {
  text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
  while (!text.empty() && text.back() == ' ') text.pop_back();
}

}  // namespace

std::size_t code_points(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string clean_text(std::string_view bytes, std::size_t limit) {
  std::string out;
  for (std::size_t taken = 0; !bytes.empty() && taken < limit; ++taken) {
    const std::size_t length = sequence_length(bytes);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (length == 1 && (byte_at(bytes, 0) < 0x20 || byte_at(bytes, 0) == 0x7F)) {
      out += ' ';
    } else {
      out += bytes.substr(0, length);
    }
    bytes.remove_prefix(std::max<std::size_t>(length, 1));
  }
  trim(out);
  return out;
}

}  // namespace diary::import
