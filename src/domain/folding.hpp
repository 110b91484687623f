// SPDX-License-Identifier: Apache-2.0
#pragma once

// Letters as they are compared: lower case, without accents, in their plain form. Knows the Latin blocks;
// leaves the letters of other alphabets as they are, but for their case.

#include <string>
#include <string_view>

namespace diary {

// Code points of letters, digits and what stands between them; invisible characters are left out. What is no
// UTF-8 comes out empty.
[[nodiscard]] std::u32string fold(std::string_view utf8);

[[nodiscard]] bool is_letter_or_digit(char32_t point);
[[nodiscard]] bool is_space(char32_t point);

}  // namespace diary
