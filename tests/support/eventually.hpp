// SPDX-License-Identifier: Apache-2.0
#pragma once

// Waits for what will become true, no longer than it takes; false when it did not within the limit.

#include <chrono>
#include <thread>

namespace diary::support {

template <class Predicate>
[[nodiscard]] bool eventually(Predicate predicate, std::chrono::seconds limit = std::chrono::seconds{30}) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!predicate()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

}  // namespace diary::support
