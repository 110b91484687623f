// SPDX-License-Identifier: Apache-2.0
// HTTP itself: paths, methods, bodies, headers, connections.
#include <chrono>
#include <thread>

#include "http/api_test.hpp"
#include "support/eventually.hpp"

namespace diary::http::test {
namespace {

constexpr std::size_t mebibyte = 1024UL * 1024;

class Protocol : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    person() = world().person();
    world().segment();
  }
  static Person& person() {
    static Person made;
    return made;
  }
  Answer post_text(const std::string& body, Headers headers = {{"Content-Type", "application/json"}}) {
    return client.send("POST", api::ratings, body, headers);
  }
  // A whole request, each line as given.
  std::string raw(const std::string& request) {
    support::RawSocket socket(world().server.port());
    socket.send(request);
    return socket.read_all();
  }
  static unsigned status_of(const std::string& answer) {
    return answer.starts_with("HTTP/1.1 ") ? static_cast<unsigned>(std::stoul(answer.substr(9, 3))) : 0;
  }
  HttpClient client = world().client(person());
};

TEST_F(Protocol, UnknownPaths) {
  for (const char* path : {"/api", "/api/v1", "/api/v1/diary", "/api/v1/diary/segments/a/b",
                           "/api/v2/diary/segments", "/API/v1/diary/segments", "//api/v1/diary/segments"})
    expect_problem(client.get(path), 404, "not_found");
  EXPECT_EQ(client.get("/nothing").json().at("instance"), "/nothing");
}

TEST_F(Protocol, WrongMethodsSayWhichAreRight) {
  const std::map<std::string, std::string> allowed{{api::segments, "GET, HEAD, OPTIONS"},
                                                   {"/api/v1/diary/segments/x", "GET, HEAD, OPTIONS"},
                                                   {api::ratings, "POST, OPTIONS"},
                                                   {"/api/v1/diary/votes", "POST, OPTIONS"},
                                                   {"/api/v1/auth/register", "POST, OPTIONS"},
                                                   {"/api/v1/auth/login", "POST, OPTIONS"},
                                                   {"/healthz", "GET, HEAD, OPTIONS"},
                                                   {"/readyz", "GET, HEAD, OPTIONS"},
                                                   {"/api/health", "GET, HEAD, OPTIONS"},
                                                   {"/api/openapi.json", "GET, HEAD, OPTIONS"},
                                                   {"/api/docs", "GET, HEAD, OPTIONS"},
                                                   {"/", "GET, HEAD, OPTIONS"},
                                                   {"/sw.js", "GET, HEAD, OPTIONS"},
                                                   {"/assets/x.js", "GET, HEAD, OPTIONS"}};
  for (const auto& [path, allow] : allowed) {
    for (const char* method : {"DELETE", "PUT", "PATCH", "BREW"}) {
      const auto answer = client.send(method, path);
      expect_problem(answer, 405, "method_not_allowed");
      EXPECT_EQ(answer.header("allow"), allow) << path;
    }
    const auto options = client.send("OPTIONS", path);
    EXPECT_EQ(options.status, 204U);
    EXPECT_EQ(options.header("allow"), allow);
    EXPECT_EQ(options.headers.count("content-length"), 0U) << "RFC 9110, 8.6: none with a 204";
  }
  EXPECT_EQ(client.send("HEAD", api::ratings).status, 405U);
}

TEST_F(Protocol, HeadIsGetWithoutABody) {
  for (const char* path :
       {"/healthz", "/api/v1/diary/segments", "/nothing", "/api/v1/diary/segments/nothing"}) {
    // Scores move as time passes: the HEAD that counts stands between two equal GETs.
    auto get = client.get(path);
    auto head = client.send("HEAD", path);
    ASSERT_TRUE(support::eventually([&] {
      const auto before = std::exchange(get, client.get(path));
      if (before.header("etag") == get.header("etag")) return true;
      head = client.send("HEAD", path);
      return false;
    }));
    EXPECT_EQ(head.status, get.status);
    EXPECT_TRUE(head.body.empty());
    for (const char* name : {"content-type", "etag"}) EXPECT_EQ(head.header(name), get.header(name)) << path;
    EXPECT_EQ(client.get("/healthz").status, 200U) << "the connection is in step";
  }
}

TEST_F(Protocol, OnlyJson) {
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json"})
    expect_problem(post_text("{}", {{"Content-Type", type}}), 415, "unsupported_media_type");
  expect_problem(post_text("{}", {}), 415, "unsupported_media_type");
  for (const char* type :
       {"application/json; charset=utf-8", "Application/JSON", "application/json ;charset=utf-8"})
    expect_problem(post_text("{}", {{"Content-Type", type}}), 400, "validation_error");
}

