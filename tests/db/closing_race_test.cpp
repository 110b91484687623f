// SPDX-License-Identifier: Apache-2.0
// Months that are closed while others write.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "db/live_oracle.hpp"
#include "db/partitions_test.hpp"

namespace diary::test {
namespace {

class ClosingRace : public Partitions {
 protected:
  // What becomes of `sql` when a month is closed, in a transaction open all the while, after it has begun.
  std::string raced(const std::string& begin, const std::string& sql, const pg::Params& params) {
    pg::Connection writer(database.owner_conninfo());
    const auto pid = writer.exec("SELECT pg_backend_pid()").str(0, 0);
    writer.exec(begin);
    writer.exec("SELECT 1 FROM diary.city");  // the snapshot of REPEATABLE READ
    pg::Transaction mover(owner);
    EXPECT_GT(close(1000), 0);
    std::string refused;
    std::thread waiting([&] {
      refused = refusal(writer, sql, params);
      writer.exec(refused.empty() ? "COMMIT" : "ROLLBACK");
    });
    EXPECT_TRUE(support::eventually([&] {
      return one("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = $1::int", {pid}) != "0";
    })) << "nothing is waited for";
    mover.commit();
    waiting.join();
    EXPECT_EQ(drift(), "0");
    return refused;
  }
  std::string open_rating(const std::string& who, const std::string& where) {
    return owner
        .exec("INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at) VALUES ($1, $2, 4, " +
                  edge + ") RETURNING rating_id",
              {where, who})
        .str(0, 0);
  }
};

constexpr const char* repeatable = "BEGIN ISOLATION LEVEL REPEATABLE READ";

TEST_F(ClosingRace, AnUpdateIsNotLost) {
  for (const char* begin : {"BEGIN", repeatable}) {
    const auto id = open_rating(user(), segment());
    EXPECT_EQ(raced(begin, "UPDATE diary.ratings SET status = 'rejected' WHERE rating_id = $1", {id}),
              "40001")
        << begin;
    EXPECT_EQ(refusal(owner, "UPDATE diary.ratings SET status = 'rejected' WHERE rating_id = $1", {id}), "");
    EXPECT_EQ(one("SELECT status FROM diary.ratings WHERE rating_id = $1", {id}), "rejected");
  }
}

TEST_F(ClosingRace, ARetryIsNotStoredTwice) {
  for (const char* begin : {"BEGIN", repeatable, "BEGIN ISOLATION LEVEL SERIALIZABLE"}) {
    for (const char* conflict : {"", " ON CONFLICT (rating_id) DO NOTHING"}) {
      const auto who = user();
      const auto where = segment();
      const auto id = open_rating(who, where);
      const auto refused =
          raced(begin,
                std::string("INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating) "
                            "VALUES ($1, $2, $3, 4)") +
                    conflict,
                {id, where, who});
      EXPECT_TRUE(refused == "23505" || refused == "40001") << begin << ": " << refused;
      EXPECT_EQ(one("SELECT count(*) FROM diary.ratings WHERE rating_id = $1", {id}), "1") << begin;
    }
  }
}

// The snapshot is older than the move, and nothing is waited for.
TEST_F(ClosingRace, AnOldSnapshotDoesNotMissAClosedId) {
  const auto who = user();
  const auto where = segment();
  const auto id = open_rating(who, where);
  pg::Connection writer(database.owner_conninfo());
  writer.exec(repeatable);
  writer.exec("SELECT 1 FROM diary.city");
  close_all();
  EXPECT_EQ(
      refusal(writer,
              "INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating) VALUES ($1, $2, $3, 4)",
              {id, where, who}),
      "40001");
}

TEST_F(ClosingRace, OneSessionAtATime) {
  history(100);
  pg::Connection second(database.owner_conninfo());
  pg::Transaction transaction(owner);
  EXPECT_EQ(close(3), 3);
  EXPECT_EQ(second.exec("SELECT diary.close_months()").integer(0, 0), 0);
  transaction.commit();
  EXPECT_GT(second.exec("SELECT diary.close_months()").integer(0, 0), 0);
}

TEST_F(ClosingRace, AnAccountsDeletionLeavesNothingBehind) {
  for (const bool mover_first : {true, false}) {
    const auto who = user();
    open_rating(who, segment());
    if (mover_first) {
      EXPECT_EQ(raced("BEGIN", "DELETE FROM auth.users WHERE user_id = $1", {who}), "");
    } else {
      pg::Connection deleting(database.owner_conninfo());
      pg::Transaction transaction(deleting);
      deleting.exec("DELETE FROM auth.users WHERE user_id = $1", {who});
      EXPECT_EQ(close(100), 0);
      transaction.commit();
    }
    EXPECT_EQ(one("SELECT count(*) FROM diary.ratings WHERE user_id = $1", {who}), "0");
    EXPECT_EQ(one("SELECT count(*) FROM diary.closed_ratings"), "0");
    EXPECT_EQ(drift(), "0");
  }
}

// Writers of all kinds and two movers. What was accepted is there, once; what was deleted is gone.
TEST_F(ClosingRace, NothingIsLost) {
  constexpr int writers = 5;
  constexpr int steps = 120;
  std::vector<std::string> people;
  std::vector<std::string> streets;
  for (int i = 0; i < 12; ++i) people.push_back(user());
  for (int i = 0; i < 6; ++i) streets.push_back(segment());
  std::mutex mutex;
  std::set<std::string> stored;
  std::atomic<int> unexpected = 0;
  std::atomic<int> writing = writers;
  const auto write = [&](unsigned number) {
    pg::Connection mine(database.owner_conninfo());
    std::mt19937_64 random(seed() + number);
    const auto pick = [&](std::size_t n) {
      return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    constexpr std::array begins{"BEGIN", "BEGIN", repeatable};
    std::vector<std::string> own;
    for (int i = 0; i < steps; ++i) {
      const auto id = own.empty() || pick(3) != 0 ? Uuid::random().text() : own[pick(own.size())];
      const bool known = std::find(own.begin(), own.end(), id) != own.end();
      const std::size_t act = known ? pick(3) : 0;
      mine.exec(begins.at(pick(begins.size())));
      std::string refused;
      if (act == 0) {
        refused = refusal(
            mine,
            "INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, submitted_at) VALUES "
            "($1, $2, $3, 4, now() - $4::int * interval '1 minute') ON CONFLICT (rating_id) DO NOTHING",
            {id, streets[pick(streets.size())], people[pick(people.size())],
             static_cast<int>(pick(250'000))});
      } else {
        refused = refusal(mine,
                          act == 1 ? "UPDATE diary.ratings SET comment = 'seen' WHERE rating_id = $1"
                                   : "DELETE FROM diary.ratings WHERE rating_id = $1",
                          {id});
      }
      mine.exec(refused.empty() ? "COMMIT" : "ROLLBACK");
      if (!refused.empty() && refused != "23505" && refused != "40001" && refused != "40P01") {
        fmt::print("writer {}: {}\n", number, refused);
        ++unexpected;
      }
      if (!refused.empty()) continue;
      const std::scoped_lock lock(mutex);
      if (act == 0) {
        if (stored.insert(id).second) own.push_back(id);
      } else if (act == 2) {
        stored.erase(id);
        std::erase(own, id);
      }
    }
    --writing;
  };
  const auto move = [&] {
    pg::Connection mine(database.owner_conninfo());
    while (writing > 0) mine.exec("SELECT diary.close_months(20)");
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < writers; ++i) threads.emplace_back(write, i);
  for (int i = 0; i < 2; ++i) threads.emplace_back(move);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(unexpected, 0);
  EXPECT_EQ(drift(), "0");
  EXPECT_EQ(one("SELECT count(*) FROM diary.ratings"), std::to_string(stored.size()));
  EXPECT_EQ(one("SELECT count(DISTINCT rating_id) FROM diary.ratings"), std::to_string(stored.size()));
  EXPECT_EQ(one("SELECT count(*) FROM diary.closed_ratings"),
            one("SELECT (SELECT count(*) FROM diary.ratings) - (SELECT count(*) FROM ONLY diary.ratings)"));
  EXPECT_NE(one("SELECT count(*) FROM diary.closed_ratings"), "0") << "nothing was moved";
  EXPECT_EQ(
      one("SELECT (SELECT count(*) FROM audit.log WHERE table_name = 'diary.ratings' AND operation = "
          "'INSERT') - "
          "(SELECT count(*) FROM audit.log WHERE table_name = 'diary.ratings' AND operation = 'DELETE')"),
      std::to_string(stored.size()));
}

}  // namespace
}  // namespace diary::test
