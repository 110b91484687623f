// SPDX-License-Identifier: Apache-2.0
#include "demo/local_time.hpp"

namespace diary::demo {
namespace {

using namespace std::chrono;

// Second Sunday of March, 2:00 EST, to first Sunday of November, 2:00 EDT.
bool daylight_saving(Time time) {
  const year_month_day date{floor<days>(time)};
  const auto begin = sys_days{date.year() / March / Sunday[2]} + 7h;
  const auto end = sys_days{date.year() / November / Sunday[1]} + 6h;
  return time >= begin && time < end;
}

}  // namespace

int local_hour(Time time) {
  const auto local = time - (daylight_saving(time) ? 4h : 5h);
  return static_cast<int>(floor<hours>(local - floor<days>(local)).count());
}

bool is_night(int hour) {
  return hour >= 20 || hour < 6;
}

}  // namespace diary::demo
