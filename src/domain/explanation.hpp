// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a segment's score is made of. Decimals are text, and those of parts add up to the last digit.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "domain/interval.hpp"

namespace diary {

// Samples of one age: from_days <= age < to_days.
struct AgeBucket {
  std::int64_t from_days = 0;
  std::int64_t to_days = 0;
  std::int64_t count = 0;
  std::optional<std::string> mean_value;  // not weighted; none of no samples
  std::string weight;
  std::string weighted_sum;
  std::string part;  // of the score
};

struct WindowMean {
  std::int64_t count = 0;
  std::optional<std::string> mean;
};

struct Explanation {
  std::string segment_id;
  Time at;
  std::string decayed_mean;
  std::string n_eff;
  std::string confidence;
  std::int64_t n_samples = 0;
  std::optional<std::string> kish_n;  // none of no samples
  std::string sum_of_weights;         // with the prior's
  std::string weighted_sum;           // with the prior's
  std::string prior_part;
  std::vector<AgeBucket> ratings;
  std::vector<AgeBucket> votes;
  std::int64_t agree = 0;
  std::int64_t safer = 0;
  std::string mean_without_votes;
  std::string delta_30d;
  WindowMean recent;
  WindowMean older;
  std::vector<std::pair<std::string, std::int64_t>> tags;
  Interval interval{};
};

}  // namespace diary
