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

TEST_F(Limits, WhatCannotBeReadIsCountedToo) {
  const auto ask = [&](const std::string& request) {
    support::RawSocket socket(small().server.port(), "127.0.3.6");
    socket.send(request);
    return socket.read_all();
  };
  for (int left = 4; left >= 0; --left) {
    const auto answer = left % 2 == 0 ? ask("hello\r\n\r\n")
                                      : ask("GET /%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << answer;
    EXPECT_NE(answer.find("X-RateLimit-Remaining: " + std::to_string(left) + "\r\n"), std::string::npos);
  }
  for (const char* request : {"hello\r\n\r\n", "GET /%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"}) {
    const auto answer = ask(request);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 429 ")) << answer;
    for (const char* part : {"X-RateLimit-Limit: 5\r\n", "X-RateLimit-Remaining: 0\r\n",
                             "X-RateLimit-Reset: ", "Retry-After: ", "\"retry_after\":"})
      EXPECT_NE(answer.find(part), std::string::npos) << part << " is missing in " << answer;
  }
}

TEST_F(Limits, AskingForOptionsCountsNothing) {
  auto client = from("127.0.3.7");
  for (int i = 0; i < 20; ++i) {
    const auto answer = client.send("OPTIONS", "/api/v1/diary/segments");
    EXPECT_EQ(answer.status, 204U);
    EXPECT_EQ(answer.header("x-ratelimit-remaining"), "5");
  }
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
    const auto user_id =
        small().one("INSERT INTO auth.users (email, password_hash) VALUES ($1, 'x') RETURNING user_id",
                    {tier + "@example.org"});
    client.token = support::make_token({{"sub", user_id},
                                        {"email", tier + "@example.org"},
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

// A server behind a proxy at 127.0.4.1 (and 10.0.0.0/8), and small figures.
class BehindAProxy : public testing::Test {
 protected:
  static World& small() {
    static World made({{"RATE_LIMIT_MAX_ANONYMOUS", "5"}, {"DIARY_TRUSTED_PROXIES", "127.0.4.1,10.0.0.0/8"}});
    return made;
  }
  static std::string left(const std::string& peer, const Headers& headers) {
    return HttpClient(small().server.port(), peer)
        .get("/api/v1/diary/segments", headers)
        .header("x-ratelimit-remaining");
  }
};

TEST_F(BehindAProxy, ClientsAreCountedApart) {
  EXPECT_EQ(left("127.0.4.1", {{"X-Forwarded-For", "192.0.2.1"}}), "4");
  EXPECT_EQ(left("127.0.4.1", {{"Forwarded", "for=192.0.2.1"}}), "3");
  EXPECT_EQ(left("127.0.4.1", {{"X-Forwarded-For", "192.0.2.2"}}), "4");
  EXPECT_EQ(left("127.0.4.1", {{"X-Forwarded-For", "192.0.2.99, 192.0.2.1, 10.1.1.1"}}), "2");
}

TEST_F(BehindAProxy, OneHouseholdOfIpv6IsOne) {
  EXPECT_EQ(left("127.0.4.1", {{"X-Forwarded-For", "2001:db8:1:2::3"}}), "4");
  EXPECT_EQ(left("127.0.4.1", {{"X-Forwarded-For", "2001:db8:1:2:ffff:1:2:3"}}), "3");
  EXPECT_EQ(left("127.0.4.1", {{"X-Forwarded-For", "2001:db8:1:3::3"}}), "4");
}

TEST_F(BehindAProxy, WhoIsNoProxyIsNotBelieved) {
  for (int i = 4; i >= 0; --i)
    EXPECT_EQ(left("127.0.4.2", {{"X-Forwarded-For", "198.51.100." + std::to_string(i)}}), std::to_string(i));
  EXPECT_EQ(HttpClient(small().server.port(), "127.0.4.2")
                .get("/nothing", {{"Forwarded", "for=198.51.100.200"}})
                .status,
            429U);
  EXPECT_EQ(left("127.0.4.1", {{"X-Forwarded-For", "198.51.100.4"}}), "4") << "nobody was harmed";
}

TEST_F(BehindAProxy, NonsenseCountsForTheProxy) {
  EXPECT_EQ(left("127.0.4.1", {{"X-Forwarded-For", "nonsense"}}), "4");
  EXPECT_EQ(left("127.0.4.1", {{"Forwarded", "for=_hidden"}}), "3");
  EXPECT_EQ(left("127.0.4.1", {}), "2");
}

}  // namespace
}  // namespace diary::http::test
