// SPDX-License-Identifier: Apache-2.0
#include "http/limiter.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "support/eventually.hpp"

namespace diary::http {
namespace {

using std::chrono::seconds;

TEST(Limiter, AllowsAsManyAsTheLimit) {
  Limiter limiter(seconds{60});
  for (int left = 2; left >= 0; --left) {
    const auto verdict = limiter.hit("a", 3);
    EXPECT_TRUE(verdict.allowed);
    EXPECT_EQ(verdict.remaining, left);
  }
  EXPECT_FALSE(limiter.hit("a", 3).allowed);
  EXPECT_EQ(limiter.hit("a", 3).remaining, 0);
  EXPECT_TRUE(limiter.hit("b", 3).allowed);
}

TEST(Limiter, PeekingCountsNothing) {
  Limiter limiter(seconds{60});
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(limiter.peek("a", 1).allowed);
  EXPECT_TRUE(limiter.hit("a", 1).allowed);
  EXPECT_FALSE(limiter.peek("a", 1).allowed);
  limiter.forget("a");
  EXPECT_TRUE(limiter.peek("a", 1).allowed);
}

TEST(Limiter, AWindowEnds) {
  Limiter limiter(seconds{1});
  const auto first = limiter.hit("a", 1);
  EXPECT_TRUE(first.allowed);
  EXPECT_FALSE(limiter.hit("a", 1).allowed);
  EXPECT_TRUE(support::eventually([&] { return limiter.hit("a", 1).allowed; }, seconds{10}));
  EXPECT_GE(std::chrono::system_clock::now(), first.reset);
}

TEST(Limiter, KeysAreBoundedAndTheBusyOnesStay) {
  Limiter limiter(seconds{60}, 100);
  for (int i = 0; i < 50; ++i) static_cast<void>(limiter.hit("busy", 50));
  for (int i = 0; i < 10'000; ++i) static_cast<void>(limiter.hit("n" + std::to_string(i), 50));
  EXPECT_FALSE(limiter.peek("busy", 50).allowed);
}

TEST(Limiter, CountsExactlyUnderThreads) {
  Limiter limiter(seconds{60});
  std::atomic<int> allowed = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) allowed += limiter.hit("a", 3000).allowed ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(allowed, 3000);
}

}  // namespace
}  // namespace diary::http
