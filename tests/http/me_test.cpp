// SPDX-License-Identifier: Apache-2.0
// Changing one's own account.
#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

constexpr const char* good_password = "correct horse";

class Me : public testing::Test {
 protected:
  Answer patch(const json::object& body) { return patch(person.token, body); }
  static Answer patch(const std::string& token, const json::object& body) {
    return world().client(token).send("PATCH", api::me, json::serialize(body),
                                      {{"Content-Type", "application/json"}});
  }
  static Answer log_in(const std::string& email, const std::string& password,
                       const char* from = "127.0.0.1") {
    return HttpClient(world().server.port(), from)
        .post("/api/v1/auth/login", {{"email", email}, {"password", password}});
  }
  json::object now_me() { return world().client(person).get(api::me).json(); }

  Person person = world().person();
};

TEST_F(Me, NamesAndPicturesComeAndGo) {
  const auto answer = patch({{"display_name", "Zoë"}, {"avatar_url", "https://example.org/zoë.png?s=64"}});
  expect_problem(answer, 400, "validation_error", "avatar_url");
  const auto changed = patch({{"display_name", "Zoë"}, {"avatar_url", "https://example.org/zoe.png?s=64"}});
  ASSERT_EQ(changed.status, 200U) << changed.body;
  EXPECT_EQ(changed.header("cache-control"), "no-store");
  EXPECT_EQ(changed.json(), now_me());
  EXPECT_EQ(now_me().at("display_name"), "Zoë");
  EXPECT_EQ(now_me().at("avatar_url"), "https://example.org/zoe.png?s=64");
  EXPECT_EQ(patch({{"display_name", nullptr}}).status, 200U);
  EXPECT_FALSE(now_me().contains("display_name"));
  EXPECT_TRUE(now_me().contains("avatar_url")) << "what is not named stays";
  EXPECT_EQ(patch({{"avatar_url", nullptr}}).status, 200U);
  EXPECT_FALSE(now_me().contains("avatar_url"));
  EXPECT_EQ(patch({}).status, 200U);
  EXPECT_EQ(patch({{"current_password", "not even right"}}).status, 200U) << "nothing that needs it";
}

TEST_F(Me, EachFieldIsChecked) {
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += "é";
  EXPECT_EQ(patch({{"display_name", to_json(hundred)}}).status, 200U);
  const std::string longest = "https://example.org/" + std::string(1980, 'x');
  EXPECT_EQ(patch({{"avatar_url", to_json(longest)}}).status, 200U);
  for (const auto& [field, wrong] :
       std::vector<std::pair<const char*, json::value>>{{"display_name", ""},
                                                        {"display_name", to_json(hundred + "e")},
                                                        {"display_name", 7},
                                                        {"avatar_url", to_json(longest + "x")},
                                                        {"avatar_url", "javascript:alert(1)"},
                                                        {"avatar_url", "data:image/png;base64,AAAA"},
                                                        {"avatar_url", "//example.org/x.png"},
                                                        {"avatar_url", "https://"},
                                                        {"avatar_url", "https://user:secret@example.org/"},
                                                        {"avatar_url", ""},
                                                        {"tier", "enterprise"},
                                                        {"role", "admin"},
                                                        {"is_active", true},
                                                        {"email_verified", true}}) {
    SCOPED_TRACE(field);
    expect_problem(patch({{field, wrong}}), 400, "validation_error", field);
  }
  for (const auto& [field, wrong] :
       std::vector<std::pair<const char*, json::value>>{{"email", "nobody"},
                                                        {"email", 7},
                                                        {"password", "short"},
                                                        {"password", to_json(std::string(73, 'x'))}}) {
    SCOPED_TRACE(field);
    const auto answer = patch({{field, wrong}, {"current_password", good_password}});
    expect_problem(answer, 400, "validation_error", field);
    EXPECT_EQ(std::string(field) == "password", !answer.json().contains("value"));
  }
  EXPECT_EQ(
      wrong_fields(patch({{"display_name", 1}, {"avatar_url", 2}, {"email", 3}, {"password", 4}, {"x", 5}})),
      (std::multiset<std::string>{"display_name", "avatar_url", "email", "password", "x"}));
  expect_problem(world().client(person).send("PATCH", api::me, "{", {{"Content-Type", "application/json"}}),
                 400, "malformed");
  expect_problem(patch("", {{"display_name", "x"}}), 401, "unauthorized");
}

