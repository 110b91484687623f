// SPDX-License-Identifier: Apache-2.0
#pragma once

// How many hits of one key lie within the last `window`, in bounded memory. Hits that follow each other
// within a sixteenth of the window are kept as one bundle and count until the last of them is a window old.
// Hence: no stretch of time as long as the window, wherever it begins, has more hits in it than were counted,
// so that nothing like twice the limit passes at an edge; and a hit is forgotten no sooner than a window
// after it came and no later than 17/16 of one. Times are milliseconds of any clock; one that was set back is
// survived.

#include <algorithm>
#include <cstdint>
#include <vector>

namespace diary::http {

class SlidingWindow {
 public:
  using Millis = std::int64_t;
  static constexpr Millis bundles_per_window = 16;

  // Forgets what is old and counts the rest.
  [[nodiscard]] int count(Millis at, Millis window) {
    for (Bundle& bundle : bundles_) bundle.last = std::min(bundle.last, at);  // the clock was set back
    const auto live = std::ranges::find_if(bundles_, [&](const Bundle& b) { return b.last + window > at; });
    for (auto it = bundles_.begin(); it != live; ++it) total_ -= it->count;
    bundles_.erase(bundles_.begin(), live);
    return total_;
  }

  void add(Millis at, Millis window) {
    const bool joins = !bundles_.empty() && at - bundles_.back().first < window / bundles_per_window;
    if (!joins) bundles_.push_back({at, at, 0});
    bundles_.back().last = std::max(bundles_.back().last, at);
    ++bundles_.back().count;
    ++total_;
  }

  // When the next hits are forgotten; only when there are any.
  [[nodiscard]] Millis frees(Millis window) const { return bundles_.front().last + window; }

  [[nodiscard]] bool empty() const { return bundles_.empty(); }

  // Takes over what was counted under another name.
  void merge(const SlidingWindow& other) {
    bundles_.insert(bundles_.end(), other.bundles_.begin(), other.bundles_.end());
    std::ranges::sort(bundles_, {}, &Bundle::last);
    total_ += other.total_;
  }

 private:
  struct Bundle {
    Millis first;
    Millis last;
    int count;
  };
  std::vector<Bundle> bundles_;  // by time
  int total_ = 0;
};

}  // namespace diary::http
