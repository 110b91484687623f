// SPDX-License-Identifier: Apache-2.0
// Registering, logging in, and which tokens are believed.
#include <atomic>
#include <thread>

#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

constexpr const char* registering = "/api/v1/auth/register";

std::string fresh_email() {
  return Uuid::random().text() + "@example.org";
}

TEST(Register, AnswersWithTheUserAndAToken) {
  const auto email = fresh_email();
  const auto answer = world().client().post(
      registering, {{"email", email}, {"password", "correct horse"}, {"display_name", "Zoë"}});
  ASSERT_EQ(answer.status, 201U) << answer.body;
  EXPECT_EQ(answer.header("cache-control"), "no-store");
  const auto body = answer.json();
  EXPECT_EQ(members(body), (std::set<std::string>{"user", "access_token", "token_type", "expires_in"}));
  EXPECT_EQ(body.at("expires_in"), 86400);
  const auto& user = body.at("user").as_object();
  EXPECT_EQ(members(user), (std::set<std::string>{"user_id", "email", "email_verified", "display_name",
                                                  "tier", "role", "created_at"}));
  EXPECT_EQ(text_of(user.at("email")), email);
  EXPECT_EQ(user.at("display_name"), "Zoë");
  EXPECT_EQ(user.at("tier"), "free");
  EXPECT_TRUE(Uuid::parse(user.at("user_id").as_string()));
  EXPECT_EQ(world().one("SELECT left(password_hash, 7) FROM auth.users WHERE email = $1", {email}),
            "$2b$04$");
}

TEST(Register, ATakenAddressIsRefusedWhateverItsCase) {
  const auto email = fresh_email();
  auto client = world().client();
  std::string upper = email;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(text_of(client.post(registering, {{"email", upper}, {"password", "correct horse"}})
                        .json()
                        .at("user")
                        .at("email")),
            email);
  expect_problem(client.post(registering, {{"email", email}, {"password", "correct horse"}}), 409,
                 "email_taken");
  EXPECT_EQ(client.post(api::login, {{"email", upper}, {"password", "correct horse"}}).status, 200U);
}

TEST(Register, PasswordsHaveTheirBounds) {
  auto client = world().client();
  const auto with = [&](const json::value& password) {
    return client.post(registering, {{"email", fresh_email()}, {"password", password}});
  };
  EXPECT_EQ(with(to_json(std::string(10, 'x'))).status, 201U);
  EXPECT_EQ(with(to_json(std::string(72, 'x'))).status, 201U);
  std::string bytes_count;
  for (int i = 0; i < 36; ++i) bytes_count += "é";
  EXPECT_EQ(with(to_json(bytes_count)).status, 201U);
  for (const json::value& wrong : {to_json(std::string(9, 'x')), to_json(std::string(73, 'x')),
                                   to_json(bytes_count + "e"), json::value(""), json::value(1234567890),
                                   json::value(nullptr), to_json(std::string("long enough\0", 12))}) {
    const auto answer = with(wrong);
    expect_problem(answer, 400, "validation_error", "password");
    EXPECT_FALSE(answer.json().contains("value")) << "a password is never sent back";
  }
}

TEST(Register, TheWholePasswordCounts) {
  auto client = world().client();
  const auto email = fresh_email();
  const std::string password(72, 'x');
  ASSERT_EQ(client.post(registering, {{"email", email}, {"password", password}}).status, 201U);
  expect_problem(client.post(api::login, {{"email", email}, {"password", std::string(71, 'x') + "y"}}), 401,
                 "unauthorized");
  EXPECT_EQ(client.post(api::login, {{"email", email}, {"password", password}}).status, 200U);
}

