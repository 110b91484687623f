// SPDX-License-Identifier: Apache-2.0
#pragma once

// Names under which those who call are counted: keyed hashes (HMAC-SHA-256, cut to 128 bits), so that no
// address is kept or leaves the process. The key is derived from a secret and the day (UTC), the same on
// every server that has the secret; with the day the old names mean nothing any more. Thread-safe.

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace diary::http {

class Pseudonyms {
 public:
  using Clock = std::chrono::system_clock;
  using Name = std::array<unsigned char, 16>;
  struct Names {
    Name now;
    // Of the day before, while what was counted under it may still lie within the window.
    std::optional<Name> before;
  };

  // A key lasts a day, or as long as the longest window where that is longer. An empty secret: a random one.
  explicit Pseudonyms(std::string secret, std::chrono::seconds longest_window = {});

  [[nodiscard]] Names of(std::string_view who, Clock::time_point at, std::chrono::milliseconds window);

 private:
  using Key = std::array<unsigned char, 32>;
  struct Keys {
    std::int64_t period = -1;
    Key now{};
    Key before{};
  };
  [[nodiscard]] Key derive(std::int64_t period) const;
  [[nodiscard]] Keys keys_of(std::int64_t period);

  std::string secret_;
  std::chrono::seconds period_;
  std::mutex mutex_;
  Keys keys_;
};

}  // namespace diary::http
