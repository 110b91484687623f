// SPDX-License-Identifier: Apache-2.0
#pragma once

// Refuses what the diary refuses: the same user on the same thing again within an interval. Times must rise;
// it remembers only what still matters, so a long history needs no more memory than a short one.

#include <cstdint>
#include <deque>
#include <unordered_set>

#include "base/time.hpp"

namespace diary::demo {

class RecentPairs {
 public:
  explicit RecentPairs(Time::duration apart) : apart_(apart) {}

  // False: this user was on this thing less than the interval ago. True: now it is remembered.
  bool admit(std::uint32_t user, std::uint32_t thing, Time at) {
    while (!queue_.empty() && at - queue_.front().at > apart_) {
      pairs_.erase(queue_.front().key);
      queue_.pop_front();
    }
    const std::uint64_t key = (std::uint64_t{user} << 32U) | thing;
    if (!pairs_.insert(key).second) return false;
    queue_.push_back({at, key});
    return true;
  }

 private:
  struct Entry {
    Time at;
    std::uint64_t key;
  };
  Time::duration apart_;
  std::deque<Entry> queue_;
  std::unordered_set<std::uint64_t> pairs_;
};

}  // namespace diary::demo