TEST(Register, AddressesAndNamesAreChecked) {
  auto client = world().client();
  for (const json::value& wrong :
       {json::value("nobody"), json::value("@example.org"), json::value("a@b@example.org"), json::value("a@"),
        json::value("a b@example.org"), json::value("a@nodot"), json::value(""), json::value(7),
        to_json(std::string(250, 'x') + "@example.org"), json::value("a\n@example.org"),
        json::value(nullptr)})
    expect_problem(client.post(registering, {{"email", wrong}, {"password", "correct horse"}}), 400,
                   "validation_error", "email");
  const auto named = [&](const json::value& name) {
    return client.post(registering,
                       {{"email", fresh_email()}, {"password", "correct horse"}, {"display_name", name}});
  };
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += "é";
  EXPECT_EQ(named(to_json(hundred)).status, 201U);
  expect_problem(named(to_json(hundred + "e")), 400, "validation_error", "display_name");
  expect_problem(named(""), 400, "validation_error", "display_name");
  EXPECT_EQ(named(nullptr).status, 201U);
}

TEST(Register, NamesEveryWrongFieldAndEveryUnknownMember) {
  const auto answer = world().client().post(
      registering, {{"email", "x"}, {"password", "y"}, {"display_name", 3}, {"admin", true}});
  expect_problem(answer, 400, "validation_error");
  EXPECT_EQ(wrong_fields(answer), (std::multiset<std::string>{"email", "password", "display_name", "admin"}));
  expect_problem(world().client().post(registering, json::object{}), 400, "validation_error");
}

TEST(LogIn, AnswersAsRegisteringDoes) {
  const auto person = world().person();
  const auto answer =
      world().client().post(api::login, {{"email", person.email}, {"password", "correct horse"}});
  ASSERT_EQ(answer.status, 200U) << answer.body;
  EXPECT_EQ(text_of(answer.json().at("user").at("user_id")), person.user_id);
  EXPECT_EQ(
      world().one("SELECT last_login_at > now() - interval '1 minute' FROM auth.users WHERE user_id = $1",
                  {person.user_id}),
      "t");
}

TEST(LogIn, AWrongPairIsRefusedWithTheSameWords) {
  const auto person = world().person();
  HttpClient client(world().server.port(), "127.0.0.9");
  const auto wrong = client.post(api::login, {{"email", person.email}, {"password", "wrong horse"}});
  const auto nobody = client.post(api::login, {{"email", fresh_email()}, {"password", "wrong horse"}});
  expect_problem(wrong, 401, "unauthorized");
  expect_problem(nobody, 401, "unauthorized");
  EXPECT_EQ(wrong.body, nobody.body);
  world().owner.exec("UPDATE auth.users SET is_active = false WHERE user_id = $1", {person.user_id});
  expect_problem(client.post(api::login, {{"email", person.email}, {"password", "correct horse"}}), 401,
                 "unauthorized");
}

TEST(LogIn, TenFailuresOfAnAccountAreTheLast) {
  const auto person = world().person();
  for (int i = 1; i <= 10; ++i) {  // each from another address
    HttpClient client(world().server.port(), "127.0.1." + std::to_string(i));
    expect_problem(client.post(api::login, {{"email", person.email}, {"password", "wrong horse"}}), 401,
                   "unauthorized");
  }
  HttpClient client(world().server.port(), "127.0.1.11");
  const auto answer = client.post(api::login, {{"email", person.email}, {"password", "correct horse"}});
  expect_problem(answer, 429, "rate_limit_exceeded");
  EXPECT_EQ(answer.header("retry-after"), json::serialize(answer.json().at("retry_after")));
  EXPECT_LE(answer.json().at("retry_after").as_int64(), 900);
}

