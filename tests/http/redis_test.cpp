// SPDX-License-Identifier: Apache-2.0
// Limits that servers share through Redis, and what is left of them while there is none.
#include <algorithm>
#include <atomic>
#include <thread>

#include "http/api_test.hpp"
#include "support/redis.hpp"

namespace diary::http::test {
namespace {

constexpr const char* gone = "Redis is not to be had";
constexpr const char* back = "Redis answers again";

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

class SharedLimits : public testing::Test {
 protected:
  using Environment = std::map<std::string, std::string>;

  // A server of the one database; `patience_ms`: so long that a busy machine makes no difference.
  std::unique_ptr<support::Served> serve(const std::string& redis_url, const char* limit = "10",
                                         const char* patience_ms = "5000") {
    Environment environment{{"DIARY_REDIS_URL", redis_url},
                            {"DIARY_REDIS_TIMEOUT_MS", patience_ms},
                            {"RATE_LIMIT_MAX_ANONYMOUS", limit}};
    const auto more = world().way_in.environment();
    environment.insert(more.begin(), more.end());
    const std::vector<std::string> arguments{"--database", world().way_in.server()};
    return std::make_unique<support::Served>(DIARY_BINARY, arguments, environment);
  }
  static HttpClient from(support::Served& server, const std::string& address) {
    return HttpClient(server.port(), address);
  }
  // What both servers together let an address do, asked in turns.
  static int allowed(support::Served& one, support::Served& two, const std::string& address, int tries) {
    auto a = from(one, address);
    auto b = from(two, address);
    int fine = 0;
    for (int i = 0; i < tries; ++i) fine += (i % 2 == 0 ? a : b).get(api::segments).status == 200 ? 1 : 0;
    return fine;
  }
  static std::string fresh_address() {
    static int last = 0;
    ++last;
    return "127.0." + std::to_string(20 + last / 250) + "." + std::to_string(1 + last % 250);
  }
};

TEST_F(SharedLimits, TwoServersCountTogether) {
  const support::Redis redis;
  const auto one = serve(redis.url());
  const auto two = serve(redis.url());
  const auto address = fresh_address();
  auto a = from(*one, address);
  auto b = from(*two, address);
  for (int left = 9; left >= 0; --left) {
    const auto answer = (left % 2 == 0 ? a : b).get(api::segments);
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.header("x-ratelimit-remaining"), std::to_string(left));
  }
  for (auto* client : {&a, &b, &a}) {
    const auto answer = client->get(api::segments);
    expect_problem(answer, 429, "rate_limit_exceeded");
    EXPECT_EQ(answer.header("x-ratelimit-limit"), "10");
    EXPECT_EQ(answer.header("x-ratelimit-remaining"), "0");
    const auto wait = answer.json().at("retry_after").as_int64();
    EXPECT_GT(wait, 3500);
    EXPECT_LE(wait, 3600);
  }
  EXPECT_EQ(a.get("/healthz").header("x-ratelimit-remaining"), "0");
  const auto asked = [&] {
    const std::string stats = redis.said({"INFO", "commandstats"});
    return stats.substr(stats.find("cmdstat_evalsha:"), 40);
  };
  const auto before = asked();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(a.get(api::segments).status, 429U);
  EXPECT_EQ(asked(), before) << "a refusal is known without asking";
  EXPECT_EQ(allowed(*one, *two, fresh_address(), 12), 10) << "others are not concerned";
}

TEST_F(SharedLimits, UnderThreadsTheyCountExactly) {
  const support::Redis redis;
  const auto one = serve(redis.url(), "100");
  const auto two = serve(redis.url(), "100");
  const auto address = fresh_address();
  std::atomic<int> fine = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t)
    threads.emplace_back([&, t] {
      auto client = from(t % 2 == 0 ? *one : *two, address);
      for (int i = 0; i < 40; ++i) fine += client.get(api::segments).status == 200 ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(fine, 100);
}

TEST_F(SharedLimits, FailedLoginsAreSharedAsWell) {
  const support::Redis redis;
  const auto one = serve(redis.url(), "1000");
  const auto two = serve(redis.url(), "1000");
  const auto person = world().person();
  const auto log_in = [&](support::Served& server, const char* password) {
    return from(server, fresh_address())
        .post("/api/v1/auth/login", {{"email", person.email}, {"password", password}});
  };
  for (int i = 0; i < 10; ++i)
    expect_problem(log_in(i % 2 == 0 ? *one : *two, "wrong horse"), 401, "unauthorized");
  expect_problem(log_in(*one, "correct horse"), 429, "rate_limit_exceeded");
  expect_problem(log_in(*two, "correct horse"), 429, "rate_limit_exceeded");
}

TEST_F(SharedLimits, RedisSeesNobodysAddress) {
  const support::Redis redis;
  const auto server = serve(redis.url());
  const auto address = fresh_address();
  auto client = from(*server, address);
  for (int i = 0; i < 12; ++i) static_cast<void>(client.get(api::segments));
  const std::string keys = redis.said({"KEYS", "*"});
  EXPECT_EQ(count_of(keys, "diary:limit:"), count_of(keys, "\n"));
  EXPECT_GE(count_of(keys, "\n"), 1U);
  EXPECT_EQ(keys.find("127.0"), std::string::npos) << keys;
  const std::string log = server->log();
  EXPECT_EQ(log.find(address), std::string::npos) << log;
  for (std::size_t at = 0; at < keys.size();) {
    const auto end = keys.find('\n', at);
    EXPECT_EQ(redis.said({"GET", keys.substr(at, end - at)}).find(address), std::string::npos);
    at = end + 1;
  }
}

TEST_F(SharedLimits, KilledUnderLoadItFailsNoRequest) {
  support::Redis redis;
  const auto one = serve(redis.url(), "1000000");
  std::atomic<bool> over = false;
  std::atomic<int> answered = 0;
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      auto client = from(*one, "127.0.0.1");
      while (!over) {
        failed += client.get("/nothing").status == 404 ? 0 : 1;
        ++answered;
      }
    });
  const auto more_answers = [&] {
    const int before = answered;
    return support::eventually([&] { return answered > before + 200; });
  };
  EXPECT_TRUE(more_answers());
  redis.kill_hard();
  EXPECT_TRUE(support::eventually([&] { return one->log().find(gone) != std::string::npos; }));
  EXPECT_TRUE(more_answers());
  redis.start();
  EXPECT_TRUE(support::eventually([&] { return one->log().find(back) != std::string::npos; }));
  EXPECT_TRUE(more_answers());
  over = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(count_of(one->log(), gone), 1U) << one->log();
  EXPECT_EQ(count_of(one->log(), back), 1U) << one->log();
  EXPECT_NE(from(*one, "127.0.0.1").get("/metrics").body.find("\ndiary_redis_up 1\n"), std::string::npos);
}

