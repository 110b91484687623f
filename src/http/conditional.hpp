// SPDX-License-Identifier: Apache-2.0
#pragma once

// If-None-Match and If-Match, as RFC 9110, 13.1 has them, and the Cache-Control that leads to them.

#include <string_view>

namespace diary::http {

constexpr const char* may_be_kept = "no-cache";  // and is asked for anew by its tag

enum class Comparison {
  weak,    // W/"x" is "x": If-None-Match
  strong,  // W/"x" is nothing: If-Match
};

// Whether the field's value ("*", or entity tags with commas between) names the tag. A value that cannot be
// read names none.
[[nodiscard]] bool names_tag(std::string_view field, std::string_view tag,
                             Comparison comparison = Comparison::weak);

}  // namespace diary::http
