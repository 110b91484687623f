// SPDX-License-Identifier: Apache-2.0
#pragma once

// Samples for tests and benchmarks on whatever segments a database has: a few streets get most of the visits,
// a few users write most of the ratings. Streams; its memory does not grow with the number of samples.

#include <cstdint>
#include <functional>

#include "base/result.hpp"
#include "base/time.hpp"
#include "pg/connection.hpp"

namespace diary::demo {

struct SynthOrder {
  std::uint64_t ratings = 0;
  std::uint64_t votes = 0;
  std::size_t users = 0;
  int days = 180;  // 1..180, ending at `now`
  std::uint64_t seed = 0;
  Time now;
};

using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Each chunk is a transaction of its own, so a failure midway leaves the chunks before it. An Error when
// there are no segments, when this seed was loaded before, or when users and segments are too few for so many
// samples.
[[nodiscard]] Result<void> load_synthetic(pg::Connection& connection, const SynthOrder& order,
                                          const Progress& progress);

}  // namespace diary::demo
