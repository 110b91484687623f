// SPDX-License-Identifier: Apache-2.0
// diary user.
#include "cli/cli_test.hpp"
#include "support/http_client.hpp"
#include "support/served.hpp"

namespace diary::cli::test {
namespace {

class Users : public CliTest {
 protected:
  std::string of(const std::string& email, const std::string& column) {
    return owner.exec("SELECT " + column + " FROM auth.users WHERE email = $1", {email}).str(0, 0);
  }
  Ran add_with(const std::string& password, const std::string& email) {
    return support::run(
        {"/bin/sh", "-c", "printf '%s\\n' \"$1\" | \"$2\" user add \"$3\" --password-stdin --database \"$4\"",
         "sh", password, DIARY_BINARY, email, way_in.owner()},
        {{"DIARY_BCRYPT_COST", "4"}});
  }
};

TEST_F(Users, AddedWithAPasswordOfTheirOwnMakingCanLogIn) {
  const auto ran =
      diary({"user", "add", "Ann@Example.org", "--name", "Änn", "--tier", "premium", "--role", "moderator"});
  ASSERT_EQ(ran.code, 0) << ran.output;
  EXPECT_TRUE(ran.output.starts_with("added ann@example.org as ")) << ran.output;
  const auto at = ran.output.find("password: ");
  ASSERT_NE(at, std::string::npos) << ran.output;
  const std::string password = ran.output.substr(at + 10, 20);
  EXPECT_EQ(ran.output.substr(at + 30), "\n");
  EXPECT_EQ(of("ann@example.org", "display_name || ' ' || api_tier || ' ' || role"), "Änn premium moderator");

  const support::Served server(DIARY_BINARY, {"--database", way_in.server()}, way_in.environment());
  support::HttpClient client(server.port());
  const auto answer =
      client.post("/api/v1/auth/login", {{"email", "ann@example.org"}, {"password", json::string(password)}});
  ASSERT_EQ(answer.status, 200U) << answer.body;
  EXPECT_EQ(answer.json().at("user").at("role"), "moderator");
  client.token = std::string(answer.json().at("access_token").as_string());
  EXPECT_EQ(client.get("/api/v1/me").status, 200U);

  EXPECT_EQ(diary({"user", "disable", "ANN@example.org"}).output, "ANN@example.org is disabled\n");
  EXPECT_EQ(client.get("/api/v1/me").status, 401U);
  EXPECT_EQ(diary({"user", "enable", of("ann@example.org", "user_id")}).code, 0);
  EXPECT_EQ(client.get("/api/v1/me").status, 401U) << "its old tokens stay where they are";
  EXPECT_EQ(
      client
          .post("/api/v1/auth/login", {{"email", "ann@example.org"}, {"password", json::string(password)}},
                {{"Authorization", ""}})
          .status,
      200U);
}

TEST_F(Users, APasswordIsReadWithinItsBounds) {
  EXPECT_EQ(add_with(std::string(10, 'x'), "ten@example.org").code, 0);
  EXPECT_EQ(add_with(std::string(72, 'x'), "long@example.org").code, 0);
  EXPECT_EQ(of("ten@example.org", "left(password_hash, 7)"), "$2b$04$");
  for (const auto& wrong : {std::string(9, 'x'), std::string(73, 'x'), std::string{}})
    expect_failure(add_with(wrong, "wrong@example.org"), 1, "the password must have 10 to 72 bytes");
  EXPECT_EQ(add_with("correct horse", "quiet@example.org").output.find("correct"), std::string::npos);
}

TEST_F(Users, WhatIsWrongIsSaid) {
  ASSERT_EQ(diary({"user", "add", "ann@example.org"}).code, 0);
  expect_failure(diary({"user", "add", "ANN@example.org"}), 1, "ann@example.org has an account already");
  expect_failure(diary({"user", "add", "nobody"}), 1, "\"nobody\" is no e-mail address");
  expect_failure(diary({"user", "add", "b@example.org", "--name", std::string(101, 'x')}), 1, "at most 100");
  for (const char* command : {"disable", "enable"})
    expect_failure(diary({"user", command, "none@example.org"}), 1,
                   "there is no account \"none@example.org\"");
  expect_failure(diary({"user", "tier", "none@example.org", "free"}), 1, "there is no account");
  for (const auto& wrong :
       std::vector<std::vector<std::string>>{{"user"},
                                             {"user", "add"},
                                             {"user", "remove", "ann@example.org"},
                                             {"user", "tier", "ann@example.org"},
                                             {"user", "tier", "ann@example.org", "gold"},
                                             {"user", "role", "ann@example.org", "owner"},
                                             {"user", "add", "c@example.org", "--tier", "gold"}})
    EXPECT_EQ(diary(wrong).code, 2);
  for (const auto& help :
       std::vector<std::vector<std::string>>{{"user", "--help"}, {"user", "add", "--help"}})
    EXPECT_EQ(diary(help).code, 0);
}

TEST_F(Users, TierAndRoleAreSetAndAudited) {
  ASSERT_EQ(diary({"user", "add", "ann@example.org"}).code, 0);
  EXPECT_EQ(diary({"user", "tier", "ann@example.org", "enterprise"}).output,
            "ann@example.org has the tier enterprise\n");
  EXPECT_EQ(diary({"user", "role", "ann@example.org", "admin"}).output,
            "ann@example.org has the role admin\n");
  EXPECT_EQ(of("ann@example.org", "api_tier || ' ' || role"), "enterprise admin");
  EXPECT_EQ(diary({"user", "disable", "ann@example.org"}).code, 0);
  pg::Connection super(database.superuser_conninfo());
  EXPECT_EQ(
      super
          .exec(
              "SELECT string_agg(operation || ' ' || (new_data ->> 'api_tier') || ' ' || (new_data ->> "
              "'role') "
              "|| ' ' || (new_data ->> 'is_active'), ', ' ORDER BY log_id) FROM audit.log WHERE table_name = "
              "'auth.users'")
          .str(0, 0),
      "INSERT free user true, UPDATE enterprise user true, UPDATE enterprise admin true, "
      "UPDATE enterprise admin false");
}

TEST_F(Users, AreListed) {
  EXPECT_TRUE(diary_json({"user", "list"}).as_array().empty());
  ASSERT_EQ(diary({"user", "add", "ann@example.org", "--name", "Ann"}).code, 0);
  ASSERT_EQ(diary({"user", "add", "ben@example.org", "--tier", "premium"}).code, 0);
  ASSERT_EQ(diary({"user", "disable", "ben@example.org"}).code, 0);
  const auto listed = diary_json({"user", "list"}).as_array();
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].at("email"), "ann@example.org");
  EXPECT_EQ(listed[0].at("display_name"), "Ann");
  EXPECT_EQ(listed[0].at("active"), true);
  EXPECT_EQ(listed[1].at("tier"), "premium");
  EXPECT_EQ(listed[1].at("active"), false);
  EXPECT_FALSE(listed[1].as_object().contains("display_name"));
  const auto ran = diary({"user", "list"});
  EXPECT_NE(ran.output.find("ann@example.org"), std::string::npos) << ran.output;
  EXPECT_NE(ran.output.find("disabled"), std::string::npos) << ran.output;
  EXPECT_EQ(ran.output.find("$2b$"), std::string::npos) << ran.output;
}

}  // namespace
}  // namespace diary::cli::test
