// SPDX-License-Identifier: Apache-2.0
// diary refresh, rebuild, synth and config.
#include "cli/cli_test.hpp"

namespace diary::cli::test {
namespace {

class Commands : public CliTest {
 protected:
  void SetUp() override {
    owner.exec(
        "INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT 's' || i, 'Street', 80, "
        "ST_SetSRID(ST_MakeLine(ST_MakePoint(i * 0.001 - 75.19, 39.95), ST_MakePoint(i * 0.001 - 75.189, "
        "39.95)), 4326) "
        "FROM generate_series(1, 50) i");
  }
};

TEST_F(Commands, SynthLoadsWhatWasAsked) {
  const auto told = diary_json({"synth", "--ratings", "2000", "--seed", "7", "--votes", "300"}).as_object();
  EXPECT_EQ(told.at("ratings"), 2000);
  EXPECT_EQ(told.at("votes"), 300);
  EXPECT_EQ(told.at("seed"), 7);
  EXPECT_EQ(one("SELECT count(*) FROM diary.ratings"), "2000");
  EXPECT_EQ(one("SELECT count(*) FROM diary.votes"), "300");
  EXPECT_EQ(one("SELECT count(*) FROM analytics.drift"), "0");
  EXPECT_EQ(diary({"synth", "--ratings", "10", "--seed", "7"}).code, 1) << "each seed loads once";
  EXPECT_EQ(one("SELECT count(*) FROM diary.ratings"), "2000");
  EXPECT_EQ(diary({"synth", "--ratings", "0", "--seed", "1"}).code, 2);
  EXPECT_EQ(diary({"synth", "--ratings", "10"}).code, 2);
}

TEST_F(Commands, RebuildFindsAndRepairsSabotage) {
  ASSERT_EQ(diary({"synth", "--ratings", "500", "--seed", "7"}).code, 0);
  EXPECT_TRUE(diary_json({"rebuild"}).as_array().empty());
  owner.exec(
      "UPDATE analytics.segment_state SET n = n + 1, s = s * 1.001 WHERE segment_id = "
      "(SELECT segment_id FROM diary.ratings WHERE status = 'accepted' LIMIT 1)");
  owner.exec("DELETE FROM analytics.segment_state WHERE segment_id = 's50'");
  owner.exec("INSERT INTO analytics.segment_tag VALUES ('s1', 'never said', 3)");
  const auto found = diary_json({"rebuild"}).as_array();
  std::multiset<std::string> what;
  for (const auto& row : found) {
    EXPECT_EQ(row.as_object().size(), 4U);
    const std::string name(row.at("what").as_string());
    what.insert(name.starts_with("tag ") && name != "tag never said" ? "tag" : name);
  }
  what.erase("tag");  // of s50, whose tags went with its state
  EXPECT_EQ(what, (std::multiset<std::string>{"n", "s", "state", "tag never said"}));
  EXPECT_TRUE(diary_json({"rebuild"}).as_array().empty());
  EXPECT_NE(diary({"rebuild"}).output.find("0 differences"), std::string::npos);
}

TEST_F(Commands, RefreshFillsTheReports) {
  ASSERT_EQ(diary({"synth", "--ratings", "500", "--seed", "7"}).code, 0);
  EXPECT_EQ(one("SELECT count(*) FROM analytics.segment_aggregates"), "0");
  const auto all = diary({"refresh"});
  EXPECT_EQ(all.code, 0) << all.output;
  EXPECT_EQ(one("SELECT count(*) FROM analytics.segment_aggregates"), "50");
  EXPECT_EQ(one("SELECT sum(n_samples) FROM analytics.segment_aggregates"),
            one("SELECT count(*) FROM analytics.sample WHERE t > now() - interval '4320 hours'"));
  EXPECT_EQ(one("SELECT count(*) FROM analytics.segment_aggregates a JOIN analytics.segment_live l USING "
                "(segment_id) "
                "WHERE abs(a.decayed_mean - l.decayed_mean) > 0.011 OR a.top_tags <> l.top_tags"),
            "0");
  EXPECT_NE(one("SELECT sum(total_samples) FROM analytics.coverage_grid"), "0");
  const auto single = diary({"refresh", "coverage_grid"});
  EXPECT_TRUE(single.output.starts_with("refreshed coverage_grid in ")) << single.output;
  EXPECT_EQ(diary({"refresh", "nonsense"}).code, 2);
}

TEST(Config, SecretsAreMasked) {
  const std::map<std::string, std::string> secrets{
      {"DATABASE_URL", "postgresql://me:hush@db.example.org/diary"},
      {"DIARY_JWT_SECRET", "hush hush hush hush hush hush hush"},
      {"DIARY_REDIS_URL", "redis://:hush@redis.example.org"}};
  for (const bool as_json : {false, true}) {
    std::vector<std::string> argv{DIARY_BINARY, "config"};
    if (as_json) argv.emplace_back("--json");
    const auto ran = support::run(argv, secrets);
    EXPECT_EQ(ran.code, 0) << ran.output;
    EXPECT_EQ(ran.output.find("hush"), std::string::npos) << ran.output;
    EXPECT_NE(ran.output.find("********"), std::string::npos);
    if (!as_json) continue;
    const auto told = json::parse(ran.output).as_object();
    EXPECT_EQ(told.at("jwt_secret").at("value"), "********");
    EXPECT_EQ(told.at("jwt_secret").at("source"), "environment");
    EXPECT_EQ(told.at("bcrypt_cost").at("value"), "12");
    EXPECT_EQ(told.at("bcrypt_cost").at("source"), "default");
    EXPECT_EQ(told.at("bcrypt_cost").at("env"), "DIARY_BCRYPT_COST");
  }
}

TEST(Config, WrongSettingsAreNamed) {
  const auto ran = support::run({DIARY_BINARY, "config"}, {{"DIARY_BCRYPT_COST", "3"}});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.output.find("DIARY_BCRYPT_COST"), std::string::npos) << ran.output;
  EXPECT_EQ(support::run({DIARY_BINARY, "config"}, {{"DIARY_JWT_SECRET", "short"}}).output.find("short"),
            std::string::npos)
      << "not even a wrong secret is printed";
}

}  // namespace
}  // namespace diary::cli::test
