// SPDX-License-Identifier: Apache-2.0
#pragma once

// How sure a score is: the 95 % interval that `explain` shows. docs/statistics.md derives it and tells how
// often it holds the truth.

namespace diary {

// What the score begins with, before anybody rated.
namespace prior {
inline constexpr double mean = 3;
inline constexpr double weight = 5;    // samples
inline constexpr double variance = 2;  // of one rating: that of 1 to 5, equally likely
inline constexpr double freedom = 5;   // how many samples' worth of knowledge that variance is
}  // namespace prior

// Decayed sums over the ratings, without the votes: votes move the score but prove nothing about its spread.
struct RatingSums {
  double weight = 0;       // sum w
  double weighted = 0;     // sum w v
  double weighted_sq = 0;  // sum w v^2
};

struct Interval {
  double low;
  double high;
  double standard_error;
  double freedom;  // degrees, of Student's t
};

// A credible interval around `score`, cut to 1..5.
[[nodiscard]] Interval interval_95(double score, const RatingSums& ratings);

// The value that Student's t with `freedom` > 0 degrees stays below with `probability`, 0.5 to 0.9999; to
// ten digits.
[[nodiscard]] double student_quantile(double probability, double freedom);

}  // namespace diary
