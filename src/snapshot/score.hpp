// SPDX-License-Identifier: Apache-2.0
#pragma once

// The score of a moment from a segment's two sums (docs/live-aggregates.md), rounded as
// analytics.segment_live and its readers round, and how long the rounded numbers stay as they are.

#include <cstdint>
#include <string>

#include "base/time.hpp"

namespace diary::snapshot {

// 2^(-(at - 2025-01-01) / 21 days): what all weights are multiplied by at that moment.
[[nodiscard]] double decay_at(Time at);

// In hundredths.
struct Score {
  std::int64_t mean = 300;
  std::int64_t n_eff = 0;
  std::int64_t confidence = 0;
  bool operator==(const Score&) const = default;
};

// w: the sum of the weights; s: of the weights times the values.
[[nodiscard]] Score score(double w, double s, double decay);

// The mean alone, not rounded.
[[nodiscard]] inline double mean(double w, double s, double decay) {
  return (15 + s * decay) / (5 + w * decay);
}

// Until when (exclusive) score() gives these numbers, a millisecond early; Time::max() when for ever.
[[nodiscard]] Time score_ends(double w, double s, const Score& shown);

// "3", "-0.5", "3.07".
void append_hundredths(std::string& out, std::int64_t hundredths);

// The least confidence in hundredths that is not below `least`.
[[nodiscard]] std::int64_t confidence_from(double least);

}  // namespace diary::snapshot