TEST(LogIn, NoMoreThanTenAreToldHoweverManyAskAtOnce) {
  const auto person = world().person();
  std::atomic<int> told = 0;
  std::atomic<int> limited = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 24; ++t)
    threads.emplace_back([&, t] {
      HttpClient client(world().server.port(), "127.0.5." + std::to_string(t + 1));
      const auto answer = client.post(api::login, {{"email", person.email}, {"password", "wrong horse"}});
      told += answer.status == 401 ? 1 : 0;
      limited += answer.status == 429 ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(told, 10);
  EXPECT_EQ(limited, 14);
}

TEST(LogIn, TenFailuresFromAnAddressAreTheLast) {
  const auto person = world().person();
  HttpClient client(world().server.port(), "127.0.2.1");
  for (int i = 1; i <= 10; ++i)
    expect_problem(client.post(api::login, {{"email", fresh_email()}, {"password", "wrong horse"}}), 401,
                   "unauthorized");
  expect_problem(client.post(api::login, {{"email", person.email}, {"password", "correct horse"}}), 429,
                 "rate_limit_exceeded");
  EXPECT_EQ(
      world().client().post(api::login, {{"email", person.email}, {"password", "correct horse"}}).status,
      200U);
}

class Tokens : public testing::Test {
 protected:
  json::object claims(std::chrono::seconds issued, std::chrono::seconds expires) {
    const auto at = std::chrono::duration_cast<std::chrono::seconds>(now().time_since_epoch());
    return {{"sub", person.user_id},        {"email", person.email},         {"tier", "free"},
            {"iat", (at + issued).count()}, {"exp", (at + expires).count()}, {"jti", Uuid::random().text()}};
  }
  Answer vote(const std::string& token) {
    return world().client(token).post("/api/v1/diary/votes",
                                      {{"segment_id", world().segment()}, {"action", "agree"}});
  }
  const std::chrono::seconds hour{3600};
  const std::string secret = support::test_jwt_secret;
  Person person = world().person();
};

TEST_F(Tokens, OursAndThoseMadeLikeThemAreBelieved) {
  EXPECT_EQ(vote(person.token).status, 201U);
  EXPECT_EQ(vote(support::make_token(claims(-hour, hour), secret)).status, 201U);
}

TEST_F(Tokens, NoneAtAll) {
  const auto answer = vote("");
  expect_problem(answer, 401, "unauthorized");
  EXPECT_EQ(answer.header("www-authenticate"), "Bearer");
}

TEST_F(Tokens, WrongOnes) {
  const auto good = claims(-hour, hour);
  auto without = [&](const char* name) {
    auto some = good;
    some.erase(name);
    return support::make_token(some, secret);
  };
  auto with = [&](const char* name, const json::value& value) {
    auto some = good;
    some[name] = value;
    return support::make_token(some, secret);
  };
  const std::string token = support::make_token(good, secret);
  for (const auto& [what, wrong] : std::map<std::string, std::string>{
           {"garbage", "garbage"},
           {"dots", ".."},
           {"none", support::make_token(good, secret, "none")},
           {"another algorithm", support::make_token(good, secret, "HS512")},
           {"another secret", support::make_token(good, std::string(32, 'x'))},
           {"no signature", token.substr(0, token.rfind('.') + 1)},
           {"cut", token.substr(0, token.size() - 4)},
           {"expired", support::make_token(claims(-2 * hour, -std::chrono::seconds{1}), secret)},
           {"from the future", support::make_token(claims(hour, 2 * hour), secret)},
           {"no sub", without("sub")},
           {"no exp", without("exp")},
           {"no iat", without("iat")},
           {"no jti", without("jti")},
           {"a sub that is no id", with("sub", "root")},
           {"an exp that is text", with("exp", "tomorrow")},
           {"long", with("pad", to_json(std::string(5000, 'x')))}}) {
    SCOPED_TRACE(what);
    expect_problem(vote(wrong), 401, "unauthorized");
  }
  for (const char* scheme : {"Basic abc", "Bearer", "Bearer ", "bearer"}) {
    auto client = world().client();
    expect_problem(client.post("/api/v1/diary/votes", json::object{}, {{"Authorization", scheme}}), 401,
                   "unauthorized");
  }
}

TEST_F(Tokens, OfADeactivatedUser) {
  world().owner.exec("UPDATE auth.users SET is_active = false WHERE user_id = $1", {person.user_id});
  expect_problem(vote(person.token), 401, "unauthorized");
  const auto rating = world().client(person).post("/api/v1/diary/ratings",
                                                  {{"segment_id", world().segment()}, {"rating", 3}});
  expect_problem(rating, 401, "unauthorized");
}

TEST_F(Tokens, OfADeletedUser) {
  world().owner.exec("DELETE FROM auth.users WHERE user_id = $1", {person.user_id});
  expect_problem(vote(person.token), 401, "unauthorized");
}

TEST_F(Tokens, AWrongOneIsRefusedForReadsToo) {
  expect_problem(world().client("garbage").get("/api/v1/diary/segments"), 401, "unauthorized");
}

}  // namespace
}  // namespace diary::http::test
