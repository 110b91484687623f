// SPDX-License-Identifier: Apache-2.0
// What every answer says besides its body: to caches, to browsers, to pages of other origins.
#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

constexpr const char* ours = "https://map.example.org";

TEST(SecurityHeaders, StandOnEveryAnswer) {
  auto client = world().client();
  support::RawSocket socket(world().server.port());
  for (const auto& answer : {client.get(api::segments), client.get("/healthz"), client.get("/nothing"),
                             client.send("OPTIONS", api::segments), client.send("HEAD", api::segments),
                             client.send("PUT", api::segments), client.get("/%ff"),
                             client.get("/api/openapi.json"), client.post(api::ratings, json::object{})}) {
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.header("referrer-policy"), "no-referrer");
    EXPECT_EQ(answer.header("x-frame-options"), "DENY");
    EXPECT_EQ(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    EXPECT_NE(answer.header("permissions-policy").find("camera=()"), std::string::npos);
    EXPECT_EQ(answer.header("strict-transport-security"), "") << "this is no HTTPS";
  }
  socket.send("nonsense\r\n\r\n");
  const auto unreadable = socket.read_all();
  for (const char* line : {"X-Content-Type-Options: nosniff\r\n",
                           "Content-Security-Policy: default-src 'none';", "Cache-Control: no-store\r\n"})
    EXPECT_NE(unreadable.find(line), std::string::npos) << unreadable;
}

