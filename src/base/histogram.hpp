// SPDX-License-Identifier: Apache-2.0
#pragma once

// How long things took, in buckets that are known beforehand. Counted by any thread without a lock; a reader
// may see a sum that is one observation ahead of the counts.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace diary {

// `bounds`: where the buckets end, in seconds, rising.
template <const auto& bounds>
class BucketHistogram {
 public:
  static constexpr auto bounds_s = bounds;

  void observe(std::chrono::nanoseconds time) {
    const double seconds = std::chrono::duration<double>(time).count();
    const auto bucket =
        static_cast<std::size_t>(std::ranges::lower_bound(bounds_s, seconds) - bounds_s.begin());
    counts_[bucket].fetch_add(1, std::memory_order_relaxed);
    const auto nanoseconds = std::max<std::chrono::nanoseconds::rep>(time.count(), 0);
    sum_ns_.fetch_add(static_cast<std::uint64_t>(nanoseconds), std::memory_order_relaxed);
  }

  // In the bucket that ends at bounds_s[i]; the last: beyond all of them.
  [[nodiscard]] std::uint64_t count(std::size_t i) const {
    return counts_[i].load(std::memory_order_relaxed);
  }
  [[nodiscard]] double sum_s() const {
    return static_cast<double>(sum_ns_.load(std::memory_order_relaxed)) / 1e9;
  }

 private:
  std::array<std::atomic<std::uint64_t>, bounds_s.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_ns_ = 0;
};

// What waits for others, for a disk or a network: from half a millisecond.
inline constexpr std::array<double, 14> request_bounds_s{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                         0.1,    0.25,  0.5,    1,     2.5,  5,     10};
using Histogram = BucketHistogram<request_bounds_s>;

// What only computes: from 25 microseconds.
inline constexpr std::array<double, 13> computation_bounds_s{
    0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2};
using FineHistogram = BucketHistogram<computation_bounds_s>;

// Observes how long it lived.
template <class Into = Histogram>
class Stopwatch {
 public:
  explicit Stopwatch(Into& into) : into_(into) {}
  ~Stopwatch() { into_.observe(std::chrono::steady_clock::now() - begun_); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  Into& into_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace diary
