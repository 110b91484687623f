// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether the database answers: asked at most once a second however many want to know, on a thread and a
// connection of its own, so that no queue and no flood of requests stands before the answer.

#include <functional>
#include <mutex>

#include "http/workers.hpp"

namespace diary::http {

class Pulse {
 public:
  explicit Pulse(std::function<bool()> ask) : ask_(std::move(ask)) {}

  asio::awaitable<bool> beats() {
    const auto at = Clock::now();
    {
      const std::scoped_lock lock(mutex_);
      if (known_ && at - asked_ < (asking_ ? patience : fresh)) co_return up_;
      if (known_ && asking_) co_return false;  // it does not come back
      asking_ = true;
      asked_ = at;
    }
    const auto answer = co_await worker_.run([this]() -> Result<bool> { return note(ask_()); });
    co_return answer.value_or(false);
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds fresh{1};
  static constexpr std::chrono::seconds patience{3};

  bool note(bool up) {
    const std::scoped_lock lock(mutex_);
    known_ = true;
    asking_ = false;
    return up_ = up;
  }

  std::function<bool()> ask_;
  std::mutex mutex_;
  Clock::time_point asked_;
  bool known_ = false;
  bool asking_ = false;
  bool up_ = false;
  Workers worker_{1, 16, patience};
};

}  // namespace diary::http