TEST_F(SharedLimits, WithoutItEachCountsAloneAndAfterwardsTogetherAgain) {
  support::Redis redis;
  const auto one = serve(redis.url());
  const auto two = serve(redis.url());
  redis.kill_hard();
  const auto both_said = [&](const char* text) {
    return support::eventually([&] {
      return one->log().find(text) != std::string::npos && two->log().find(text) != std::string::npos;
    });
  };
  ASSERT_TRUE(both_said(gone));
  EXPECT_EQ(allowed(*one, *two, fresh_address(), 40), 20);
  redis.start();
  ASSERT_TRUE(both_said(back));
  EXPECT_EQ(allowed(*one, *two, fresh_address(), 40), 10);
}

TEST_F(SharedLimits, WhatThisServerCountedIsKnownWithoutIt) {
  support::Redis redis;
  const auto one = serve(redis.url());
  const auto address = fresh_address();
  EXPECT_EQ(allowed(*one, *one, address, 6), 6);
  redis.kill_hard();
  ASSERT_TRUE(support::eventually([&] { return one->log().find(gone) != std::string::npos; }));
  EXPECT_EQ(allowed(*one, *one, address, 20), 4);
}

TEST_F(SharedLimits, AFrozenOneHoldsNobodyUp) {
  support::Redis redis;
  const auto one = serve(redis.url(), "1000000", "50");
  auto client = from(*one, fresh_address());
  EXPECT_EQ(client.get(api::segments).status, 200U);
  redis.freeze();
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(client.get(api::segments).status, 200U);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{4}) << "one waits, not a hundred";
  EXPECT_TRUE(support::eventually([&] { return one->log().find(gone) != std::string::npos; }));
  redis.thaw();
  EXPECT_TRUE(support::eventually([&] { return one->log().find(back) != std::string::npos; }));
}

