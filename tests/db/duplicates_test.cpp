// SPDX-License-Identifier: Apache-2.0
// The same user on the same segment within an hour (a vote: a day), from many sessions at once.
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
        won += refused.empty() ? 1 : 0;
        mine.exec(refused.empty() ? "COMMIT" : "ROLLBACK");
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(one("SELECT count(*) FROM analytics.drift"), "0");
    return won;
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
TEST_F(Duplicates, WhatWasRejectedDoesNot) {
  const auto who = user();
  const auto where = segment();
  owner.exec(rating_sql, {where, who, base, "0", "rejected"});
  EXPECT_EQ(refusal(owner, rating_sql, {where, who, base, "1 minute", "accepted"}), "");
  EXPECT_EQ(refusal(owner, "UPDATE diary.ratings SET status = 'accepted' WHERE status = 'rejected'"), "23505")
      << "nor may it come back beside the other";
}

TEST_F(Duplicates, OneVoteWins) {
  EXPECT_EQ(winners({.sql = vote_sql, .last = "agree"}), 1);
  EXPECT_EQ(winners({.sql = vote_sql, .begin = "BEGIN ISOLATION LEVEL REPEATABLE READ", .last = "safer"}), 1);
}
TEST_F(Duplicates, VotesLessThanADayApart) {
  EXPECT_EQ(winners({.sql = vote_sql, .apart = "-23 hours 59 minutes 59 seconds", .last = "agree"}), 1);
  EXPECT_EQ(winners({.sql = vote_sql, .apart = "-24 hours", .last = "agree"}), 2);
}
TEST_F(Duplicates, AnotherActionIsAnotherVote) {
  const auto who = user();
  const auto where = segment();
  EXPECT_EQ(refusal(owner, vote_sql, {where, who, base, "0", "agree"}), "");
  EXPECT_EQ(refusal(owner, vote_sql, {where, who, base, "0", "safer"}), "");
}

TEST_F(Duplicates, TwoInOneStatement) {
  const auto who = user();
  const auto where = segment();
  EXPECT_EQ(refusal(owner,
                    "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at) SELECT $1, $2, 3, "
                    "now() - i * "
                    "interval '59 minutes' FROM generate_series(0, 1) i",
                    {where, who}),
            "23505");
}

TEST_F(Duplicates, AnUpdateMayNotMakeOneEither) {
  const auto who = user();
  const auto where = segment();
  owner.exec(rating_sql, {where, who, base, "0", "accepted"});
  owner.exec(rating_sql, {where, who, base, "2 hours", "accepted"});
  EXPECT_EQ(refusal(owner,
                    "UPDATE diary.ratings SET submitted_at = $1::timestamptz + interval '30 minutes' "
                    "WHERE submitted_at > $1::timestamptz + interval '1 hour'",
                    {base}),
            "23505");
}

}  // namespace
}  // namespace diary::test
