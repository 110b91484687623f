// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether the database's clock can be believed. What follows it for good (windows of scores, months, the
// forgetting of revoked tokens) must not follow one that jumped: forty days ahead for half a minute, and
// every rating has left the last thirty days.

#include <chrono>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace diary {

class ClockWatch {
 public:
  using Duration = std::chrono::microseconds;
  static constexpr Duration tolerance = std::chrono::minutes{1};
  // For which a clock is doubted that jumped, and on which this machine's agrees.
  static constexpr Duration patience = std::chrono::minutes{10};
  // For which it is doubted after this machine lay asleep, or was held still: its clock may not be set yet.
  static constexpr Duration recovery = std::chrono::minutes{5};
  // After which the clock is counted from anew: two clocks may differ by a minute an hour, not more.
  static constexpr Duration memory = std::chrono::hours{1};

  struct Look {
    Time database;     // what the database's clock said
    Time machine;      // what this machine's said then
    Duration running;  // of a clock that nobody sets and that goes on in sleep
    Duration waited;   // by that clock, for what should have been a fraction of a second before this look
  };

  // Why it is not to be believed, or nothing. The first look believes a database that agrees with this
  // machine.
  [[nodiscard]] std::optional<std::string> doubt(const Look& look);
  // What a database's clock that is believed says when `running` is reached.
  [[nodiscard]] Time expected(Duration running) const {
    return since_->database + (running - since_->running);
  }

 private:
  std::optional<Look> since_;           // the look that later ones are held against
  std::optional<Duration> doubted_at_;  // running
  Duration believe_from_{};             // running
};

// For Look::running.
[[nodiscard]] ClockWatch::Duration running_time();

}  // namespace diary
