// SPDX-License-Identifier: Apache-2.0
#pragma once

// Instants in UTC with microseconds, as PostgreSQL keeps them, and their RFC 3339 text.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace diary {

using Time = std::chrono::sys_time<std::chrono::microseconds>;

[[nodiscard]] Time now();

// RFC 3339 section 5.6 with a mandatory offset; a leap second (":60") and years outside 1970..9999 are
// refused. More than six fractional digits are cut.
[[nodiscard]] std::optional<Time> parse_rfc3339(std::string_view text);

// "2026-01-02T03:04:05.123456Z"; the fraction is left out when it is zero.
[[nodiscard]] std::string to_rfc3339(Time time);

}  // namespace diary
