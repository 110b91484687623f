// SPDX-License-Identifier: Apache-2.0
// analytics.health says what is wrong, and diary rebuild's two functions heal it.
#include <algorithm>
#include <atomic>
#include <thread>

#include "db/partitions_test.hpp"

namespace diary::test {
namespace {

class Health : public Partitions {
 protected:
  void SetUp() override {
    where = segment();
    who = user();
    for (int days : {1, 20, 50, 100, 170})
      super.exec(
          "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at, received_at, tags) VALUES "
          "($1, $2, 4, now() - $3::interval, now() - $3::interval, '{lit}')",
          {where, who, std::to_string(days) + " days"});
    close_all();
    super.exec("SELECT analytics.sync_segments()");
    ASSERT_TRUE(support::eventually([&] {
      super.exec("SELECT audit.seal()");
      return doubts().empty();
    })) << doubts();
  }
  std::string doubts() {
    return one(
        "SELECT coalesce(string_agg(doubt || ': ' || subject || ': ' || detail, E'\n' ORDER BY doubt, "
        "subject), "
        "'') FROM analytics.health");
  }
  void heal() {
    super.exec("SELECT analytics.heal()");
    super.exec("SELECT * FROM analytics.rebuild_segment_state()");
    super.exec("SELECT analytics.sync_segments()");
  }
  // Says so, with a remedy that names a statement; and is healed.
  void expect_doubt(const std::string& sql, const std::string& said) {
    SCOPED_TRACE(sql);
    super.exec(sql);
    EXPECT_NE(doubts().find(said), std::string::npos) << doubts();
    EXPECT_EQ(
        one("SELECT count(*) FROM analytics.health WHERE remedy !~ '(SELECT|ALTER|UPDATE|REINDEX|diary) '"),
        "0");
    heal();
    EXPECT_EQ(doubts(), "");
  }
  std::string month() {
    return one(
        "SELECT max(child) FROM diary.partition JOIN diary.closed_ratings USING (month) "
        "WHERE parent = 'ratings'");
  }

