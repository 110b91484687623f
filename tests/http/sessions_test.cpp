// SPDX-License-Identifier: Apache-2.0
// Tokens that are well signed and not good any more: given up, or of an account that is not active. Each call
// refuses them, on every server, from that moment on.
#include <cstdlib>

#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

constexpr const char* log_out = "/api/v1/auth/logout";

std::string log_in(const Person& person) {
  const auto answer =
      world().client().post("/api/v1/auth/login", {{"email", person.email}, {"password", "correct horse"}});
  return text_of(answer.json().at("access_token"));
}

void deactivate(const Person& person) {
  world().owner.exec("UPDATE auth.users SET is_active = false WHERE user_id = $1", {person.user_id});
}

// What stands for each kind of call: on the database, from memory, batched, and one whose body is wrong.
void expect_refused_everywhere(HttpClient client) {
  const std::string segment = world().segment();
  for (const char* path : {api::me, "/api/v1/diary/segments", "/api/v1/diary/segments?bbox=nonsense",
                           "/api/v1/diary/segments/none"}) {
    SCOPED_TRACE(path);
    expect_problem(client.get(path), 401, "unauthorized");
  }
  const json::object rating{{"segment_id", segment}, {"rating", 3}};
  expect_problem(client.post("/api/v1/diary/ratings", rating), 401, "unauthorized");
  expect_problem(client.post("/api/v1/diary/ratings", json::object{}), 401, "unauthorized");
  expect_problem(client.post("/api/v1/diary/ratings", {{"segment_id", "none"}, {"rating", 3}}), 401,
                 "unauthorized");
  expect_problem(client.post("/api/v1/diary/ratings", {{"route_id", Uuid::random().text()}, {"rating", 3}}),
                 401, "unauthorized");
  expect_problem(client.post("/api/v1/diary/votes", {{"segment_id", segment}, {"action", "agree"}}), 401,
                 "unauthorized");
  expect_problem(client.post(log_out, {}), 401, "unauthorized");
  EXPECT_EQ(world().one("SELECT count(*) FROM analytics.sample WHERE segment_id = $1", {segment}), "0");
}

TEST(Sessions, MeIsWhoTheTokenSays) {
  const auto person = world().person();
  const auto answer = world().client(person).get(api::me);
  ASSERT_EQ(answer.status, 200U) << answer.body;
  EXPECT_EQ(answer.header("cache-control"), "no-store");
  const auto body = answer.json();
  EXPECT_EQ(members(body),
            (std::set<std::string>{"user_id", "email", "email_verified", "tier", "role", "created_at"}));
  EXPECT_EQ(text_of(body.at("user_id")), person.user_id);
  EXPECT_EQ(text_of(body.at("email")), person.email);
  EXPECT_EQ(body.at("email_verified"), false);
  EXPECT_EQ(body.at("tier"), "free");
  EXPECT_EQ(body.at("role"), "user");
  expect_problem(world().client().get(api::me), 401, "unauthorized");
}

TEST(Sessions, MeIsAsOfNow) {
  const auto person = world().person();
  world().owner.exec(
      "UPDATE auth.users SET role = 'moderator', api_tier = 'premium', display_name = 'Zoë', "
      "avatar_url = 'https://example.org/z.png', email_verified = true, last_login_at = "
      "'2026-01-02T03:04:05Z' "
      "WHERE user_id = $1",
      {person.user_id});
  const auto body = world().client(person).get(api::me).json();
  EXPECT_EQ(body.at("role"), "moderator");
  EXPECT_EQ(body.at("tier"), "premium");
  EXPECT_EQ(body.at("display_name"), "Zoë");
  EXPECT_EQ(body.at("avatar_url"), "https://example.org/z.png");
  EXPECT_EQ(body.at("email_verified"), true);
  EXPECT_EQ(body.at("last_login_at"), "2026-01-02T03:04:05Z");
}

TEST(Sessions, LoggingOutEndsTheTokenAndNoOther) {
  const auto person = world().person();
  const auto another = log_in(person);
  auto client = world().client(person);
  const auto answer = client.post(log_out, {});
  EXPECT_EQ(answer.status, 204U) << answer.body;
  EXPECT_EQ(answer.body, "");
  expect_refused_everywhere(world().client(person));
  EXPECT_EQ(world().client(another).get(api::me).status, 200U);
  EXPECT_EQ(world().client(log_in(person)).get(api::me).status, 200U);
}

TEST(Sessions, LoggingOutNeedsNoBodyAndAToken) {
  expect_problem(world().client().send("POST", log_out), 401, "unauthorized");
  EXPECT_EQ(world().client(world().person()).send("POST", log_out).status, 204U);
}