TEST(SecurityHeaders, HttpsIsKeptWhenAProxySaysSo) {
  static World proxied(Headers{{"DIARY_TRUSTED_PROXIES", "127.0.4.1"}});
  const auto hsts = [&](const char* peer, const Headers& headers) {
    return HttpClient(proxied.server.port(), peer)
        .get("/healthz", headers)
        .header("strict-transport-security");
  };
  EXPECT_EQ(hsts("127.0.4.1", {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-For", "192.0.2.1"}}),
            "max-age=31536000");
  EXPECT_EQ(hsts("127.0.4.1", {{"Forwarded", "for=192.0.2.1;proto=https"}}), "max-age=31536000");
  EXPECT_EQ(hsts("127.0.4.1", {{"X-Forwarded-Proto", "http"}}), "");
  EXPECT_EQ(hsts("127.0.4.2", {{"X-Forwarded-Proto", "https"}}), "") << "who is no proxy is not believed";
}

TEST(CacheControl, NothingOfAPersonIsKept) {
  const auto person = world().person();
  auto somebody = world().client(person);
  auto anybody = world().client();
  EXPECT_EQ(anybody.get(api::segments).header("cache-control"), "no-cache");
  EXPECT_EQ(anybody.get("/api/v1/diary/segments/" + world().segment()).header("cache-control"), "no-cache");
  EXPECT_EQ(somebody.get(api::segments).header("cache-control"), "no-store");
  EXPECT_EQ(anybody.get("/nothing").header("cache-control"), "no-store");
  EXPECT_EQ(anybody.get(std::string(api::segments) + "?limit=0").header("cache-control"), "no-store");
  EXPECT_EQ(anybody.get("/healthz").header("cache-control"), "no-store");
  const auto rated = somebody.post(api::ratings, {{"segment_id", world().segment()}, {"rating", 3}});
  EXPECT_EQ(rated.status, 201U);
  EXPECT_EQ(rated.header("cache-control"), "no-store");
  EXPECT_EQ(anybody.post("/api/v1/auth/login", {{"email", person.email}, {"password", "correct horse"}})
                .header("cache-control"),
            "no-store");
}

TEST(IfNoneMatch, IsReadAsRfc9110Says) {
  const std::string path = "/api/openapi.json";  // which does not change
  auto client = world().client();
  const std::string tag = client.get(path).header("etag");
  ASSERT_NE(tag, "");
  for (const std::string& field :
       {tag, "W/" + tag, "\"other\", " + tag, "\"with,comma\" ," + tag, std::string("*")}) {
    const auto answer = client.get(path, {{"If-None-Match", field}});
    EXPECT_EQ(answer.status, 304U) << field;
    EXPECT_TRUE(answer.body.empty());
    EXPECT_EQ(answer.header("etag"), tag);
    EXPECT_EQ(answer.header("vary"), "Accept, Accept-Encoding");
    EXPECT_NE(answer.header("cache-control"), "");
    EXPECT_EQ(answer.headers.count("content-length"), 0U);
    EXPECT_EQ(client.send("HEAD", path, {}, {{"If-None-Match", field}}).status, 304U);
  }
  for (const std::string& field : {std::string("\"other\""), tag.substr(1, tag.size() - 2), tag + "x",
                                   "\"x" + tag.substr(1), std::string("nonsense, ") + tag})
    EXPECT_EQ(client.get(path, {{"If-None-Match", field}}).status, 200U) << field;
  EXPECT_EQ(client.get(path, {{"If-None-Match", tag}, {"Accept-Encoding", "gzip"}}).status, 200U)
      << "another representation";
  EXPECT_EQ(client.get("/nothing", {{"If-None-Match", "*"}}).status, 404U);
  EXPECT_EQ(client.post("/api/v1/auth/register", json::object{}, {{"If-None-Match", "*"}}).status, 400U);
}

TEST(Vary, NamesWhatAReadDependsOn) {
  auto client = world().client();
  for (const char* path : {api::segments, "/api/openapi.json", "/api/v1/diary/segments?bbox=1,1,2,2"})
    EXPECT_EQ(client.get(path).header("vary"), "Accept, Accept-Encoding") << path;
}

class Cors : public testing::Test {
 protected:
  static World& open_to_some() {
    static World made({{"DIARY_CORS_ORIGINS", "https://map.example.org, http://localhost:5173"},
                       {"RATE_LIMIT_MAX_ANONYMOUS", "3"}});
    return made;
  }
  static World& open_to_all() {
    static World made(Headers{{"DIARY_CORS_ORIGINS", "*"}});
    return made;
  }
  static void expect_no_credentials(const Answer& answer) {
    EXPECT_EQ(answer.headers.count("access-control-allow-credentials"), 0U);
  }
};

TEST_F(Cors, IsClosed) {
  auto client = world().client();
  for (const auto& answer : {client.get(api::segments, {{"Origin", ours}}),
                             client.send("OPTIONS", api::segments, {},
                                         {{"Origin", ours}, {"Access-Control-Request-Method", "GET"}})}) {
    for (const auto& [name, value] : answer.headers)
      EXPECT_FALSE(name.starts_with("access-control-")) << name;
  }
}

TEST_F(Cors, LetsPagesOfTheListRead) {
  HttpClient client(open_to_some().server.port(), "127.0.6.1");
  const auto answer = client.get(api::segments, {{"Origin", ours}});
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.header("access-control-allow-origin"), ours);
  EXPECT_EQ(answer.header("vary"), "Origin, Accept, Accept-Encoding");
  const auto exposed = answer.header("access-control-expose-headers");
  for (const char* name : {"X-Request-Id", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
                           "ETag", "Retry-After"})
    EXPECT_NE(exposed.find(name), std::string::npos) << name;
  expect_no_credentials(answer);
}

TEST_F(Cors, RefusalsCanBeReadAsWell) {
  HttpClient client(open_to_some().server.port(), "127.0.6.2");
  for (int i = 0; i < 4; ++i) {
    const auto answer = client.get("/nothing", {{"Origin", ours}});
    EXPECT_EQ(answer.status, i < 3 ? 404U : 429U);
    EXPECT_EQ(answer.header("access-control-allow-origin"), ours);
  }
}

TEST_F(Cors, AnswersThePreflight) {
  HttpClient client(open_to_some().server.port(), "127.0.6.3");
  for (int i = 0; i < 5; ++i) {  // and it counts nothing
    const auto answer =
        client.send("OPTIONS", api::ratings, {},
                    {{"Origin", "http://localhost:5173"}, {"Access-Control-Request-Method", "POST"}});
    EXPECT_EQ(answer.status, 204U);
    EXPECT_EQ(answer.header("access-control-allow-origin"), "http://localhost:5173");
    EXPECT_NE(answer.header("access-control-allow-methods").find("POST"), std::string::npos);
    EXPECT_EQ(answer.header("access-control-max-age"), "7200");
    for (const char* name : {"Authorization", "Content-Type", "Idempotency-Key", "If-None-Match"})
      EXPECT_NE(answer.header("access-control-allow-headers").find(name), std::string::npos) << name;
    EXPECT_EQ(answer.header("vary"), "Origin");
    expect_no_credentials(answer);
  }
}

TEST_F(Cors, OthersAreToldNothing) {
  HttpClient client(open_to_some().server.port(), "127.0.6.4");
  for (const char* origin : {"https://evil.example.org", "https://map.example.org.evil.org", "null",
                             "http://map.example.org", "https://map.example.org:8443"}) {
    for (const auto& answer :
         {client.get("/healthz", {{"Origin", origin}}),
          client.send("OPTIONS", api::ratings, {},
                      {{"Origin", origin}, {"Access-Control-Request-Method", "POST"}})}) {
      EXPECT_EQ(answer.headers.count("access-control-allow-origin"), 0U) << origin;
      EXPECT_EQ(answer.headers.count("access-control-allow-methods"), 0U) << origin;
      EXPECT_EQ(answer.header("vary").substr(0, 6), "Origin");
    }
  }
  EXPECT_EQ(client.get("/healthz").header("vary").substr(0, 6), "Origin") << "also for who says no origin";
}

TEST_F(Cors, AllMayReadWhatIsOpenToAll) {
  auto client = open_to_all().client();
  const auto answer = client.get(api::segments, {{"Origin", "https://anything.example.org"}});
  EXPECT_EQ(answer.header("access-control-allow-origin"), "*");
  EXPECT_EQ(answer.header("vary"), "Accept, Accept-Encoding");
  expect_no_credentials(answer);
  EXPECT_EQ(client.get(api::segments).headers.count("access-control-allow-origin"), 0U) << "nobody asked";
}

}  // namespace
}  // namespace diary::http::test
