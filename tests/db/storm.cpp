// SPDX-License-Identifier: Apache-2.0
// storm SECONDS [SEED]: eight sessions do to the database whatever anybody might, months are closed under
// them, and the clock jumps (libfaketime) while a server's upkeep is at work. In the first half each
// statement stands alone, and none may be the victim of a deadlock; in the second there are transactions of
// several statements as well, which may. Afterwards analytics.health has no doubt. Exit code 0 when that
// holds. The clock jumps while the sessions rest: PostgreSQL's own timers (deadlock_timeout among them), set
// while it is ahead, would not go off for days once it is right again.
#include <fmt/format.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include "app/upkeep.hpp"
#include "db/live_oracle.hpp"
#include "db/moving_clock.hpp"
#include "db/random_writer.hpp"
#include "pg/provision.hpp"
#include "support/eventually.hpp"
#include "support/test_database.hpp"

namespace diary::test {
namespace {

using Clock = std::chrono::steady_clock;
constexpr Population population{.segments = 30, .users = 60};
constexpr unsigned sessions = 8;

// Statements that stand alone, and what became of them.
class Lone {
 public:
  Lone(const std::string& conninfo, std::uint64_t seed) : connection_(conninfo), random_(seed) {}

  // Whether somebody else's transaction of several statements may be at fault for a deadlock.
  void step(bool among_others) {
    const auto [kind, sql] = statement(among_others);
    try {
      connection_.exec(sql);
      ++done[kind];
    } catch (const pg::ConnectionLost&) {
      throw;
    } catch (const pg::DbError& e) {
      ++refused[kind + " " + e.sqlstate()];
      if (e.sqlstate() != "40P01" || among_others) return;
      ++deadlocks;
      fmt::print("deadlock: {}\n  {}\n", sql, e.what());
    }
  }
  std::map<std::string, long> done;
  std::map<std::string, long> refused;
  long deadlocks = 0;

