// SPDX-License-Identifier: Apache-2.0
#pragma once

// How much the bodies of all requests and answers that are under way may hold together. A share takes more as
// its body grows and gives everything back at its end. Thread-safe.

#include <atomic>
#include <cstddef>

namespace diary::http {

class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t bytes) : left_(static_cast<std::ptrdiff_t>(bytes)) {}

  class Share {
   public:
    explicit Share(MemoryBudget& budget) : budget_(budget) {}
    ~Share() { give_back(); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    // False, and nothing taken, when there is not so much left.
    [[nodiscard]] bool take(std::size_t bytes) {
      const auto wanted = static_cast<std::ptrdiff_t>(bytes);
      if (budget_.left_.fetch_sub(wanted) < wanted) {
        budget_.left_ += wanted;
        return false;
      }
      held_ += wanted;
      return true;
    }

    void give_back() {
      budget_.left_ += held_;
      held_ = 0;
    }

   private:
    MemoryBudget& budget_;
    std::ptrdiff_t held_ = 0;
  };

 private:
  std::atomic<std::ptrdiff_t> left_;
};

}  // namespace diary::http