TEST_F(SharedLimits, AWrongPasswordIsSaidOnce) {
  const support::Redis redis("the right one");
  const auto wrong = serve("unix://:wrong@" + redis.socket());
  const auto none = serve("unix://" + redis.socket());
  for (const auto& server : {wrong.get(), none.get()}) {
    EXPECT_EQ(allowed(*server, *server, fresh_address(), 20), 10);
    EXPECT_TRUE(support::eventually([&] { return server->log().find(gone) != std::string::npos; }));
  }
  EXPECT_NE(wrong->log().find("WRONGPASS"), std::string::npos) << wrong->log();
  EXPECT_NE(none->log().find("NOAUTH"), std::string::npos) << none->log();
  EXPECT_EQ(count_of(wrong->log(), gone), 1U) << wrong->log();
}

TEST_F(SharedLimits, ARightPasswordOpens) {
  const support::Redis redis("the%20right%20one");
  EXPECT_NE(redis.said({"PING"}).find("PONG"), std::string::npos);
  const auto one = serve("unix://:the%2520right%2520one@" + redis.socket());
  const auto two = serve("unix://:the%2520right%2520one@" + redis.socket() + "?db=0");
  EXPECT_EQ(allowed(*one, *two, fresh_address(), 20), 10);
}

TEST_F(SharedLimits, ForgottenScriptsAreLoadedAgain) {
  const support::Redis redis;
  const auto one = serve(redis.url(), "1000");
  auto client = from(*one, fresh_address());
  EXPECT_EQ(client.get(api::segments).header("x-ratelimit-remaining"), "999");
  EXPECT_EQ(redis.said({"SCRIPT", "FLUSH"}), "OK\n");
  EXPECT_EQ(client.get(api::segments).status, 200U);
  // The one that found it missing was counted by this server alone.
  EXPECT_TRUE(support::eventually([&] {
    static_cast<void>(client.get(api::segments));
    return redis.said({"INFO", "commandstats"}).find("cmdstat_script|load:calls=2") != std::string::npos;
  }));
  EXPECT_EQ(one->log().find(gone), std::string::npos);
}

TEST_F(SharedLimits, AFullOneIsLeftAlone) {
  const support::Redis redis;
  const auto one = serve(redis.url());
  EXPECT_EQ(redis.said({"CONFIG", "SET", "maxmemory", "1"}), "OK\n");
  const auto address = fresh_address();
  EXPECT_EQ(allowed(*one, *one, address, 20), 10);
  EXPECT_TRUE(support::eventually([&] { return one->log().find(gone) != std::string::npos; }));
  EXPECT_EQ(allowed(*one, *one, address, 20), 0);
  EXPECT_EQ(redis.said({"CONFIG", "SET", "maxmemory", "0"}), "OK\n");
  EXPECT_TRUE(support::eventually([&] { return one->log().find(back) != std::string::npos; }));
  EXPECT_EQ(count_of(one->log(), gone), 1U) << one->log();
}

TEST_F(SharedLimits, WhatIsNoRedisIsLeftAlone) {
  const auto one = serve("redis://127.0.0.1:" + std::to_string(world().server.port()));  // it speaks HTTP
  EXPECT_EQ(allowed(*one, *one, fresh_address(), 20), 10);
  EXPECT_TRUE(support::eventually([&] { return one->log().find(gone) != std::string::npos; }));
}

TEST_F(SharedLimits, NobodyAtHome) {
  const auto one = serve("unix:///nowhere/redis.sock");
  EXPECT_EQ(allowed(*one, *one, fresh_address(), 20), 10);
  EXPECT_TRUE(support::eventually([&] { return one->log().find(gone) != std::string::npos; }));
  EXPECT_EQ(one->stop(), 0) << "and it still stops";
}

}  // namespace
}  // namespace diary::http::test
