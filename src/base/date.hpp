// SPDX-License-Identifier: Apache-2.0
#pragma once

// Days of the calendar, without a time zone, and their text.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace diary {

using Date = std::chrono::sys_days;

// YYYY-MM-DD of a day that exists, years 1970 to 9999.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);

[[nodiscard]] std::string to_text(Date date);

}  // namespace diary
