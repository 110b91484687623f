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

}  // namespace
}  // namespace diary::test
