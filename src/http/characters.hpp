// SPDX-License-Identifier: Apache-2.0
#pragma once

// What RFC 9110 lets stand where, in ASCII whatever the locale.

#include <algorithm>
#include <string_view>

namespace diary::http {

// 5.6.2: of methods and of fields' names.
[[nodiscard]] constexpr bool is_token_char(char c) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         marks.find(c) != std::string_view::npos;
}
[[nodiscard]] constexpr bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}

// 5.5: what no field's value may hold.
[[nodiscard]] constexpr bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 32 && c != '\t') || c == 127;
}

}  // namespace diary::http