 private:
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  std::string segment() { return fmt::format("'s{}'", pick(1, population.segments)); }
  std::string user() {
    return fmt::format("(SELECT user_id FROM auth.users WHERE email = 'u{}@x.org')",
                       pick(1, population.users));
  }
  std::string time() { return fmt::format("clock_timestamp() - interval '{} minutes'", pick(0, 130'000)); }
  std::string rows(int most = 15) {
    std::string list;
    for (int i = pick(1, most); i > 0; --i)
      list += fmt::format("{}({}, {}::uuid, {}, ARRAY['t{}'], {})", list.empty() ? "" : ", ", segment(),
                          user(), pick(1, 5), pick(1, 8), time());
    return list;
  }

  // A street that goes and comes back within the same moment is for the second half: who looked for its lock
  // in between found none, and takes it out of order.
  std::pair<std::string, std::string> statement(bool among_others) {
    switch (pick(0, 17)) {
      case 0:
      case 1:
      case 2:
        return {
            "INSERT",
            fmt::format("INSERT INTO diary.ratings (segment_id, user_id, rating, tags, submitted_at) VALUES "
                        "({}, {}, {}, '{{lit}}', {})",
                        segment(), user(), pick(1, 5), time())};
      case 3:
      case 4:
      case 5:
        return {"INSERT of rows",
                "INSERT INTO diary.ratings (segment_id, user_id, rating, tags, submitted_at) VALUES " +
                    rows() + " ON CONFLICT DO NOTHING"};
      case 6:
        return {
            "INSERT of votes",
            fmt::format(
                "INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating, submitted_at) SELECT "
                "segment_id, {}, 'agree', round(decayed_mean, 15), {} FROM analytics.segment_live ORDER BY "
                "random() LIMIT {}",
                user(), time(), pick(1, 10))};
      case 7:
        return {"MERGE",
                "MERGE INTO diary.ratings r USING (VALUES " + rows(1) +
                    ") v(segment_id, user_id, rating, tags, submitted_at) ON r.segment_id = v.segment_id AND "
                    "r.user_id = "
                    "v.user_id AND r.submitted_at > clock_timestamp() - interval '2 days' WHEN MATCHED AND "
                    "r.rating = 1 "
                    "THEN DELETE WHEN MATCHED THEN UPDATE SET rating = v.rating WHEN NOT MATCHED THEN INSERT "
                    "(segment_id, "
                    "user_id, rating, tags, submitted_at) VALUES (v.segment_id, v.user_id, v.rating, v.tags, "
                    "v.submitted_at)"};
      case 8:  // two that change the same rows come by them in the order of their plans, as in any table
        return {"UPDATE",
                fmt::format("UPDATE diary.ratings SET rating = {}, comment = 'Seen' WHERE {}", pick(1, 5),
                            among_others
                                ? "segment_id = " + segment()
                                : fmt::format("rating_id = (SELECT rating_id FROM diary.ratings OFFSET {} "
                                              "LIMIT 1)",
                                              pick(0, 300)))};
      case 9:
        return {
            "UPDATE of a month",
            fmt::format("UPDATE diary.ratings SET submitted_at = {} WHERE rating_id = (SELECT rating_id FROM "
                        "diary.ratings OFFSET {} LIMIT 1)",
                        time(), pick(0, 300))};
      case 10:
        return {"DELETE of a user", "DELETE FROM auth.users WHERE user_id = " + user()};
      case 11:
        return {
            "INSERT of users",
            fmt::format("INSERT INTO auth.users (email, password_hash) SELECT 'u' || i || '@x.org', 'x' FROM "
                        "generate_series(1, {}) i ON CONFLICT DO NOTHING",
                        population.users)};
      case 12:
        if (!among_others || pick(0, 2) != 0)
          return {"DELETE", "DELETE FROM diary.ratings WHERE user_id = " + user()};
        return {"DELETE of a street",
                fmt::format("DELETE FROM diary.segments WHERE segment_id = {}", segment())};
      case 13:
        return {"INSERT of streets",
                fmt::format("INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT 's' "
                            "|| i, 'Street', "
                            "100, ST_SetSRID(ST_MakeLine(ST_MakePoint(-75.17 + i * 0.001, 39.95), "
                            "ST_MakePoint(-75.17 + i * "
                            "0.001, 39.951)), 4326) FROM generate_series(1, {}) i ON CONFLICT DO NOTHING",
                            population.segments)};
      case 14:
        return {"close_months", fmt::format("SELECT diary.close_months({})", pick(1, 300))};
      case 15: {
        std::string list;
        for (int i = 0, n = pick(2, 20); i < n; ++i)
          list += fmt::format(
              "{}SELECT {} AS i, {} AS g, gen_random_uuid() AS rating_id, s.segment_id, u.user_id, {} AS "
              "rating, "
              "ARRAY['t1'] AS tags, clock_timestamp() AS submitted_at, false AS timed, 'accepted' AS status "
              "FROM "
              "diary.segments s, auth.users u WHERE s.segment_id = {} AND u.user_id = {}",
              i == 0 ? "" : " UNION ALL ", i, i, pick(1, 5), segment(), user());
        return {"submit_ratings",
                "SELECT count(*) FROM (SELECT json_agg(x) AS rows FROM (SELECT DISTINCT ON (user_id, "
                "segment_id) * FROM (" +
                    list + ") y) x) z, LATERAL diary.submit_ratings(rows, 1000000) WHERE rows IS NOT NULL"};
      }
      case 16:
        return {"sync_segments", "SELECT analytics.sync_segments()"};
      default:
        return {"advance_windows", "SELECT analytics.advance_windows(50)"};
    }
  }

  pg::Connection connection_;
  std::mt19937_64 random_;
};

int storm(std::chrono::seconds length, std::uint64_t seed) {
  fmt::print("seed {}\n", seed);
  std::optional<MovingClock> clock;
  if (MovingClock::available())
    clock.emplace(false);
  else
    fmt::print("libfaketime is not installed: the clock stays as it is\n");
  const support::TestDatabase database;
  pg::Connection checker(database.superuser_conninfo());
  populate(checker, population);
  checker.exec("ALTER DATABASE " + database.name() + " SET log_error_verbosity = 'default'");
  std::optional<Upkeep> upkeep;
  upkeep.emplace(database.owner_conninfo(), pg::app_role, Upkeep::Retention{});

  const auto begun = Clock::now();
  const auto end = begun + length;
  std::mutex mutex;
  std::condition_variable changed;
  bool resting = false;
  unsigned at_work = sessions;
  std::map<std::string, long> done;
  std::map<std::string, long> refused;
  long deadlocks = 0;
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (unsigned s = 0; s < sessions; ++s) {
    threads.emplace_back([&, s] {
      Lone lone(database.superuser_conninfo(), seed * 100 + s);
      try {
        RandomWriter writer(database.owner_conninfo(), population, seed * 100 + 50 + s);
        while (Clock::now() < end) {
          const auto passed = Clock::now() - begun;
          lone.step(passed > length / 2);
          if (passed > length / 2 + std::chrono::seconds{3} && s % 2 == 0)
            writer.step();  // of several statements, savepoints, roll backs
          std::unique_lock lock(mutex);
          --at_work;
          changed.notify_all();
          changed.wait(lock, [&] { return !resting; });
          ++at_work;
        }
      } catch (const std::exception& e) {
        fmt::print("session {}: {}\n", s, e.what());
        ++failures;
      }
      const std::scoped_lock lock(mutex);
      --at_work;
      changed.notify_all();
      for (const auto& [kind, n] : lone.done) done[kind] += n;
      for (const auto& [kind, n] : lone.refused) refused[kind] += n;
      deadlocks += lone.deadlocks;
    });
  }
  std::mt19937_64 random(seed);
  while (clock && Clock::now() + std::chrono::seconds{8} < end) {
    std::this_thread::sleep_for(std::chrono::seconds{3});
    {
      std::unique_lock lock(mutex);
      resting = true;
      changed.wait(lock, [&] { return at_work == 0; });
    }
    const std::chrono::hours days{24 * std::uniform_int_distribution<int>(2, 60)(random)};
    clock->advance(days);
    checker.exec(
        "INSERT INTO diary.ratings (segment_id, user_id, rating) SELECT segment_id, user_id, 3 FROM "
        "diary.segments, "
        "auth.users ORDER BY random() LIMIT 1");
    std::this_thread::sleep_for(std::chrono::seconds{2});  // a second of the upkeep, twice
    clock->advance(-days);
    std::this_thread::sleep_for(std::chrono::seconds{1});
    const std::scoped_lock lock(mutex);
    resting = false;
    changed.notify_all();
  }
  for (std::thread& thread : threads) thread.join();

  for (const auto& [kind, n] : done) fmt::print("{:>8} {}\n", n, kind);
  for (const auto& [kind, n] : refused) fmt::print("{:>8} {}\n", n, kind);
  upkeep.reset();
  // What the clock left behind is seen, and healed; what is left then is a fault.
  const auto doubts = [&] {
    const auto rows = checker.exec("SELECT doubt, subject, detail FROM analytics.health");
    std::string text;
    for (int i = 0; i < rows.size(); ++i)
      text += fmt::format("  {}: {}: {}\n", rows.str(i, 0), rows.str(i, 1), rows.str(i, 2));
    return text;
  };
  fmt::print("before healing:\n{}", doubts());
  checker.exec("DELETE FROM diary.ratings WHERE submitted_at > clock_timestamp()");
  checker.exec("DELETE FROM diary.votes WHERE submitted_at > clock_timestamp()");
  checker.exec("SELECT analytics.heal()");
  // Whose cursor lies ahead of the clock is counted at the true time, and differs by what lies between.
  const auto drift =
      checker
          .exec(
              "WITH found AS MATERIALIZED (SELECT * FROM analytics.rebuild_segment_state()) SELECT "
              "count(*) FROM found WHERE segment_id NOT IN (SELECT segment_id FROM found WHERE what = "
              "'advanced_at')")
          .integer(0, 0);
  checker.exec("SELECT analytics.sync_segments()");
  while (checker.exec("SELECT diary.close_months(100000)").integer(0, 0) > 0) {
  }
  static_cast<void>(support::eventually([&] {
    checker.exec("SELECT audit.seal()");
    return doubts().empty();
  }));
  const auto left = doubts();
  fmt::print("after healing:\n{}", left);
  fmt::print("{} sums had drifted, {} lone statements were victims of a deadlock, {} sessions failed\n",
             drift, deadlocks, failures.load());
  return left.empty() && drift == 0 && deadlocks == 0 && failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace diary::test

int main(int argc, char** argv) {
  const std::chrono::seconds length{argc > 1 ? std::stol(argv[1]) : 600};
  const std::uint64_t seed = argc > 2 ? std::stoull(argv[2]) : std::random_device{}();
  return diary::test::storm(length, seed);
}
