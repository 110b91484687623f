// SPDX-License-Identifier: Apache-2.0
#pragma once

// UTF-8 (RFC 3629) to code points and back. Refuses overlong forms, surrogates and what lies past U+10FFFF.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace diary {

// Nothing when the text is no UTF-8.
[[nodiscard]] std::optional<std::u32string> decode_utf8(std::string_view text);

void append_utf8(std::string& out, char32_t point);

// By the case mapping of the C library's UTF-8 locale, whatever the environment says.
[[nodiscard]] char32_t lower_case(char32_t point);

[[nodiscard]] inline bool is_utf8(std::string_view text) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  return std::ranges::all_of(text, is_ascii) || decode_utf8(text).has_value();
}

// At most `bytes` of valid UTF-8, never cut within a character.
[[nodiscard]] std::string_view cut_utf8(std::string_view text, std::size_t bytes);

}  // namespace diary