  std::string where;
  std::string who;
};

// What a clock leaves behind that ran forty days ahead for a while.
TEST_F(Health, SeesACursorAheadOfTheClock) {
  const auto right =
      one("SELECT n30 || ' ' || n60 || ' ' || n FROM analytics.segment_state WHERE segment_id = $1", {where});
  ASSERT_EQ(right, "2 1 5");
  super.exec(
      "UPDATE analytics.segment_state SET advanced_at = now() + interval '40 days', n30 = 0, s30 = 0, n60 = "
      "1, "
      "s60 = 4, next_event_at = (SELECT min(analytics.next_event(t, now() + interval '40 days')) FROM "
      "analytics.sample) WHERE segment_id = $1",
      {where});
  EXPECT_NE(doubts().find("cursors: analytics.segment_state: 1 cursors lie ahead of the clock"),
            std::string::npos);
  EXPECT_NE(doubts().find("sums: analytics.segment_state: "), std::string::npos)
      << "held against the true time";
  EXPECT_NE(one("SELECT count(*) FROM analytics.drift"), "0");
  heal();
  EXPECT_EQ(doubts(), "");
  EXPECT_EQ(
      one("SELECT n30 || ' ' || n60 || ' ' || n FROM analytics.segment_state WHERE segment_id = $1", {where}),
      right);
  EXPECT_EQ(one("SELECT advanced_at <= clock_timestamp() FROM analytics.segment_state WHERE segment_id = $1",
                {where}),
            "t");
}

TEST_F(Health, SeesRowsThatWereClosedTooSoon) {
  super.exec("INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ($1, $2, 2)", {segment(), who});
  const auto before = everything();
  super.exec(
      R"(DO $$ DECLARE child text := diary.make_partition('ratings', date_trunc('month', now(), 'UTC')::date); BEGIN
    UPDATE diary.closing SET moving = true, moves = moves + 1;
    EXECUTE format('WITH gone AS (DELETE FROM ONLY diary.ratings WHERE submitted_at > now() - interval ''1 hour'' '
      'RETURNING *), known AS (INSERT INTO diary.closed_ratings SELECT rating_id, $1 FROM gone) '
      'INSERT INTO diary.%I SELECT * FROM gone', child) USING date_trunc('month', now(), 'UTC')::date;
    UPDATE diary.closing SET moving = false; END $$)");
  EXPECT_NE(doubts().find("1 rows of a month that is not over for three days"), std::string::npos)
      << doubts();
  EXPECT_EQ(one("SELECT diary.reopen_months()"), "1");
  EXPECT_EQ(everything(), before) << "neither sums nor the audit log notice";
  EXPECT_EQ(one("SELECT count(*) FROM ONLY diary.ratings WHERE submitted_at > now() - interval '1 hour'"),
            "1");
}

TEST_F(Health, SeesTheRest) {
  expect_doubt("UPDATE analytics.segment_state SET s = s * 2 WHERE n > 0", "sums: analytics.segment_state: ");
  expect_doubt("DELETE FROM analytics.segment_change", "change");
  expect_doubt(
      "SET diary.syncing = 'on'; UPDATE diary.segments SET decayed_mean = 1.5; RESET diary.syncing; UPDATE "
      "analytics.segment_state SET changed_at = now() - interval '1 day'",
      "columns: diary.segments: ");
  expect_doubt("ALTER TABLE diary.ratings DISABLE TRIGGER ratings_live_insert",
               "triggers: diary.ratings: trigger ratings_live_insert is disabled");
  expect_doubt("ALTER TABLE diary." + month() + " DISABLE TRIGGER ratings_live_delete", "is disabled");
  expect_doubt("SELECT setval('audit.log_log_id_seq', 1)",
               "sequences: audit.log_log_id_seq: gave 1, and the table has");
  expect_doubt("DELETE FROM diary.closed_ratings", "have no id in diary.closed_ratings");
  expect_doubt(
      "INSERT INTO diary.closed_ratings SELECT gen_random_uuid(), month FROM diary.closed_ratings LIMIT 1",
      "diary.closed_ratings: 1 ids of no row");
  expect_doubt("ALTER TABLE diary." + month() + " NO INHERIT diary.ratings",
               "does not inherit from diary.ratings");
  expect_doubt(
      "INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating, submitted_at, received_at) "
      "SELECT '" +
          where + "', '" + who + "', 'agree', 3, now() - interval '70 days', now() - interval '70 days'",
      "have been waiting since");
}

// A month that retention let go may be dropped, as the manual says; its ids stay taken.
TEST_F(Health, ADroppedMonthIsNoDoubt) {
  const auto old =
      owner
          .exec(
              "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at, received_at) "
              "VALUES ($1, $2, 4, now() - interval '400 days', now() - interval '400 days') "
              "RETURNING rating_id",
              {where, who})
          .str(0, 0);
  close_all();
  while (one("SELECT analytics.advance_windows(1000)") != "0") {
  }
  ASSERT_NE(one("SELECT diary.detach_months('12 months')"), "0");
  const auto child =
      one("SELECT child FROM diary.partition WHERE detached_at IS NOT NULL AND parent = 'ratings'");
  super.exec("DROP TABLE diary." + child);
  heal();
  ASSERT_TRUE(support::eventually([&] {
    super.exec("SELECT audit.seal()");
    return doubts().empty();
  })) << doubts();
  EXPECT_EQ(one("SELECT count(*) FROM diary.closed_ratings WHERE id = $1", {old}), "1");
  EXPECT_EQ(one("SELECT count(*) FROM diary.partition WHERE child = $1", {child}), "1");
}

// What only somebody else can undo, or time.
TEST_F(Health, SaysWhatItCannotHeal) {
  super.exec("ALTER TABLE diary.ratings DISABLE TRIGGER ALL");
  EXPECT_NE(doubts().find("RI_ConstraintTrigger_"), std::string::npos) << "foreign keys are triggers";
  super.exec("ALTER TABLE diary.ratings ENABLE TRIGGER ALL");
  super.exec(
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET session_replication_role = replica', "
      "current_database()); END $$");
  EXPECT_NE(doubts().find("settings: database " + database.name()), std::string::npos) << doubts();
  super.exec(
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET session_replication_role', current_database()); "
      "END $$");
  super.exec("UPDATE audit.log SET new_data = '{}' WHERE log_id = (SELECT min(log_id) FROM audit.log)");
  EXPECT_NE(doubts().find("audit: audit.batch: batch 1 was altered"), std::string::npos) << doubts();
  super.exec(
      "INSERT INTO audit.log (table_name, operation, changed_at) VALUES ('x', 'INSERT', now() - interval '1 "
      "hour')");
  EXPECT_NE(doubts().find("audit: audit.log: 1 rows are not sealed"), std::string::npos) << doubts();
  super.exec(
      "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'diary.idx_ratings_recent'::regclass");
  EXPECT_NE(doubts().find("indexes: diary.idx_ratings_recent: is not valid"), std::string::npos) << doubts();
  super.exec("UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'diary.idx_ratings_recent'::regclass");
  super.exec(
      "CREATE TABLE diary.theirs (t text COLLATE \"und-x-icu\"); CREATE INDEX theirs_t ON diary.theirs (t); "
      "UPDATE "
      "pg_collation SET collversion = '0' WHERE collname = 'und-x-icu'");
  EXPECT_NE(doubts().find("the index diary.theirs_t was made with version 0 of it"), std::string::npos)
      << doubts();
  super.exec(
      "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at, received_at) VALUES ($1, $2, 2, "
      "now() + "
      "interval '4 days', now() + interval '4 days')",
      {segment(), who});
  EXPECT_NE(doubts().find("future: diary.ratings: 1 rows"), std::string::npos) << doubts();
}

// Our own tables go along; ratings keep a street from it, as specified.
TEST_F(Health, AStreetMayGetAnotherId) {
  const auto plain = segment();
  super.exec("UPDATE diary.segments SET segment_id = 'renamed' WHERE segment_id = $1", {plain});
  EXPECT_EQ(one("SELECT count(*) FROM analytics.segment_state WHERE segment_id = 'renamed'"), "1");
  EXPECT_EQ(
      one("SELECT string_agg(is_deleted::text, ' ' ORDER BY is_deleted) FROM analytics.segment_change WHERE "
          "segment_id IN ('renamed', $1)",
          {plain}),
      "false true")
      << "one goes, another comes";
  EXPECT_EQ(doubts(), "");
  EXPECT_EQ(refusal(super, "UPDATE diary.segments SET segment_id = 'other' WHERE segment_id = $1", {where}),
            "23503");
}

// Whoever deletes an account takes the locks of all its segments in one order, before the first cascade.
TEST_F(Health, DeletingAccountsDeadlocksWithNobody) {
  super.exec(
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''20ms''', current_database()); "
      "END $$");
  std::vector<std::string> streets;
  for (int i = 0; i < 6; ++i) streets.push_back(segment());
  std::vector<std::string> people;
  for (int i = 0; i < 40; ++i) people.push_back(user());
  std::ranges::sort(streets);
  // Ratings on the later streets, votes on the earlier ones, or the other way round.
  for (std::size_t i = 0; i < people.size(); ++i)
    for (std::size_t s = 0; s < streets.size(); ++s)
      super.exec((s < 3) == (i % 2 == 0)
                     ? "INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ($1, $2, 4)"
                     : "INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating) VALUES ($1, "
                       "$2, 'agree', 3)",
                 {streets[s], people[i]});
  std::atomic<int> deadlocks = 0;
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> sessions;
  for (int s = 0; s < 4; ++s)
    sessions.emplace_back([&, s] {
      pg::Connection mine(database.superuser_conninfo());
      const auto run = [&](const std::string& sql, const pg::Params& params) {
        if (refusal(mine, sql, params) == "40P01") ++deadlocks;
      };
      std::string rows;
      for (const std::string& street : streets)
        rows = "('" + street + "', '" + who + "'::uuid, 2)" + (rows.empty() ? "" : ", ") + rows;
      for (std::size_t i = next++; i < people.size(); i = next++) {
        run("DELETE FROM auth.users WHERE user_id = $1", {people[i]});
        run("DELETE FROM diary.ratings WHERE user_id = $1", {who});
        if (s % 2 == 0)
          run("INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES " + rows +
                  " ON CONFLICT DO NOTHING",
              {});
      }
    });
  for (auto& session : sessions) session.join();
  EXPECT_EQ(deadlocks, 0);
  EXPECT_EQ(one("SELECT count(*) FROM analytics.drift"), "0");
}

// An advisory lock is anybody's: none holds up the upkeep.
TEST_F(Health, NobodyElseHoldsUpTheUpkeep) {
  pg::Connection stranger(database.superuser_conninfo());
  stranger.exec("SET ROLE diary_analyst");
  for (const char* name : {"diary.sync_segments", "audit.seal", "diary.partitions",
                           "diary.refresh.segment_aggregates", "diary.migrate"})
    stranger.exec("SELECT pg_advisory_lock(hashtextextended($1, 0))", {std::string(name)});
  EXPECT_EQ(refusal(stranger, "SELECT FROM diary.task FOR UPDATE"), "42501");
  EXPECT_EQ(refusal(stranger, "DO 'BEGIN LOCK TABLE diary.task IN EXCLUSIVE MODE; END'"), "42501");
  owner.exec("SET lock_timeout = '1s'");
  super.exec(
      "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at, received_at) VALUES ($1, $2, 2, "
      "now() "
      "- interval '45 days', now() - interval '45 days')",
      {segment(), who});
  EXPECT_NE(one("SELECT analytics.sync_segments()"), "");
  EXPECT_TRUE(support::eventually([&] { return owner.exec("SELECT audit.seal()").integer(0, 0) > 0; }));
  EXPECT_EQ(owner.exec("SELECT diary.close_months()").str(0, 0), "1");
  EXPECT_EQ(refusal(owner, "SELECT diary.make_partitions()"), "");
  EXPECT_EQ(refusal(owner, "SELECT analytics.refresh_view('segment_aggregates')"), "");
}

// A session that stays open, in whatever database, does not have all that follows it read with each pass.
TEST_F(Health, AnOpenTransactionCostsNothing) {
  auto other = database.superuser_conninfo();
  other.replace(other.find("dbname="), std::string::npos, "dbname=postgres");
  pg::Connection open(other);
  open.exec("BEGIN");
  open.exec("SELECT pg_current_xact_id()");
  auto since = one("SELECT analytics.sync_segments()");
  for (int i = 0; i < 20; ++i)
    super.exec("INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ($1, $2, 2)",
               {segment(), who});
  since = one("SELECT analytics.sync_segments($1::pg_snapshot)", {since});
  const auto missed = [&] {
    return one(
        "SELECT count(*) FROM analytics.segment_change WHERE (changed_xid >= "
        "pg_snapshot_xmax($1::pg_snapshot) OR "
        "changed_xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::pg_snapshot))))",
        {since});
  };
  EXPECT_EQ(missed(), "0");
  // One that is under way when it is looked at is not lost.
  pg::Connection late(database.superuser_conninfo());
  late.exec("BEGIN");
  late.exec("INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ($1, $2, 1)", {where, user()});
  super.exec("INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ($1, $2, 2)", {segment(), who});
  since = one("SELECT analytics.sync_segments($1::pg_snapshot)", {since});
  late.exec("COMMIT");
  EXPECT_EQ(missed(), "1");
  since = one("SELECT analytics.sync_segments($1::pg_snapshot)", {since});
  EXPECT_EQ(missed(), "0");
  EXPECT_EQ(
      one("SELECT count(*) FROM diary.segments g JOIN analytics.segment_live l USING (segment_id) WHERE "
          "g.decayed_mean <> round(l.decayed_mean, 2)"),
      "0");
}

}  // namespace
}  // namespace diary::test
