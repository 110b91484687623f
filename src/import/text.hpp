// SPDX-License-Identifier: Apache-2.0
#pragma once

// UTF-8 as PostgreSQL's varchar counts it: characters are code points, NUL and broken sequences cannot be
// stored.

#include <cstddef>
#include <string>
#include <string_view>

namespace diary::import {

// Of valid UTF-8.
[[nodiscard]] std::size_t code_points(std::string_view utf8);

// At most `limit` code points; broken bytes become U+FFFD, control characters spaces, ends are trimmed.
[[nodiscard]] std::string clean_text(std::string_view bytes, std::size_t limit);

}  // namespace diary::import
