// SPDX-License-Identifier: Apache-2.0
#include "demo/load_demo.hpp"

#include <gtest/gtest.h>

#include "demo/people.hpp"
#include "demo/synthetic.hpp"
#include "support/test_database.hpp"

namespace diary::demo {
namespace {

const HistorySize small{.users = 60, .ratings = 3000, .votes = 600};

std::int64_t count(pg::Connection& connection, const std::string& sql) {
  return connection.exec(sql, {}).integer(0, 0);
}

class LoadDemo : public ::testing::Test {
 protected:
  pg::Connection& db() { return connection_; }

 private:
  support::TestDatabase database_;
  pg::Connection connection_{database_.owner_conninfo()};
};

TEST_F(LoadDemo, LoadsEverythingOnce) {
  const DemoLoad first = load_demo(db(), 1, now(), "a hash", small);
  EXPECT_FALSE(first.was_there);
  EXPECT_EQ(first.segments, static_cast<std::int64_t>(city().size()));
  EXPECT_EQ(count(db(), "SELECT count(*) FROM diary.segments"), first.segments);
  EXPECT_EQ(count(db(), "SELECT count(*) FROM auth.users"), 60);
  EXPECT_EQ(count(db(), "SELECT count(*) FROM diary.ratings"), 3000);
  EXPECT_EQ(count(db(), "SELECT count(*) FROM diary.votes"), 600);

  const DemoLoad second = load_demo(db(), 2, now(), "another hash", small);
  EXPECT_TRUE(second.was_there);
  EXPECT_EQ(second.ratings, 0);
  EXPECT_EQ(count(db(), "SELECT count(*) FROM diary.ratings"), 3000);
  EXPECT_FALSE(db().in_transaction());
}

TEST_F(LoadDemo, OnlyTheDemoAccountGetsTheHash) {
  load_demo(db(), 1, now(), "a hash", small);
  const auto open = db().exec("SELECT email, password_hash FROM auth.users WHERE password_hash <> '!'", {});
  ASSERT_EQ(open.size(), 1);
  EXPECT_EQ(open.text(0, 0), demo_email);
  EXPECT_EQ(open.text(0, 1), "a hash");
}

TEST_F(LoadDemo, HistoryIsNotReceivedToday) {
  load_demo(db(), 1, now(), "a hash", small);
  EXPECT_EQ(count(db(), "SELECT count(*) FROM diary.ratings WHERE received_at <> submitted_at"), 0);
  EXPECT_EQ(count(db(), "SELECT count(*) FROM diary.votes WHERE received_at <> submitted_at"), 0);
}

// The score that the generator kept against the database's own sums, at the instant of each of the last
// votes.
TEST_F(LoadDemo, VotesAgreeWithTheDatabase) {
  load_demo(db(), 1, now(), "a hash", small);
  const auto rows = db().exec(
      "SELECT v.vote_id, v.implicit_rating::float8, "
      "  LEAST(5, (15 + coalesce(sum(x.value * w), 0)) / (5 + coalesce(sum(w), 0)) + (v.action = "
      "'safer')::int)::float8 "
      "FROM (SELECT * FROM diary.votes ORDER BY submitted_at DESC LIMIT 100) v "
      "LEFT JOIN LATERAL (SELECT s.value::float8 AS value, "
      "  power(2::float8, -extract(epoch FROM v.submitted_at - s.t)::float8 / 86400 / 21) AS w "
      "  FROM analytics.sample s WHERE s.segment_id = v.segment_id AND s.t < v.submitted_at) x ON true "
      "GROUP BY v.vote_id, v.implicit_rating, v.action",
      {});
  ASSERT_EQ(rows.size(), 100);
  for (int row = 0; row < rows.size(); ++row)
    EXPECT_NEAR(rows.real(row, 1), rows.real(row, 2), 1e-9) << rows.text(row, 0);
}

TEST_F(LoadDemo, NetworkIsConnectedByTheDatabasesNodes) {
  load_demo(db(), 1, now(), "a hash", small);
  const auto reached =
      count(db(),
            "WITH RECURSIVE e AS (SELECT source_node a, target_node b FROM diary.segments UNION "
            "SELECT target_node, source_node FROM diary.segments), "
            "r AS ((SELECT a FROM e LIMIT 1) UNION SELECT e.b FROM r JOIN e ON e.a = r.a) "
            "SELECT count(*) FROM r");
  EXPECT_EQ(reached, count(db(),
                           "SELECT count(DISTINCT n) FROM (SELECT source_node n FROM diary.segments UNION "
                           "SELECT target_node FROM diary.segments) x"));
}

SynthOrder order(std::uint64_t seed, std::uint64_t ratings) {
  return {.ratings = ratings, .votes = ratings / 5, .users = 50, .days = 180, .seed = seed, .now = now()};
}

TEST_F(LoadDemo, SynthAddsToWhatThereIs) {
  load_demo(db(), 1, now(), "a hash", small);
  std::uint64_t told = 0;
  const auto loaded =
      load_synthetic(db(), order(5, 1000), [&](std::uint64_t done, std::uint64_t) { told = done; });
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(told, 1200U);
  EXPECT_EQ(count(db(), "SELECT count(*) FROM diary.ratings"), 4000);
  EXPECT_EQ(count(db(), "SELECT count(*) FROM diary.votes"), 800);
}

TEST_F(LoadDemo, SynthRefusesASeedTwice) {
  load_demo(db(), 1, now(), "a hash", small);
  ASSERT_TRUE(load_synthetic(db(), order(5, 100), [](auto, auto) {}));
  const auto again = load_synthetic(db(), order(5, 100), [](auto, auto) {});
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().message.find("seed 5"), std::string::npos);
}

TEST_F(LoadDemo, SynthNeedsSegments) {
  const auto loaded = load_synthetic(db(), order(5, 100), [](auto, auto) {});
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().message.find("no segments"), std::string::npos);
}

}  // namespace
}  // namespace diary::demo
