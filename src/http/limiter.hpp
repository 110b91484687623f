// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who may make how many requests within a window. Counts in this process, or together with the other servers
// in a Redis as long as that answers; the process counts along, so that it can go on alone at any moment. The
// bounds are those of SlidingWindow; servers whose clocks differ count apart for so long at midnight UTC,
// when the names change.

#include <functional>
#include <memory>

#include "http/local_counts.hpp"
#include "http/redis_link.hpp"
#include "http/workers.hpp"

namespace diary::http {

struct Verdict {
  bool allowed = false;
  int limit = 0;
  int remaining = 0;
  std::chrono::system_clock::time_point reset;  // when `remaining` grows next
  std::chrono::seconds wait{1};                 // until then, rounded up, at least 1
};

// What all limiters of a server have in common.
struct LimiterBase {
  Pseudonyms names;
  std::unique_ptr<RedisLink> redis;  // null: none is configured
  std::function<std::chrono::system_clock::time_point()> clock = std::chrono::system_clock::now;
};

class Limiter {
 public:
  Limiter(LimiterBase& base, std::chrono::seconds window, std::size_t max_names = 100'000)
      : base_(base), window_(window), local_(max_names) {}

  // Counts one more for `who` when that is within the limit. A refusal costs no question to Redis while it
  // holds.
  asio::awaitable<Verdict> hit(std::string who, int limit);
  // The same without counting.
  asio::awaitable<Verdict> peek(std::string who, int limit);
  void forget(const std::string& who);

 private:
  asio::awaitable<Verdict> ask(std::string who, int limit, bool counts);

  LimiterBase& base_;
  std::chrono::milliseconds window_;
  LocalCounts local_;
};

}  // namespace diary::http
