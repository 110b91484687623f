// SPDX-License-Identifier: Apache-2.0
#pragma once

// The instants of `count` events between two times, rising: dense when people are out, thin at four in the
// morning, and ever more of them, as a young service grows. Holds one number for each hour of the period,
// whatever the count.

#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "demo/random.hpp"

namespace diary::demo {

class EventTimes {
 public:
  EventTimes(Time begin, Time end, std::uint64_t count);
  [[nodiscard]] Time next(Random& random);  // call `count` times; whole milliseconds, before `end`

 private:
  Time begin_;
  Time end_;
  std::uint64_t count_;
  std::uint64_t done_ = 0;
  std::size_t hour_ = 0;
  std::vector<double> sums_;
};

}  // namespace diary::demo
