// SPDX-License-Identifier: Apache-2.0
#include "http/limiter.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <deque>
#include <random>
#include <thread>
#include <vector>

#include "http/quotas.hpp"

namespace diary::http {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::system_clock;

// A limiter whose clock is moved by hand.
class Timed {
 public:
  explicit Timed(seconds window, std::size_t max_names = 100'000)
      : base_{.names = Pseudonyms("a secret", window), .redis = nullptr, .clock = [this] { return at; }},
        limiter_(base_, window, max_names) {}

  Verdict hit(const std::string& who, int limit) { return run(limiter_.hit(who, limit)); }
  Verdict peek(const std::string& who, int limit) { return run(limiter_.peek(who, limit)); }
  void forget(const std::string& who) { limiter_.forget(who); }
  // How many of `tries` at this moment are allowed.
  int burst(const std::string& who, int limit, int tries) {
    int allowed = 0;
    for (int i = 0; i < tries; ++i) allowed += hit(who, limit).allowed ? 1 : 0;
    return allowed;
  }

  Clock::time_point at{hours{24 * 20'000} + hours{10}};

 private:
  static Verdict run(asio::awaitable<Verdict> question) {
    asio::io_context io;
    auto answer = asio::co_spawn(io, std::move(question), asio::use_future);
    io.run();
    return answer.get();
  }
  LimiterBase base_;
  Limiter limiter_;
};

TEST(Limiter, AllowsAsManyAsTheLimit) {
  Timed limiter(seconds{60});
  for (int left = 2; left >= 0; --left) {
    const auto verdict = limiter.hit("a", 3);
    EXPECT_TRUE(verdict.allowed);
    EXPECT_EQ(verdict.limit, 3);
    EXPECT_EQ(verdict.remaining, left);
  }
  EXPECT_FALSE(limiter.hit("a", 3).allowed);
  EXPECT_EQ(limiter.hit("a", 3).remaining, 0);
  EXPECT_TRUE(limiter.hit("b", 3).allowed);
}

TEST(Limiter, PeekingCountsNothing) {
  Timed limiter(seconds{60});
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(limiter.peek("a", 1).allowed);
  EXPECT_TRUE(limiter.hit("a", 1).allowed);
  EXPECT_FALSE(limiter.peek("a", 1).allowed);
  limiter.forget("a");
  EXPECT_TRUE(limiter.peek("a", 1).allowed);
}

TEST(Limiter, ABurstCountsForOneWholeWindow) {
  Timed limiter(seconds{3600});
  EXPECT_EQ(limiter.burst("a", 5, 9), 5);
  EXPECT_EQ(limiter.peek("a", 5).reset, limiter.at + seconds{3600});
  EXPECT_EQ(limiter.peek("a", 5).wait, seconds{3600});
  limiter.at += seconds{3600} - milliseconds{1};
  EXPECT_EQ(limiter.burst("a", 5, 9), 0);
  EXPECT_EQ(limiter.hit("a", 5).wait, seconds{1}) << "never \"now\"";
  limiter.at += milliseconds{1};
  EXPECT_EQ(limiter.burst("a", 5, 9), 5);
}

TEST(Limiter, NothingPassesAtTheEdgeOfAWindow) {
  // Late in what would be a fixed window's hour, and at the beginning of the next.
  Timed limiter(seconds{3600});
  limiter.at += seconds{3599};
  EXPECT_EQ(limiter.burst("a", 100, 200), 100);
  limiter.at += seconds{2};
  EXPECT_EQ(limiter.burst("a", 100, 200), 0);
}

TEST(Limiter, NoWindowHasMoreThanTheLimitAndNothingCountsForLong) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  constexpr int limit = 20;
  const milliseconds window{60'000};
  Timed limiter(seconds{60});
  std::deque<Clock::time_point> taken;
  for (int i = 0; i < 20'000; ++i) {
    limiter.at += milliseconds{random() % (i % 100 < 50 ? 200 : 12'000)};
    const bool allowed = limiter.hit("a", limit).allowed;
    const auto since = [&](milliseconds age) {
      return std::ranges::count_if(taken, [&](auto t) { return t + age > limiter.at; });
    };
    if (allowed) {
      ASSERT_LT(since(window), limit) << "hit " << i;
      taken.push_back(limiter.at);
    } else {
      ASSERT_GE(since(window + window / SlidingWindow::bundles_per_window), limit) << "hit " << i;
    }
    while (!taken.empty() && taken.front() + 2 * window < limiter.at) taken.pop_front();
  }
}

TEST(Limiter, WhoWaitsAsToldIsLetIn) {
  Timed limiter(seconds{900});
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(limiter.hit("a", 10).allowed);
    limiter.at += seconds{70};
  }
  const auto verdict = limiter.hit("a", 10);
  ASSERT_FALSE(verdict.allowed);
  EXPECT_LE(verdict.wait, seconds{900});
  limiter.at = verdict.reset;
  EXPECT_TRUE(limiter.hit("a", 10).allowed);
}

TEST(Limiter, ADayEndsAndWhatWasCountedGoesOn) {
  Timed limiter(seconds{3600});
  limiter.at = Clock::time_point{hours{24 * 20'000} - seconds{1}};
  EXPECT_EQ(limiter.burst("a", 10, 6), 6);
  limiter.at += seconds{2};  // the names have changed
  EXPECT_EQ(limiter.peek("a", 10).remaining, 4);
  EXPECT_EQ(limiter.burst("a", 10, 20), 4);
  limiter.at += seconds{3590};
  EXPECT_EQ(limiter.burst("a", 10, 20), 0);
  limiter.at += seconds{20};
  EXPECT_EQ(limiter.burst("a", 10, 20), 10);
}

TEST(Limiter, AWindowOfManyDays) {
  Timed limiter(hours{24 * 3});
  EXPECT_EQ(limiter.burst("a", 10, 20), 10);
  for (int day = 1; day < 3; ++day) {
    limiter.at += hours{24};
    EXPECT_EQ(limiter.burst("a", 10, 20), 0) << day;
  }
  limiter.at += hours{24};
  EXPECT_EQ(limiter.burst("a", 10, 20), 10);
}

TEST(Limiter, AClockThatIsSetBackLocksNobodyOut) {
  Timed limiter(seconds{60});
  EXPECT_EQ(limiter.burst("a", 3, 9), 3);
  limiter.at -= hours{5};
  EXPECT_FALSE(limiter.hit("a", 3).allowed);
  EXPECT_LE(limiter.hit("a", 3).wait, seconds{60});
  limiter.at += seconds{60};
  EXPECT_TRUE(limiter.hit("a", 3).allowed);
}

TEST(Limiter, NamesAreBoundedAndTheBusyOnesStay) {
  Timed limiter(seconds{60}, 100);
  EXPECT_EQ(limiter.burst("busy", 50, 50), 50);
  for (int i = 0; i < 10'000; ++i) static_cast<void>(limiter.hit("n" + std::to_string(i), 50));
  EXPECT_FALSE(limiter.peek("busy", 50).allowed);
}

TEST(Limiter, NamesThatAreAllBusyAreBoundedAsWell) {
  Timed limiter(seconds{60}, 10);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(limiter.burst("n" + std::to_string(i), 7, 9), 7);
}

TEST(LocalCounts, CountsExactlyUnderThreads) {
  LocalCounts counts(100);
  Pseudonyms names("a secret");
  const auto who = names.of("a", Clock::now(), seconds{60});
  std::atomic<int> allowed = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) allowed += counts.hit({who, 3000, 60'000, 1000}).allowed ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(allowed, 3000);
}

TEST(LocalCounts, ARefusalFromElsewhereHoldsAsLongAsItSays) {
  LocalCounts counts(100);
  Pseudonyms names("a secret");
  const auto who = names.of("a", Clock::now(), seconds{60});
  EXPECT_FALSE(counts.refused({who, 5, 60'000, 1000}));
  counts.refuse({who, 5, 60'000, 1000}, 500);
  ASSERT_TRUE(counts.refused({who, 5, 60'000, 1499}));
  EXPECT_EQ(counts.refused({who, 5, 60'000, 1499})->wait_ms, 1);
  EXPECT_FALSE(counts.refused({who, 50, 60'000, 1499})) << "another tier's limit is another question";
  EXPECT_FALSE(counts.refused({who, 5, 60'000, 1500}));
}

TEST(Pseudonyms, AreTheSameForAllWithTheSecretAndForOneDay) {
  Pseudonyms one("a secret");
  Pseudonyms two("a secret");
  Pseudonyms other("another secret");
  const Clock::time_point day{hours{24 * 20'000}};
  const auto of = [&](Pseudonyms& names, const char* who, hours hour) {
    return names.of(who, day + hour, seconds{3600}).now;
  };
  EXPECT_EQ(of(one, "a", hours{0}), of(two, "a", hours{23}));
  EXPECT_NE(of(one, "a", hours{0}), of(one, "b", hours{0}));
  EXPECT_NE(of(one, "a", hours{0}), of(other, "a", hours{0}));
  EXPECT_NE(of(one, "a", hours{23}), of(one, "a", hours{24}));
  EXPECT_EQ(of(one, "a", hours{23}), one.of("a", day + hours{24}, seconds{3600}).before);
  EXPECT_FALSE(one.of("a", day + hours{26}, seconds{3600}).before) << "nothing is left of yesterday";
}

TEST(Quotas, OfEachClassAndTier) {
  Config config;
  Caller caller;
  const auto of = [&](Quota quota, const char* tier) {
    caller.tier = tier;
    return limit_of(config, quota, *tier == '\0' ? nullptr : &caller);
  };
  EXPECT_EQ(of(Quota::api, ""), 100);
  EXPECT_EQ(of(Quota::api, "free"), 1000);
  EXPECT_EQ(of(Quota::api, "premium"), 10'000);
  EXPECT_EQ(of(Quota::api, "enterprise"), 100'000);
  EXPECT_EQ(of(Quota::api, "unheard of"), 1000);
  EXPECT_EQ(of(Quota::routing, ""), 20);
  EXPECT_EQ(of(Quota::routing, "free"), 100);
  EXPECT_EQ(of(Quota::routing, "premium"), 1000);
  EXPECT_EQ(of(Quota::routing, "enterprise"), 10'000);
  EXPECT_EQ(of(Quota::map, ""), 1000);
  EXPECT_EQ(of(Quota::map, "free"), 10'000);
  EXPECT_EQ(of(Quota::tiles, ""), 1'000);
  EXPECT_EQ(of(Quota::tiles, "free"), 10'000);
  EXPECT_EQ(of(Quota::map, "enterprise"), 1'000'000);
  config.rate_limit_max_authenticated = 1'000'000'000;
  EXPECT_EQ(of(Quota::map, "enterprise"), 2'000'000'000) << "no overflow";
}

}  // namespace
}  // namespace diary::http
