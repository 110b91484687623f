// SPDX-License-Identifier: Apache-2.0
#pragma once

// Counts requests per key in fixed windows, in this process. Keys are kept as keyed hashes only, and their
// number is bounded. Thread-safe.

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace diary::http {

class Limiter {
 public:
  struct Verdict {
    bool allowed = false;
    int limit = 0;
    int remaining = 0;
    std::chrono::system_clock::time_point reset;  // when the window ends
  };

  explicit Limiter(std::chrono::seconds window, std::size_t max_keys = 100'000);

  // Counts one more for the key and says whether it is within the limit.
  Verdict hit(const std::string& key, int limit);
  // The same without counting.
  Verdict peek(const std::string& key, int limit);
  void forget(const std::string& key);

 private:
  struct Window {
    std::chrono::system_clock::time_point ends;
    int count = 0;
  };
  using Digest = std::uint64_t;

  [[nodiscard]] Digest digest(const std::string& key) const;
  void make_room(std::chrono::system_clock::time_point at);

  std::chrono::seconds window_;
  std::size_t max_keys_;
  std::string secret_;  // new with each start
  std::mutex mutex_;
  std::unordered_map<Digest, Window> windows_;
};

}  // namespace diary::http
