// SPDX-License-Identifier: Apache-2.0
#pragma once

// Hits counted in this process, under names that say nothing of who calls. How many names there are is
// bounded: when it is full, the least busy half goes, so that a flood of addresses does not make the busy
// ones forgotten. Thread-safe.

#include <cstring>
#include <mutex>
#include <unordered_map>

#include "http/pseudonyms.hpp"
#include "http/sliding_window.hpp"

namespace diary::http {

// How many hits there were, and in how many milliseconds the oldest are forgotten.
struct Tally {
  bool allowed = false;
  int count = 0;
  std::int64_t wait_ms = 0;
};

class LocalCounts {
 public:
  struct Question {
    const Pseudonyms::Names& names;
    int limit;
    SlidingWindow::Millis window;
    SlidingWindow::Millis at;
  };

  explicit LocalCounts(std::size_t max_names) : max_names_(max_names) {}

  Tally hit(const Question& question);   // counts one more when that is within the limit
  Tally peek(const Question& question);  // counts nothing
  void forget(const Pseudonyms::Names& names);

  // What another has said: nothing more under this limit for so long.
  void refuse(const Question& question, std::int64_t wait_ms);
  // That, as long as it holds.
  [[nodiscard]] std::optional<Tally> refused(const Question& question);

 private:
  struct Entry {
    SlidingWindow hits;
    SlidingWindow::Millis refused_until = 0;
    int refused_limit = 0;
  };
  struct Hash {
    std::size_t operator()(const Pseudonyms::Name& name) const {
      std::size_t value = 0;
      std::memcpy(&value, name.data(), sizeof value);
      return value;
    }
  };

  Entry& entry(const Question& question);
  void take_over(Entry& entry, const Question& question);
  void make_room(const Question& question);

  std::size_t max_names_;
  std::mutex mutex_;
  std::unordered_map<Pseudonyms::Name, Entry, Hash> entries_;
};

}  // namespace diary::http
