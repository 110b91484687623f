// SPDX-License-Identifier: Apache-2.0
#pragma once

// What people say about a street: tags and short comments that fit a rating and the hour.

#include <string_view>
#include <vector>

#include "demo/random.hpp"

namespace diary::demo {

[[nodiscard]] std::vector<std::string_view> some_tags(Random& random, int rating, int hour);
[[nodiscard]] std::string_view some_comment(Random& random, int rating, int hour);
[[nodiscard]] std::vector<std::string_view> known_tags();

}  // namespace diary::demo
