// SPDX-License-Identifier: Apache-2.0
// How many requests anyone may make: a server of its own with small figures.
#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

class Limits : public testing::Test {
 protected:
  static World& small() {
    static World made({{"RATE_LIMIT_MAX_ANONYMOUS", "5"},
                       {"RATE_LIMIT_MAX_AUTHENTICATED", "7"},
                       {"RATE_LIMIT_WINDOW", "3600"}});
    return made;
  }
  HttpClient from(const std::string& address) { return HttpClient(small().server.port(), address); }
  static void expect_spent(const Answer& answer, const char* limit) {
    expect_problem(answer, 429, "rate_limit_exceeded");
    EXPECT_EQ(answer.header("x-ratelimit-limit"), limit);
    EXPECT_EQ(answer.header("x-ratelimit-remaining"), "0");
    EXPECT_EQ(answer.header("retry-after"), json::serialize(answer.json().at("retry_after")));
    const auto wait = answer.json().at("retry_after").as_int64();
    EXPECT_GT(wait, 3500);
    EXPECT_LE(wait, 3600);
    const auto reset = std::stoll(answer.header("x-ratelimit-reset"));
    const auto at = std::chrono::duration_cast<std::chrono::seconds>(now().time_since_epoch()).count();
    EXPECT_NEAR(static_cast<double>(reset - at), static_cast<double>(wait), 2);
  }
};

TEST_F(Limits, CountDownForAnAddress) {
  auto client = from("127.0.3.1");
  for (int left = 4; left >= 0; --left) {
    const auto answer = client.get(left % 2 == 0 ? "/api/v1/diary/segments" : "/nothing");
    EXPECT_NE(answer.status, 429U);
    EXPECT_EQ(answer.header("x-ratelimit-limit"), "5");
    EXPECT_EQ(answer.header("x-ratelimit-remaining"), std::to_string(left));
  }
  expect_spent(client.get("/api/v1/diary/segments"), "5");
  expect_spent(client.get("/nothing"), "5");
  EXPECT_EQ(from("127.0.3.2").get("/api/v1/diary/segments").status, 200U) << "others are not concerned";
}

TEST_F(Limits, HealthIsNotCounted) {
  auto client = from("127.0.3.3");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.get("/healthz").header("x-ratelimit-remaining"), "5");
}

TEST_F(Limits, AWrongTokenIsCountedForTheAddress) {
  auto client = from("127.0.3.4");
  client.token = "garbage";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.get("/api/v1/diary/segments").status, 401U);
  expect_spent(client.get("/api/v1/diary/segments"), "5");
}

TEST_F(Limits, TiersHaveTheirOwn) {
  const auto at = std::chrono::duration_cast<std::chrono::seconds>(now().time_since_epoch()).count();
  for (const auto& [tier, limit] :
       std::map<std::string, std::string>{{"free", "7"}, {"premium", "70"}, {"enterprise", "700"}}) {
    auto client = from("127.0.3.5");
    client.token = support::make_token({{"sub", Uuid::random().text()},
                                        {"email", "a@example.org"},
                                        {"tier", tier},
                                        {"iat", at},
                                        {"exp", at + 60},
                                        {"jti", "x"}},
                                       support::test_jwt_secret);
    EXPECT_EQ(client.get("/api/v1/diary/segments").header("x-ratelimit-limit"), limit);
    for (int i = 1; i < 7; ++i) EXPECT_EQ(client.get("/api/v1/diary/segments").status, 200U);
    EXPECT_EQ(client.get("/api/v1/diary/segments").status, tier == "free" ? 429U : 200U);
  }
}

}  // namespace
}  // namespace diary::http::test