TEST_F(Protocol, MalformedJsonIsPlaced) {
  const std::map<std::string, int> places{{"", 0},
                                          {"{", 1},
                                          {"{\"rating\": 3,}", 13},
                                          {"[1,2", 4},
                                          {"{} x", 3},
                                          {"{'a':1}", 1},
                                          {"nul", 3},
                                          {"{\"a\": \"\xff\"}", 7},
                                          {"{\"a\": \"\xed\xa0\x80\"}", 7},
                                          {"{\"a\":01}", 6}};
  for (const auto& [text, place] : places) {
    const auto answer = post_text(text);
    expect_problem(answer, 400, "malformed");
    const auto detail = answer.json().at("detail").as_string();
    EXPECT_TRUE(detail.starts_with("malformed JSON at byte " + std::to_string(place) + ":"))
        << text << " -> " << detail;
  }
}

TEST_F(Protocol, OddJson) {
  for (const char* no_object : {"[]", "3", "null", "\"text\"", "  true  "})
    expect_problem(post_text(no_object), 400, "validation_error", "body");
  EXPECT_EQ(post_text(R"({"rating":3,"segment_id":"none"}  )"
                      "\r\n\t")
                .status,
            404U);
  expect_problem(post_text(R"({"rating":3,"segment_id":"a\u0000b"})"), 400, "validation_error", "segment_id");
  expect_problem(post_text(R"({"rating":3,"segment_id":"a","comment":"a\u0000b"})"), 400, "validation_error",
                 "comment");
  expect_problem(post_text(R"({"rating":3,"segment_id":"a","a\u0000b":1})"), 400, "validation_error");
  expect_problem(post_text(std::string("{\"rating\":3,\"segment_id\":\"a\0b\"}", 30)), 400, "malformed");
  std::string deep = "{\"metadata\":";
  for (int i = 0; i < 100'000; ++i) deep += '[';
  expect_problem(post_text(deep), 400, "malformed");
  std::string wide = R"({"segment_id":"a","rating":3,"tags":[)";
  for (int i = 0; i < 100'000; ++i) wide += "\"x\",";
  expect_problem(post_text(wide + "\"x\"]}"), 400, "validation_error", "tags");
}

TEST_F(Protocol, BodiesEndAtOneMebibyte) {
  const auto of_size = [](std::size_t bytes) {
    const std::string start = R"({"comment":")";
    return start + std::string(bytes - start.size() - 2, 'x') + "\"}";
  };
  expect_problem(post_text(of_size(mebibyte)), 400, "validation_error");
  expect_problem(post_text(of_size(mebibyte + 1)), 413, "payload_too_large");
  EXPECT_EQ(client.get("/healthz").status, 200U);
}

TEST_F(Protocol, ABodyMuchTooLargeIsAnsweredAsWell) {
  // Whoever sends and only then reads must find the answer, not a reset.
  for (const std::size_t size : {2 * mebibyte, 8 * mebibyte}) {
    support::RawSocket socket(world().server.port());
    socket.send("POST /api/v1/diary/ratings HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) +
                "\r\n\r\n");
    socket.send(std::string(size, 'x'));
    EXPECT_EQ(status_of(socket.read_all()), 413U);
  }
  support::RawSocket chunked(world().server.port());
  chunked.send("POST /api/v1/diary/ratings HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 17; ++i) chunked.send("10000\r\n" + std::string(65536, 'x') + "\r\n");
  chunked.send("0\r\n\r\n");
  EXPECT_EQ(status_of(chunked.read_all()), 413U);
}

TEST_F(Protocol, HeadersEndAtSixteenKibibytes) {
  EXPECT_EQ(client.get("/healthz", {{"X-Pad", std::string(15 * 1024, 'x')}}).status, 200U);
  const auto answer =
      raw("GET /healthz HTTP/1.1\r\nHost: a\r\nX-Pad: " + std::string(17 * 1024, 'x') + "\r\n\r\n");
  EXPECT_EQ(status_of(answer), 431U);
  EXPECT_NE(answer.find("\"error\":\"header_too_large\""), std::string::npos) << answer;
  EXPECT_EQ(status_of(raw("GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n")), 414U);
}

TEST_F(Protocol, WhatIsNoHttp) {
  for (const char* text :
       {"hello\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\x16\x03\x01\x02\x01\x01\x01\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nbad header\r\n\r\n", "POST /healthz HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST /healthz HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST /healthz HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    const auto answer = raw(text);
    EXPECT_EQ(status_of(answer), 400U) << text;
    for (const char* name : {"X-Request-Id: ", "X-RateLimit-Limit: ", "X-RateLimit-Remaining: ",
                             "X-RateLimit-Reset: ", "application/problem+json"})
      EXPECT_NE(answer.find(name), std::string::npos) << name << " is missing in " << answer;
  }
  for (const char* target : {"*", "a", "http://[", "/%zz", "/a b"})
    EXPECT_EQ(
        status_of(raw("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")),
        400U)
        << target;
  EXPECT_EQ(world().client().get("/healthz").status, 200U);
}

TEST_F(Protocol, RequestIdsAreEchoedWhenWellFormed) {
  EXPECT_EQ(client.get("/healthz", {{"X-Request-Id", "a-B_9.z"}}).header("x-request-id"), "a-B_9.z");
  EXPECT_EQ(client.get("/nothing", {{"X-Request-Id", "mine"}}).header("x-request-id"), "mine");
  EXPECT_EQ(client.get("/healthz", {{"X-Request-Id", std::string(64, 'x')}}).header("x-request-id"),
            std::string(64, 'x'));
  for (const std::string& bad :
       {std::string(65, 'x'), std::string("a b"), std::string("<script>"), std::string("\"")}) {
    const auto given = client.get("/healthz", {{"X-Request-Id", bad}}).header("x-request-id");
    EXPECT_TRUE(Uuid::parse(given)) << given;
  }
  EXPECT_NE(client.get("/healthz").header("x-request-id"), client.get("/healthz").header("x-request-id"));
}

TEST_F(Protocol, LimitsAreToldWithEveryAnswer) {
  for (const auto& answer :
       {client.get("/healthz"), client.get(api::segments), client.get("/nothing"),
        client.send("PUT", api::segments), client.send("OPTIONS", api::segments), post_text("{"),
        post_text("{}", {}), client.get("/%ff"), client.get(std::string(api::segments) + "?limit=0")}) {
    for (const char* name : {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"})
      EXPECT_NE(answer.header(name), "") << name << " with " << answer.status << " " << answer.body;
  }
}

TEST_F(Protocol, HealthIsToldToAnyone) {
  auto anyone = world().client();
  EXPECT_EQ(members(anyone.get("/healthz").json()), (std::set<std::string>{"status"}));
  for (const char* path : {"/readyz", "/api/health"}) {
    const auto answer = anyone.get(path);
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(members(answer.json()),
              (std::set<std::string>{"status", "version", "uptime", "database", "snapshot"}));
    EXPECT_EQ(answer.json().at("status"), "healthy");
    EXPECT_EQ(answer.json().at("database"), "up");
    EXPECT_EQ(answer.json().at("snapshot"), "fresh");
  }
}

TEST_F(Protocol, ConnectionsAreKept) {
  auto fresh = world().client();
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(fresh.get(i % 2 == 0 ? "/healthz" : "/nothing").status, i % 2 == 0 ? 200U : 404U);
  EXPECT_EQ(fresh.connections(), 1);
  EXPECT_EQ(fresh.get("/healthz", {{"Connection", "close"}}).header("connection"), "close");
}

TEST_F(Protocol, OldClientsAreServed) {
  const auto answer = raw("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_NE(answer.find(" 200 "), std::string::npos) << answer;
  EXPECT_NE(answer.find("{\"status\":\"alive\"}"), std::string::npos);
}

TEST_F(Protocol, PipelinedRequestsAreAnsweredInOrder) {
  support::RawSocket socket(world().server.port());
  std::string all;
  for (int i = 0; i < 50; ++i)
    all += "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Request-Id: n" + std::to_string(i) + "\r\n\r\n";
  socket.send(all);
  for (int i = 0; i < 50; ++i) {
    const auto answer = socket.read_until("{\"status\":\"alive\"}");
    EXPECT_NE(answer.find("X-Request-Id: n" + std::to_string(i) + "\r\n"), std::string::npos) << answer;
  }
}

TEST_F(Protocol, ContinueIsSaidToThoseWhoWait) {
  support::RawSocket socket(world().server.port());
  const std::string body = "{}";
  socket.send(
      "POST /api/v1/diary/ratings HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Type: "
      "application/json\r\n"
      "Authorization: Bearer " +
      person().token + "\r\nConnection: close\r\nContent-Length: 2\r\n\r\n");
  EXPECT_TRUE(socket.read_until("\r\n\r\n").starts_with("HTTP/1.1 100 "));
  socket.send(body);
  EXPECT_EQ(status_of(socket.read_all()), 400U);
  support::RawSocket large(world().server.port());
  large.send(
      "POST /api/v1/diary/ratings HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
      "2000000\r\n\r\n");
  EXPECT_EQ(status_of(large.read_until("\r\n\r\n")), 413U) << "the refusal comes instead of the invitation";
}

TEST_F(Protocol, SlowClientsHoldNobodyUp) {
  std::vector<std::unique_ptr<support::RawSocket>> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<support::RawSocket>(world().server.port()));
    slow.back()->send(i % 2 == 0
                          ? "GET /heal"
                          : "POST /api/v1/diary/ratings HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
  }
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.get("/healthz").status, 200U);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{5});
  slow[0]->send("thz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(status_of(slow[0]->read_all()), 200U);
}

}  // namespace
}  // namespace diary::http::test
