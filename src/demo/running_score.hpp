// SPDX-License-Identifier: Apache-2.0
#pragma once

// The decayed mean of every segment while history is told in order: two forward-decayed sums a segment, so
// that time passes without touching them. Exact as long as the history is no longer than the window of 180
// days, for then no sample leaves it; the constructor refuses a longer one.

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include "base/time.hpp"

namespace diary::demo {

class RunningScore {
 public:
  static constexpr std::chrono::days window{180};
  static constexpr double half_life_days = 21;
  static constexpr double prior_mean = 3;
  static constexpr double prior_weight = 5;

  RunningScore(std::size_t segments, Time begin, Time end) : begin_(begin), sums_(segments) {
    if (end - begin > window) throw std::logic_error("a history longer than the scoring window");
  }

  void add(std::size_t segment, double value, Time at) {
    const double weight = growth(at);
    sums_[segment].values += value * weight;
    sums_[segment].weights += weight;
  }

  [[nodiscard]] double mean(std::size_t segment, Time at) const {
    const double fade = 1 / growth(at);
    return (prior_mean * prior_weight + sums_[segment].values * fade) /
           (prior_weight + sums_[segment].weights * fade);
  }

 private:
  struct Sums {
    double values = 0;
    double weights = 0;
  };
  [[nodiscard]] double growth(Time at) const {
    return std::exp2(std::chrono::duration<double, std::ratio<86400>>(at - begin_).count() / half_life_days);
  }
  Time begin_;
  std::vector<Sums> sums_;
};

}  // namespace diary::demo
