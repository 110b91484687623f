// SPDX-License-Identifier: Apache-2.0
// The same user on the same segment within an hour (a vote: a day), from many sessions at once. What one
// session meets is db/tests/duplicates.sql.
#include <atomic>
#include <barrier>
#include <thread>

#include "db/schema_test.hpp"

namespace diary::test {
namespace {

constexpr int sessions = 16;
const std::string rating_sql =
    "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at, status) "
    "VALUES ($1, $2, 3, $3::timestamptz + $4::interval, $5)";
const std::string vote_sql =
    "INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating, submitted_at) "
    "VALUES ($1, $2, $5, 3, $3::timestamptz + $4::interval)";

class Duplicates : public SchemaTest {
 protected:
  struct Race {
    std::string sql = rating_sql;
    const char* begin = "BEGIN";
    std::string apart = "0";        // between one half of the sessions and the other
    std::string last = "accepted";  // the last parameter
  };
  // How many of the sessions got through; all others must have been refused for the right reason.
  int winners(const Race& race) {
    const auto who = user();
    const auto where = segment();
    std::barrier ready(sessions);
    std::atomic<int> won = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < sessions; ++i) {
      threads.emplace_back([&, i] {
        pg::Connection mine(database.owner_conninfo());
        mine.exec(race.begin);
        mine.exec("SELECT count(*) FROM diary.ratings");  // the snapshot of REPEATABLE READ
        ready.arrive_and_wait();
        const auto refused =
            refusal(mine, race.sql, {where, who, base, i % 2 == 0 ? "0" : race.apart, race.last});
        EXPECT_TRUE(refused.empty() || refused == "23505" || refused == "40001") << refused;
        // The first keeps the others waiting until all of them do: none comes when it is over already.
        if (refused.empty() && won.fetch_add(1) == 0) {
          EXPECT_TRUE(support::eventually([&] { return waiting() >= sessions - 1; }));
        }
        mine.exec(refused.empty() ? "COMMIT" : "ROLLBACK");
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(one("SELECT count(*) FROM analytics.drift"), "0");
    return won;
  }
  // Called by one session at a time.
  int waiting() {
    return std::stoi(
        one("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = "
            "'Lock'"));
  }
  std::string base = one("SELECT date_trunc('hour', now()) - interval '5 hours 30 minutes'");
};

TEST_F(Duplicates, OneRatingWins) {
  EXPECT_EQ(winners({}), 1);
}
TEST_F(Duplicates, OneWinsUnderRepeatableRead) {
  EXPECT_EQ(winners({.begin = "BEGIN ISOLATION LEVEL REPEATABLE READ"}), 1);
}
TEST_F(Duplicates, OneWinsUnderSerializable) {
  EXPECT_EQ(winners({.begin = "BEGIN ISOLATION LEVEL SERIALIZABLE"}), 1);
}
TEST_F(Duplicates, ASecondLessThanAnHourApartOneWins) {
  EXPECT_EQ(winners({.apart = "59 minutes 59 seconds"}), 1);
  EXPECT_EQ(winners({.apart = "-59 minutes 59.999999 seconds"}), 1);
}
TEST_F(Duplicates, AnHourApartBothWin) {
  EXPECT_EQ(winners({.apart = "1 hour"}), 2);
}
TEST_F(Duplicates, WhatWaitsForAModeratorCountsAsWell) {
  EXPECT_EQ(winners({.last = "pending_review"}), 1);
}
TEST_F(Duplicates, OneVoteWins) {
  EXPECT_EQ(winners({.sql = vote_sql, .last = "agree"}), 1);
  EXPECT_EQ(winners({.sql = vote_sql, .begin = "BEGIN ISOLATION LEVEL REPEATABLE READ", .last = "safer"}), 1);
}
TEST_F(Duplicates, VotesLessThanADayApart) {
  EXPECT_EQ(winners({.sql = vote_sql, .apart = "-23 hours 59 minutes 59 seconds", .last = "agree"}), 1);
  EXPECT_EQ(winners({.sql = vote_sql, .apart = "-24 hours", .last = "agree"}), 2);
}
}  // namespace
}  // namespace diary::test
