// SPDX-License-Identifier: Apache-2.0
// Live scores under many sessions at once. Samples lie within seconds of the windows' edges, so that cursors
// move while they are written.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "db/live_oracle.hpp"
#include "db/random_writer.hpp"
#include "support/test_database.hpp"

namespace diary::test {
namespace {

TEST(LiveConcurrency, FollowsManySessionsAtOnce) {
  const support::TestDatabase database;
  pg::Connection checker(database.owner_conninfo());
  const Population population{.segments = 8, .users = 40};
  populate(checker, population);
  // Transactions of several statements do deadlock here, often: find them at once.
  pg::Connection(database.superuser_conninfo())
      .exec("ALTER DATABASE " + database.name() + " SET deadlock_timeout = '10ms'");
  for (int round = 0; round < 8 * rounds(); ++round) {
    std::vector<std::thread> sessions;
    std::atomic<int> failures = 0;
    for (unsigned s = 0; s < 6; ++s) {
      sessions.emplace_back([&, s, round] {
        try {
          RandomWriter writer(database.owner_conninfo(), population,
                              seed() + 100 * static_cast<unsigned>(round) + s);
          for (int i = 0; i < 60; ++i) writer.step();
        } catch (const std::exception& e) {
          fmt::print("session {}: {}\n", s, e.what());
          ++failures;
        }
      });
    }
    for (std::thread& session : sessions) session.join();
    ASSERT_EQ(failures, 0);
    ASSERT_EQ(differences(checker), "") << "after round " << round;
  }
}

// An UPDATE of several ratings, one of which stays as it is: of that one's segment it takes no lock, so it
// must not touch its counts either. Between taking a tag out and putting it back, another's change to the
// same count would go lost.
TEST(LiveConcurrency, WhatStaysAsItIsIsNotWaitedFor) {
  const support::TestDatabase database;
  pg::Connection first(database.owner_conninfo());
  populate(first, {.segments = 2, .users = 2});
  const auto rate = [&](const char* segment, int user, const char* status) {
    return first
        .exec(
            "INSERT INTO diary.ratings (segment_id, user_id, rating, tags, status) SELECT $1, user_id, 4, "
            "'{lit}', $3 FROM auth.users WHERE email = 'u' || $2::int || '@x.org' RETURNING rating_id",
            {segment, user, status})
        .str(0, 0);
  };
  const std::string flipped = rate("s1", 1, "pending_review");
  const std::string stays = rate("s2", 1, "accepted");
  const std::string goes = rate("s2", 2, "accepted");
  pg::Transaction open(first);
  first.exec("DELETE FROM diary.ratings WHERE rating_id = $1", {goes});
  pg::Connection second(database.owner_conninfo());
  second.exec("SET lock_timeout = '5s'");
  EXPECT_NO_THROW(second.exec("UPDATE diary.ratings SET status = 'accepted' WHERE rating_id IN ($1, $2)",
                              {flipped, stays}))
      << "it waits for the first";
  open.commit();
  pg::Connection checker(database.owner_conninfo());
  EXPECT_EQ(differences(checker), "");
  EXPECT_EQ(checker.exec("SELECT n FROM analytics.segment_tag WHERE segment_id = 's2' AND tag = 'lit'")
                .integer(0, 0),
            1);
}

}  // namespace
}  // namespace diary::test