TEST(Sessions, AnotherServerKnowsAtOnceAndSoDoesTheNext) {
  const auto person = world().person();
  const auto gone = log_in(person);
  {
    const support::Served other(DIARY_BINARY, {"--database", world().way_in.server()},
                                world().way_in.environment());
    HttpClient client(other.port());
    client.token = gone;
    EXPECT_EQ(client.get(api::me).status, 200U);
    EXPECT_EQ(world().client(gone).post(log_out, {}).status, 204U);
    expect_problem(client.get(api::me), 401, "unauthorized");
    expect_problem(client.get("/api/v1/diary/segments"), 401, "unauthorized");
  }
  const support::Served next(DIARY_BINARY, {"--database", world().way_in.server()},
                             world().way_in.environment());
  HttpClient client(next.port());
  client.token = gone;
  expect_problem(client.get(api::me), 401, "unauthorized");
  client.token = person.token;
  EXPECT_EQ(client.get(api::me).status, 200U);
}

TEST(Sessions, OfADeactivatedAccountAreRefused) {
  const auto person = world().person();
  auto client = world().client(person);
  EXPECT_EQ(client.get(api::me).status, 200U);
  deactivate(person);
  expect_refused_everywhere(std::move(client));
}

TEST(Sessions, OfADeletedAccountAreRefused) {
  const auto person = world().person();
  world().owner.exec("DELETE FROM auth.users WHERE user_id = $1", {person.user_id});
  expect_refused_everywhere(world().client(person));
}

TEST(Sessions, ARetryByWhoIsNotThereAnyMoreIsRefused) {
  const auto person = world().person();
  const json::object rating{
      {"rating_id", Uuid::random().text()}, {"segment_id", world().segment()}, {"rating", 3}};
  const json::object vote{
      {"vote_id", Uuid::random().text()}, {"segment_id", world().segment()}, {"action", "agree"}};
  auto client = world().client(person);
  EXPECT_EQ(client.post("/api/v1/diary/ratings", rating).status, 201U);
  EXPECT_EQ(client.post("/api/v1/diary/votes", vote).status, 201U);
  EXPECT_EQ(client.post("/api/v1/diary/ratings", rating).status, 200U);
  deactivate(person);
  expect_problem(client.post("/api/v1/diary/ratings", rating), 401, "unauthorized");
  expect_problem(client.post("/api/v1/diary/votes", vote), 401, "unauthorized");
}

TEST(Sessions, TokensFromBeforeTheLineAreRefused) {
  const auto person = world().person();
  const auto token_issued = [&](int seconds_ago) {
    const auto at = std::chrono::duration_cast<std::chrono::seconds>(now().time_since_epoch()).count();
    return support::make_token({{"sub", person.user_id},
                                {"email", person.email},
                                {"tier", "free"},
                                {"iat", at - seconds_ago},
                                {"exp", at + 600},
                                {"jti", Uuid::random().text()}},
                               support::test_jwt_secret);
  };
  const auto before = token_issued(100);
  const auto after = token_issued(20);
  world().owner.exec(
      "UPDATE auth.users SET tokens_valid_from = date_trunc('second', now()) - interval '60 seconds' WHERE "
      "user_id = $1",
      {person.user_id});
  EXPECT_EQ(world().client(after).get(api::me).status, 200U);
  expect_refused_everywhere(world().client(before));
}

TEST(Sessions, HealthAsksNobody) {
  const auto person = world().person();
  deactivate(person);
  EXPECT_EQ(world().client(person).get("/healthz").status, 200U);
}

TEST(Sessions, WithoutADatabaseATokenIsTakenAtItsWordForPublicReadsAlone) {
  if (std::getenv("DIARY_TEST_POOLER") != nullptr)
    GTEST_SKIP() << "a pooler waits for the database to come back";
  World away;
  const auto person = away.person();
  auto client = away.client(person);
  EXPECT_EQ(client.get("/api/openapi.json").status, 200U);
  pg::Connection elsewhere(away.database.superuser_conninfo() + " dbname=postgres");
  const std::string name = away.database.name();
  elsewhere.exec("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
  elsewhere.exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", {name});
  EXPECT_EQ(client.get("/api/openapi.json").status, 200U);
  expect_problem(client.get(api::me), 503, "unavailable");
  expect_problem(client.post(log_out, {}), 503, "unavailable");
  expect_problem(away.client("garbage").get("/api/openapi.json"), 401, "unauthorized");
  elsewhere.exec("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
  EXPECT_TRUE(support::eventually([&] { return client.get(api::me).status == 200; }));
}

TEST(Sessions, RevocationsAreForgottenOnceExpired) {
  const auto person = world().person();
  world().owner.exec(
      "INSERT INTO auth.revoked_tokens (user_id, token_id, expires_at) VALUES "
      "($1, 'old', now() - interval '61 minutes'), ($1, 'young', now() - interval '50 minutes')",
      {person.user_id});
  world().owner.exec("SELECT auth.prune_revoked_tokens()");
  EXPECT_EQ(world().one("SELECT string_agg(token_id, ',') FROM auth.revoked_tokens WHERE user_id = $1",
                        {person.user_id}),
            "young");
}

}  // namespace
}  // namespace diary::http::test
