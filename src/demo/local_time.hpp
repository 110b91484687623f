// SPDX-License-Identifier: Apache-2.0
#pragma once

// The clock on the wall in Philadelphia: Eastern time with the rule in force since 2007.

#include "base/time.hpp"

namespace diary::demo {

[[nodiscard]] int local_hour(Time time);  // 0..23
[[nodiscard]] bool is_night(int hour);    // 20:00 to 05:59

}  // namespace diary::demo
