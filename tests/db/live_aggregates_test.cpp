// SPDX-License-Identifier: Apache-2.0
// Live scores against the slow count and the materialized view, on random histories in a clock that moves.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "db/live_oracle.hpp"
#include "db/moving_clock.hpp"
#include "db/random_writer.hpp"
#include "support/test_database.hpp"

namespace diary::test {
namespace {

class LiveAggregates : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!MovingClock::available()) return;
    clock_ = new MovingClock();
  }
  static void TearDownTestSuite() {
    delete clock_;
    clock_ = nullptr;
  }
  void SetUp() override {
    if (clock_ == nullptr) GTEST_SKIP() << "libfaketime is not installed (package libfaketime)";
  }
  static MovingClock* clock_;
};
MovingClock* LiveAggregates::clock_ = nullptr;

// Jumps of all sizes: within a second, over an hour, over every window's edge.
std::chrono::seconds jump(std::mt19937_64& random) {
  constexpr std::array<long, 8> sizes{0, 1, 2, 60, 3600, 86'400, 29 * 86'400L, 45 * 86'400L};
  const long most = sizes.at(std::uniform_int_distribution<std::size_t>(0, sizes.size() - 1)(random));
  return std::chrono::seconds{std::uniform_int_distribution<long>(0, most)(random)};
}

TEST_F(LiveAggregates, FollowAnyHistoryOfOneSession) {
  const support::TestDatabase database;
  pg::Connection checker(database.owner_conninfo());
  const Population population;
  populate(checker, population);
  RandomWriter writer(database.owner_conninfo(), population, seed());
  std::mt19937_64 random(seed() + 1);
  for (int i = 0; i < 2500 * rounds(); ++i) {
    writer.step();
    if (i % 7 == 0) clock_->advance(jump(random) / 8);
    if (i % 400 == 399) clock_->advance(std::chrono::hours{24 * 25});
    if (i % 10 == 0) {
      ASSERT_EQ(differences(checker), "") << "after operation " << i;
    }
  }
  EXPECT_GT(writer.done(), writer.refused()) << "most operations must have an effect";
  EXPECT_NE(checker.exec("SELECT count(*) FROM diary.closed_ratings").integer(0, 0), 0)
      << "no month was closed";
  EXPECT_NE(checker.exec("SELECT count(*) FROM diary.partition WHERE detached_at IS NOT NULL").integer(0, 0),
            0)
      << "no month was let go";
}

TEST_F(LiveAggregates, AdvancingChangesNothingThatIsRead) {
  const support::TestDatabase database;
  pg::Connection checker(database.owner_conninfo());
  const Population population;
  populate(checker, population);
  RandomWriter writer(database.owner_conninfo(), population, seed() + 3);
  for (int i = 0; i < 300; ++i) writer.step();
  for (const long days : {1L, 29L, 31L, 61L, 121L, 200L}) {
    clock_->advance(std::chrono::hours{24 * days});
    ASSERT_EQ(differences(checker), "") << days << " days on, before any cursor has moved";
    while (checker.exec("SELECT analytics.advance_windows(7)").integer(0, 0) > 0) {
    }
    ASSERT_EQ(differences(checker), "") << days << " days on, after all have";
  }
  EXPECT_EQ(checker.exec("SELECT count(*) FROM analytics.segment_state WHERE n <> 0 OR w <> 0 OR s <> 0")
                .integer(0, 0),
            0)
      << "half a year after the last sample all sums are exactly zero";
  EXPECT_EQ(checker.exec("SELECT count(*) FROM analytics.segment_tag").integer(0, 0), 0);
}

TEST_F(LiveAggregates, RebuildFindsAndRepairsWhatSomebodyBroke) {
  const support::TestDatabase database;
  pg::Connection checker(database.owner_conninfo());
  const Population population;
  populate(checker, population);
  RandomWriter writer(database.owner_conninfo(), population, seed() + 4);
  for (int i = 0; i < 200; ++i) writer.step();
  ASSERT_EQ(differences(checker), "");
  checker.exec("UPDATE analytics.segment_state SET n30 = n30 + 1 WHERE segment_id = 's1'");
  checker.exec("INSERT INTO analytics.segment_tag VALUES ('s2', 'never said', 3)");
  checker.exec("UPDATE analytics.segment_state SET top_tags = '{wrong}' WHERE segment_id = 's3'");
  const auto drift =
      checker.exec("SELECT segment_id, what FROM analytics.rebuild_segment_state() ORDER BY segment_id");
  ASSERT_EQ(drift.size(), 3);
  EXPECT_EQ(drift.str(0, 0) + " " + drift.str(0, 1), "s1 n30");
  EXPECT_EQ(drift.str(1, 0) + " " + drift.str(1, 1), "s2 tag never said");
  EXPECT_EQ(drift.str(2, 0) + " " + drift.str(2, 1), "s3 top_tags");
  EXPECT_EQ(differences(checker), "");
}

TEST_F(LiveAggregates, TruncateEmptiesThem) {
  const support::TestDatabase database;
  pg::Connection checker(database.owner_conninfo());
  const Population population;
  populate(checker, population);
  RandomWriter writer(database.owner_conninfo(), population, seed() + 5);
  for (int i = 0; i < 100; ++i) writer.step();
  checker.exec("TRUNCATE diary.ratings");
  EXPECT_EQ(differences(checker), "");
  checker.exec("TRUNCATE diary.votes");
  EXPECT_EQ(differences(checker), "");
  EXPECT_EQ(checker.exec("SELECT count(*) FROM analytics.segment_state WHERE n <> 0").integer(0, 0), 0);
}

TEST_F(LiveAggregates, APastMomentIsWhatLiveSaidThen) {
  const support::TestDatabase database;
  pg::Connection checker(database.owner_conninfo());
  const Population population{.segments = 4, .users = 40};
  populate(checker, population);
  checker.exec(
      "CREATE TEMP TABLE said (at timestamptz, segment_id varchar, decayed_mean numeric, n_eff numeric, "
      "delta_30d numeric, top_tags text[])");
  std::mt19937_64 random(seed() + 6);
  for (int i = 0; i < 120; ++i) {
    // only additions: what was deleted since, nobody can know
    const auto back = std::uniform_int_distribution<int>(0, 86'000)(random);
    try {
      checker.exec(
          fmt::format("INSERT INTO diary.ratings (segment_id, user_id, rating, tags, submitted_at) "
                      "SELECT 's{}', user_id, {}, ARRAY['t{}'], now() - interval '{} seconds' FROM "
                      "auth.users WHERE email = 'u{}@x.org'",
                      1 + i % 4, 1 + i % 5, i % 6, back, 1 + i % 40));
    } catch (const pg::DbError& e) {
      ASSERT_EQ(e.sqlstate(), "23505") << e.what();
    }
    clock_->advance(std::chrono::hours{std::uniform_int_distribution<long>(1, 60)(random)});
    checker.exec(
        "INSERT INTO said SELECT now(), segment_id, decayed_mean, n_eff, delta_30d, top_tags FROM "
        "analytics.segment_live");
  }
  const auto wrong = checker.exec(
      "SELECT count(*) FROM said CROSS JOIN LATERAL (SELECT * FROM analytics.segment_live(said.at) l WHERE "
      "l.segment_id = said.segment_id) l "
      "WHERE abs(l.decayed_mean - said.decayed_mean) > 1e-9 OR abs(l.n_eff - said.n_eff) > 1e-9 "
      "OR abs(l.delta_30d - said.delta_30d) > 1e-9 OR l.top_tags <> said.top_tags");
  EXPECT_EQ(wrong.integer(0, 0), 0);
}

}  // namespace
}  // namespace diary::test