TEST_F(Me, EmailAndPasswordTakeTheCurrentPassword) {
  for (const auto& [field, value] :
       std::map<std::string, std::string>{{"email", "new-" + person.email}, {"password", "another horse"}}) {
    SCOPED_TRACE(field);
    expect_problem(patch({{field, to_json(value)}}), 400, "validation_error", "current_password");
    expect_problem(patch({{field, to_json(value)}, {"current_password", "wrong horse"}}), 403, "forbidden");
    expect_problem(patch({{field, to_json(value)}, {"current_password", 5}}), 400, "validation_error",
                   "current_password");
  }
  EXPECT_EQ(log_in(person.email, good_password).status, 200U) << "nothing was changed";
}

TEST_F(Me, AnotherEmail) {
  world().owner.exec("UPDATE auth.users SET email_verified = true WHERE user_id = $1", {person.user_id});
  const std::string email = "New-" + person.email;
  const auto answer = patch({{"email", email}, {"current_password", good_password}});
  ASSERT_EQ(answer.status, 200U) << answer.body;
  EXPECT_EQ(text_of(answer.json().at("email")), "new-" + person.email);
  EXPECT_EQ(answer.json().at("email_verified"), false);
  EXPECT_FALSE(answer.json().contains("access_token"));
  EXPECT_EQ(world().client(person).get(api::me).status, 200U) << "the token goes on";
  EXPECT_EQ(log_in(email, good_password).status, 200U);
  expect_problem(log_in(person.email, good_password, "127.0.0.21"), 401, "unauthorized");
}

TEST_F(Me, ATakenEmail) {
  const auto other = world().person();
  std::string upper = other.email;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  expect_problem(patch({{"email", upper}, {"current_password", good_password}, {"display_name", "x"}}), 409,
                 "email_taken");
  EXPECT_FALSE(now_me().contains("display_name")) << "all or nothing";
  EXPECT_EQ(patch({{"email", person.email}, {"current_password", good_password}}).status, 200U)
      << "one's own";
}

TEST_F(Me, ANewPasswordEndsAllTokensButTheNewOne) {
  const auto other = text_of(log_in(person.email, good_password).json().at("access_token"));
  const auto answer = patch({{"password", "another horse"}, {"current_password", good_password}});
  ASSERT_EQ(answer.status, 200U) << answer.body;
  const auto body = answer.json();
  EXPECT_EQ(body.at("token_type"), "Bearer");
  EXPECT_EQ(body.at("expires_in"), 86400);
  // All of this within the second of the change, as often as not.
  expect_problem(world().client(person).get(api::me), 401, "unauthorized");
  expect_problem(world().client(other).get(api::me), 401, "unauthorized");
  EXPECT_EQ(world().client(text_of(body.at("access_token"))).get(api::me).status, 200U);
  expect_problem(log_in(person.email, good_password, "127.0.0.22"), 401, "unauthorized");
  const auto again = log_in(person.email, "another horse");
  ASSERT_EQ(again.status, 200U) << again.body;
  EXPECT_EQ(world().client(text_of(again.json().at("access_token"))).get(api::me).status, 200U);
}

TEST_F(Me, PasswordsHaveTheirBounds) {
  std::string current = good_password;
  std::string token = person.token;
  for (const std::string& next : {std::string(10, 'x'), std::string(72, 'y')}) {
    const auto answer = patch(token, {{"password", to_json(next)}, {"current_password", to_json(current)}});
    ASSERT_EQ(answer.status, 200U) << answer.body;
    token = text_of(answer.json().at("access_token"));
    current = next;
  }
  EXPECT_EQ(log_in(person.email, current).status, 200U);
}

TEST_F(Me, WrongPasswordsAreCountedAsFailedLogins) {
  auto client = HttpClient(world().server.port(), "127.0.0.23");
  client.token = person.token;
  const auto guess = [&](const char* password) {
    return client.send("PATCH", api::me,
                       json::serialize(json::object{{"email", person.email}, {"current_password", password}}),
                       {{"Content-Type", "application/json"}});
  };
  for (int i = 0; i < 10; ++i) expect_problem(guess("wrong horse"), 403, "forbidden");
  expect_problem(guess(good_password), 429, "rate_limit_exceeded");
  expect_problem(client.send("DELETE", api::me, R"({"password":"correct horse"})",
                             {{"Content-Type", "application/json"}}),
                 429, "rate_limit_exceeded");
  expect_problem(log_in(person.email, good_password, "127.0.0.24"), 429, "rate_limit_exceeded");
}

}  // namespace
}  // namespace diary::http::test
