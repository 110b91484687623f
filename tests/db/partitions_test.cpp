// SPDX-License-Identifier: Apache-2.0
// Months of ratings and votes: closing one changes nothing that anybody can see but where the rows lie.
#include <fmt/format.h>

#include <array>
#include <map>

#include "app/upkeep.hpp"
#include "db/partitions_test.hpp"
#include "store/integrity_store.hpp"
#include "support/ran.hpp"
#include "support/temporary_folder.hpp"

namespace diary::test {
namespace {

TEST_F(Partitions, AFreshDatabaseHasThemAhead) {
  const std::string ahead =
      "SELECT string_agg(parent || ' ' || (extract(year FROM age(month, date_trunc('month', now() AT TIME "
      "ZONE 'UTC'))) * 12 + extract(month FROM age(month, date_trunc('month', now() AT TIME ZONE 'UTC')))), "
      "', ' ORDER BY parent, month) FROM diary.partition WHERE to_regclass('diary.' || child) IS NOT NULL";
  const std::string four = "ratings 0, ratings 1, ratings 2, ratings 3, votes 0, votes 1, votes 2, votes 3";
  EXPECT_EQ(one(ahead), four);
  owner.exec("SELECT diary.make_partitions()");
  EXPECT_EQ(one(ahead), four);
  owner.exec("SELECT diary.make_partitions(4)");
  EXPECT_EQ(one("SELECT count(*) FROM diary.partition"), "10");
}

TEST_F(Partitions, ClosingMovesRowsAndChangesNothing) {
  history(400);
  const auto before = everything();
  EXPECT_EQ(close(7), 7) << "no more than was asked";
  EXPECT_EQ(everything(), before) << "with a month half closed";
  close_all();
  EXPECT_EQ(everything(), before);
  EXPECT_EQ(drift(), "0");
  const std::string bound = "date_trunc('month', now() - interval '72 hours', 'UTC')";
  EXPECT_EQ(one("SELECT count(*) FROM ONLY diary.ratings WHERE submitted_at < " + bound), "0");
  EXPECT_EQ(one("SELECT count(*) FROM diary.closed_ratings"),
            one("SELECT count(*) FROM diary.ratings WHERE submitted_at < " + bound));
  EXPECT_EQ(one("SELECT count(*) FROM diary.closed_votes"),
            one("SELECT count(*) FROM diary.votes WHERE submitted_at < " + bound));
  EXPECT_NE(one("SELECT count(*) FROM diary.closed_ratings"), "0");
  EXPECT_EQ(one("SELECT count(*) FROM diary.partition p WHERE p.child <> p.parent || to_char(month, "
                "'\"_p\"YYYY\"_\"MM')"),
            "0");
}

TEST_F(Partitions, TheSpecifiedRetryStoresNothingAndRaisesNothing) {
  const auto who = user();
  const auto other = user();
  const auto where = segment();
  const auto id = closed_rating(who, where);
  const std::string retry =
      "INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, tags, comment, device, source) "
      "VALUES ($1, $2, $3, 4, '{}', NULL, 'mobile', 'manual') ON CONFLICT (rating_id) DO NOTHING";
  const auto before = everything();
  EXPECT_EQ(refusal(owner, retry, {id, where, who}), "");
  EXPECT_EQ(everything(), before);
  EXPECT_EQ(refusal(owner, retry, {id, where, other}), "23505");
  EXPECT_EQ(refusal(owner, retry, {id, segment(), who}), "23505");
  try {
    owner.exec(retry, {id, where, other});
    FAIL();
  } catch (const pg::DbError& e) {
    EXPECT_NE(std::string(e.what()).find("ratings_pkey"), std::string::npos) << e.what();
  }
  EXPECT_EQ(one("SELECT count(*) FROM diary.ratings"), "1");
  EXPECT_EQ(refusal(owner, "UPDATE diary.ratings SET rating_id = $1", {Uuid::random().text()}), "55000");
  owner.exec("DELETE FROM diary.ratings");
  EXPECT_EQ(refusal(owner, retry, {id, where, other}), "") << "what is deleted frees its id";
}

TEST_F(Partitions, AVotesRetryTheSame) {
  const auto who = user();
  const auto where = segment();
  const auto id = Uuid::random().text();
  const std::string vote =
      "INSERT INTO diary.votes (vote_id, segment_id, user_id, action, implicit_rating, submitted_at) "
      "VALUES ($1, $2, $3, 'agree', 3, " +
      edge + ") ON CONFLICT (vote_id) DO NOTHING";
  owner.exec(vote, {id, where, who});
  close_all();
  EXPECT_EQ(refusal(owner, vote, {id, where, who}), "");
  EXPECT_EQ(refusal(owner, vote, {id, where, user()}), "23505");
  EXPECT_EQ(one("SELECT count(*) FROM diary.votes"), "1");
}

TEST_F(Partitions, SubmissionsKnowClosedRows) {
  const auto who = user();
  const auto where = segment();
  const auto id = closed_rating(who, where);
  const auto outcome = [&](int rating, const std::string& id_) {
    return one(
        "SELECT outcome FROM diary.submit_ratings(json_build_array(json_build_object('i', 0, 'g', 0, "
        "'rating_id', $1::text, 'segment_id', $2::text, 'user_id', $3::text, 'rating', $4::int, "
        "'tags', '{}'::text[], 'submitted_at', now(), 'timed', false, 'status', 'accepted')), 20)",
        {id_, where, who, rating});
  };
  EXPECT_EQ(outcome(4, id), "repeated");
  EXPECT_EQ(outcome(3, id), "mismatch");
  EXPECT_EQ(one("SELECT count(*) FROM diary.ratings"), "1");
  EXPECT_EQ(outcome(3, Uuid::random().text()), "created");
  const auto vote = Uuid::random().text();
  owner.exec(
      "INSERT INTO diary.votes (vote_id, segment_id, user_id, action, implicit_rating, submitted_at) "
      "VALUES ($1, $2, $3, 'agree', 3, " +
          edge + ")",
      {vote, where, who});
  close_all();
  const auto voted = [&](const std::string& action) {
    return one(
        "SELECT outcome || ' ' || implicit_rating FROM diary.submit_votes(json_build_array("
        "json_build_object('i', 0, 'vote_id', $1::text, 'segment_id', $2::text, 'user_id', $3::text, "
        "'action', $4::text, 'submitted_at', now(), 'timed', false)), 20)",
        {vote, where, who, action});
  };
  EXPECT_EQ(voted("agree"), "repeated 3");
  EXPECT_EQ(voted("safer"), "mismatch 3");
  EXPECT_EQ(drift(), "0");
}

// What the server does all day opens no closed month: not its table, not an index of it.
TEST_F(Partitions, TheHotPathTouchesNone) {
  const auto who = user();
  const auto where = segment();
  closed_rating(who, where);
  pg::Transaction transaction(owner);
  const auto locked = [&] {
    return owner
        .exec(
            "SELECT count(*) FROM pg_locks JOIN diary.partition ON relation = ('diary.' || child)::regclass "
            "WHERE pid = pg_backend_pid()")
        .integer(0, 0);
  };
  owner.exec(
      "SELECT * FROM diary.submit_ratings(json_build_array(json_build_object('i', 0, 'g', 0, 'rating_id', "
      "$1::text, 'segment_id', $2::text, 'user_id', $3::text, 'rating', 4, 'tags', ARRAY['dark'], "
      "'submitted_at', now(), 'timed', false, 'status', 'accepted')), 20)",
      {Uuid::random().text(), where, who});
  owner.exec(
      "SELECT * FROM diary.submit_votes(json_build_array(json_build_object('i', 0, 'vote_id', "
      "$1::text, 'segment_id', $2::text, 'user_id', $3::text, 'action', 'agree', 'submitted_at', "
      "now(), 'timed', false)), 20)",
      {Uuid::random().text(), where, who});
  owner.exec("INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ($1, $2, 3)", {segment(), who});
  owner.exec("SELECT * FROM analytics.segment_live");
  EXPECT_EQ(locked(), 0);
  owner.exec("SELECT count(*) FROM diary.ratings");
  EXPECT_NE(locked(), 0) << "this test cannot fail";
}

TEST_F(Partitions, DuplicatesAreRefusedAcrossAMonthsEdge) {
  const auto who = user();
  const auto where = segment();
  const auto rate = [&](const std::string& apart) {
    return refusal(owner,
                   "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at) VALUES "
                   "($1, $2, 3, " +
                       edge + " + $3::interval)",
                   {where, who, apart});
  };
  EXPECT_EQ(rate("-10 minutes"), "");
  close_all();
  EXPECT_EQ(rate("10 minutes"), "23505");
  EXPECT_EQ(rate("-10 minutes"), "23505") << "the very same instant";
  EXPECT_EQ(rate("50 minutes"), "");
  close_all();
  EXPECT_EQ(rate("0"), "23505");
  owner.exec("UPDATE diary.ratings SET status = 'rejected'");
  EXPECT_EQ(rate("-10 minutes"), "23505") << "UNIQUE binds the rejected, too";
  EXPECT_EQ(rate("0"), "");
  const auto vote = [&](const std::string& apart) {
    return refusal(owner,
                   "INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating, submitted_at) "
                   "VALUES ($1, $2, 'agree', 3, " +
                       edge + " + $3::interval)",
                   {where, who, apart});
  };
  EXPECT_EQ(vote("-1 hour"), "");
  close_all();
  EXPECT_EQ(vote("22 hours 59 minutes"), "23505");
  EXPECT_EQ(vote("23 hours"), "");
  EXPECT_EQ(drift(), "0");
}

TEST_F(Partitions, DeletionsReachClosedRows) {
  history(300);
  close_all();
  const auto route = route_over_one_closed_rating();
  const auto child_rows = [&] {
    return one("SELECT (SELECT count(*) FROM diary.ratings) - (SELECT count(*) FROM ONLY diary.ratings)");
  };
  const auto before = child_rows();
  owner.exec(
      "SELECT set_config('app.user_id', (SELECT user_id::text FROM diary.ratings WHERE route_id = $1), "
      "false)",
      {route});
  owner.exec("DELETE FROM diary.routes WHERE route_id = $1", {route});
  EXPECT_EQ(one("SELECT count(*) FROM diary.ratings WHERE route_id IS NOT NULL"), "0");
  EXPECT_EQ(child_rows(), before);
  EXPECT_EQ(drift(), "0");
  owner.exec("DELETE FROM auth.users WHERE email LIKE 'h1%'");
  EXPECT_EQ(drift(), "0");
  owner.exec("DELETE FROM diary.segments WHERE segment_id IN ('h1', 'h2')");
  EXPECT_EQ(drift(), "0");
  EXPECT_LT(std::stoi(child_rows()), std::stoi(before));
  EXPECT_EQ(one("SELECT count(*) FROM diary.closed_ratings"), child_rows()) << "ids of what is gone are free";
  EXPECT_EQ(one("SELECT count(*) FROM diary.ratings WHERE segment_id IN ('h1', 'h2')"), "0");
  EXPECT_EQ(
      one("SELECT string_agg(DISTINCT table_name || ' ' || operation, ', ' ORDER BY table_name || ' ' || "
          "operation) FROM audit.log WHERE table_name LIKE 'diary.ratings%'"),
      "diary.ratings DELETE, diary.ratings INSERT, diary.ratings UPDATE");
  EXPECT_EQ(
      one("SELECT (SELECT count(*) FROM audit.log WHERE table_name = 'diary.ratings' AND operation = "
          "'INSERT') "
          "- (SELECT count(*) FROM audit.log WHERE table_name = 'diary.ratings' AND operation = 'DELETE')"),
      one("SELECT count(*) FROM diary.ratings"));
}

TEST_F(Partitions, AModeratorsChangeCountsOnceAndIsAudited) {
  const auto where = segment();
  closed_rating(user(), where, "now() - interval '40 days'");
  const auto n = [&] { return one("SELECT n FROM analytics.segment_state WHERE segment_id = $1", {where}); };
  EXPECT_EQ(n(), "1");
  owner.exec("UPDATE diary.ratings SET status = 'rejected' WHERE segment_id = $1", {where});
  EXPECT_EQ(n(), "0");
  EXPECT_EQ(drift(), "0");
  owner.exec("UPDATE diary.ratings SET status = 'accepted' WHERE segment_id = $1", {where});
  EXPECT_EQ(n(), "1");
  EXPECT_EQ(
      one("SELECT string_agg(table_name || ' ' || operation, ', ' ORDER BY log_id) FROM audit.log WHERE "
          "table_name LIKE 'diary.%'"),
      "diary.ratings INSERT, diary.ratings UPDATE, diary.ratings UPDATE");
  const auto child =
      one("SELECT 'diary.' || child FROM diary.partition WHERE (parent, month) = ('ratings', "
          "(SELECT month FROM diary.closed_ratings))");
  owner.exec("UPDATE " + child + " SET rating = 1");
  EXPECT_EQ(drift(), "0") << "a month's table by its own name has triggers of its own";
  owner.exec("DELETE FROM " + child);
  EXPECT_EQ(n(), "0");
  EXPECT_EQ(drift(), "0");
  EXPECT_EQ(one("SELECT string_agg(table_name || ' ' || operation, ', ' ORDER BY log_id) FROM (SELECT * FROM "
                "audit.log ORDER BY log_id DESC LIMIT 2) l"),
            "diary.ratings UPDATE, diary.ratings DELETE");
}

TEST_F(Partitions, TruncationIsOneTruncation) {
  history(200);
  close_all();
  owner.exec("TRUNCATE diary.ratings");
  EXPECT_EQ(one("SELECT count(*) FROM diary.ratings"), "0");
  EXPECT_EQ(one("SELECT count(*) FROM diary.closed_ratings"), "0");
  EXPECT_NE(one("SELECT count(*) FROM diary.closed_votes"), "0");
  EXPECT_EQ(drift(), "0");
  const std::string truncations = "SELECT count(*) FROM audit.log WHERE operation = 'TRUNCATE'";
  EXPECT_EQ(one(truncations), "1");
  owner.exec("TRUNCATE diary." +
             one("SELECT child FROM diary.partition JOIN diary.closed_votes USING (month) "
                 "WHERE parent = 'votes' LIMIT 1"));
  EXPECT_EQ(drift(), "0");
  EXPECT_EQ(one(truncations + " AND table_name = 'diary.votes'"), "1");
  EXPECT_EQ(one("SELECT count(*) FROM diary.closed_votes"),
            one("SELECT (SELECT count(*) FROM diary.votes) - (SELECT count(*) FROM ONLY diary.votes)"));
}

TEST_F(Partitions, AClosedMonthTakesRowsFromNobodyElse) {
  const auto who = user();
  const auto where = segment();
  closed_rating(who, where);
  const auto child =
      one("SELECT child FROM diary.partition JOIN diary.closed_ratings USING (month) WHERE "
          "parent = 'ratings'");
  const std::string insert = "INSERT INTO diary." + child +
                             " (segment_id, user_id, rating, submitted_at) VALUES ($1, $2, 3, " + edge +
                             " + interval '5 days')";
  EXPECT_EQ(refusal(owner, insert, {where, who}), "55000");
  {
    pg::Transaction transaction(owner);
    owner.exec("SELECT diary.close_months()");
    EXPECT_EQ(refusal(owner, insert, {where, who}), "55000") << "not even where rows have just been moved";
  }
  EXPECT_EQ(one("SELECT count(*) FROM ONLY diary.ratings"), "0");
  EXPECT_EQ(
      refusal(owner,
              "UPDATE diary.ratings SET submitted_at = submitted_at + interval '40 days', comment = 'Moved'"),
      "");
  EXPECT_EQ(one("SELECT count(*) || ' ' || min(comment) FROM ONLY diary.ratings"), "1 Moved") << "open again";
  EXPECT_EQ(one("SELECT count(*) FROM diary.ratings"), "1");
  EXPECT_EQ(one("SELECT count(*) FROM diary.closed_ratings"), "0");
  EXPECT_EQ(drift(), "0");
  EXPECT_EQ(refusal(owner, "UPDATE diary.ratings SET submitted_at = submitted_at + interval '1 day'"), "");
  EXPECT_EQ(drift(), "0");
}

// An id means one submission, in whatever month it lies.
TEST_F(Partitions, TheIdOfAClosedRowIsTaken) {
  const auto who = user();
  const auto where = segment();
  const auto id = closed_rating(who, where);
  const std::string insert =
      "INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating) VALUES ($1, $2, $3, ";
  const auto rows = [&] {
    return one(
        "SELECT count(*) || ' ' || min(rating) || ' ' || coalesce(min(comment), '') FROM diary.ratings");
  };
  EXPECT_EQ(refusal(owner, insert + "4)", {id, where, who}), "") << "the same again";
  EXPECT_EQ(refusal(owner, insert + "4) ON CONFLICT (rating_id) DO NOTHING", {id, where, who}), "");
  EXPECT_EQ(refusal(owner, insert + "3)", {id, where, who}), "23505") << "another content";
  EXPECT_EQ(refusal(owner, insert + "3) ON CONFLICT (rating_id) DO UPDATE SET rating = EXCLUDED.rating",
                    {id, where, who}),
            "23505")
      << "refused, rather than done to nothing";
  EXPECT_EQ(refusal(owner, insert + "4)", {id, segment(), who}), "23505");
  EXPECT_EQ(rows(), "1 4 ");
  EXPECT_EQ(
      refusal(owner, "UPDATE diary.ratings SET rating = 2, comment = 'Changed' WHERE rating_id = $1", {id}),
      "");
  EXPECT_EQ(rows(), "1 2 Changed") << "an update updates, whatever the month";
  EXPECT_EQ(drift(), "0");
}

// Closing a month must neither break somebody's foreign key nor cascade into it.
TEST_F(Partitions, WhatAForeignKeyPointsToStaysOpen) {
  const auto who = user();
  const auto kept =
      owner
          .exec("INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at) VALUES ($1, $2, 4, " +
                    edge + " - interval '3 days') RETURNING rating_id",
                {segment(), who})
          .str(0, 0);
  owner.exec("CREATE TABLE public.note (rating uuid REFERENCES diary.ratings (rating_id) ON DELETE CASCADE)");
  owner.exec("INSERT INTO public.note VALUES ($1)", {kept});
  const auto free = closed_rating(user(), segment());
  EXPECT_EQ(one("SELECT count(*) FROM public.note"), "1");
  EXPECT_EQ(one("SELECT rating_id FROM ONLY diary.ratings"), kept);
  EXPECT_NE(free, kept);
  owner.exec("DROP TABLE public.note");
  close_all();
  EXPECT_EQ(one("SELECT count(*) FROM ONLY diary.ratings"), "0");
}

TEST_F(Partitions, RetentionLetsGoOfWhatItMay) {
  EXPECT_EQ(refusal(owner, "SELECT diary.detach_months('6 months')"), "22023");
  EXPECT_EQ(refusal(owner, "SELECT diary.detach_months(NULL)"), "22023");
  const auto who = user();
  const auto where = segment();
  const auto old = closed_rating(who, where, "now() - interval '300 days'");
  const auto older = closed_rating(who, segment(), "now() - interval '400 days'");
  const auto young = closed_rating(who, segment(), "now() - interval '150 days'");
  const auto ids = [&] {
    return one("SELECT string_agg(rating_id::text, ',' ORDER BY submitted_at) FROM diary.ratings");
  };
  owner.exec(
      "UPDATE analytics.segment_state SET next_event_at = now() - interval '500 days' WHERE segment_id = $1",
      {where});
  EXPECT_EQ(one("SELECT diary.detach_months('7 months')"), "0") << "a cursor has not left the month behind";
  owner.exec("SELECT analytics.advance_windows()");
  EXPECT_EQ(one("SELECT diary.detach_months('12 months')"), "1");
  EXPECT_EQ(ids(), old + "," + young);
  EXPECT_EQ(one("SELECT diary.detach_months('7 months')"), "1");
  EXPECT_EQ(ids(), young);
  EXPECT_EQ(one("SELECT diary.detach_months('7 months')"), "0");
  EXPECT_EQ(drift(), "0");
  EXPECT_EQ(one("SELECT count(*) FROM diary.partition WHERE detached_at IS NOT NULL"), "2");
  // They are still known: to a retry, to what comes late, to the account's deletion and to the audit.
  EXPECT_EQ(
      refusal(owner,
              "INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating) VALUES ($1, $2, $3, 4)",
              {old, where, who}),
      "");
  EXPECT_EQ(
      refusal(owner,
              "INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating) VALUES ($1, $2, $3, 4)",
              {old, where, user()}),
      "23505");
  owner.exec(
      "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at, received_at) VALUES ($1, $2, 2, "
      "now() - interval '400 days', now() - interval '400 days')",
      {where, who});
  EXPECT_EQ(close(1000), 0) << "what comes after its month was let go stays in the open part";
  owner.exec("SELECT diary.make_partitions()");
  owner.exec("DELETE FROM auth.users WHERE user_id = $1", {who});
  EXPECT_EQ(one("SELECT count(*) FROM diary.closed_ratings"), "0");
  EXPECT_EQ(one("SELECT count(*) FROM audit.log WHERE table_name = 'diary.ratings' AND operation = 'DELETE'"),
            "4");
  EXPECT_EQ(drift(), "0");
}

TEST_F(Partitions, AnIndexAddedLaterReachesThem) {
  owner.exec("CREATE INDEX later ON diary.ratings (device) WHERE device IS NOT NULL");
  owner.exec("SELECT diary.make_partitions()");
  owner.exec("SELECT diary.make_partitions()");
  EXPECT_EQ(
      one("SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%btree (device) WHERE (device IS NOT NULL)'"),
      "5");
  EXPECT_EQ(one("SELECT count(DISTINCT (SELECT string_agg(tgname || tgtype || tgfoid, ',' ORDER BY tgname) "
                "FROM pg_trigger "
                "WHERE tgrelid = ('diary.' || child)::regclass AND NOT tgisinternal)) FROM diary.partition "
                "WHERE parent = 'ratings'"),
            "1");
  EXPECT_EQ(one("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text LIKE "
                "'diary.ratings_p%'"),
            "12");
}

// With every month's own index, however the planner guesses.
TEST_F(Partitions, PlansUseEachMonthsIndexes) {
  owner.exec("SELECT diary.make_partitions(20)");
  owner.exec("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off");
  for (const char* query : {"SELECT * FROM diary.ratings WHERE rating_id = $1::uuid",
                            "SELECT * FROM diary.ratings WHERE user_id = $1::uuid AND segment_id = $2 AND "
                            "submitted_at > $3::timestamptz",
                            "SELECT * FROM diary.votes WHERE user_id = $1::uuid AND segment_id = $2 AND "
                            "submitted_at > $3::timestamptz",
                            "SELECT * FROM analytics.sample WHERE segment_id = $2 AND t > $3::timestamptz "
                            "AND $1::uuid IS NOT NULL"}) {
    owner.exec(std::string("PREPARE q AS ") + query);
    const bool one_parameter = std::string(query).find("$2") == std::string::npos;
    const auto plan =
        owner.exec(std::string("EXPLAIN EXECUTE q(NULL") + (one_parameter ? ")" : ", NULL, NULL)"));
    int indexed = 0;
    for (int i = 0; i < plan.size(); ++i) {
      EXPECT_EQ(plan.str(i, 0).find("Seq Scan"), std::string::npos) << query << ": " << plan.str(i, 0);
      if (plan.str(i, 0).find("Index Cond: ") != std::string::npos) ++indexed;
    }
    EXPECT_GE(indexed, 22) << query;
    owner.exec("DEALLOCATE q");
  }
}

TEST_F(Partitions, APastMomentReadsItsHalfYearAlone) {
  closed_rating(user(), segment(), "now() - interval '300 days'");
  closed_rating(user(), segment(), "now() - interval '50 days'");
  const auto plan =
      owner.exec("EXPLAIN SELECT * FROM analytics.segment_live(" +
                 one("SELECT quote_literal(now() - interval '10 days')") + ") WHERE segment_id = 's'");
  std::string all;
  for (int i = 0; i < plan.size(); ++i) all += plan.str(i, 0) + "\n";
  const auto child = [&](const char* days) {
    return one("SELECT to_char(now() AT TIME ZONE 'UTC' - $1::interval, '\"ratings_p\"YYYY\"_\"MM')", {days});
  };
  EXPECT_NE(all.find("on " + child("50 days") + " "), std::string::npos) << all;
  EXPECT_EQ(all.find("on " + child("300 days") + " "), std::string::npos) << all;
}

TEST_F(Partitions, TheServersRoleMayCloseAndNotMore) {
  auto server = app();
  EXPECT_EQ(refusal(server, "SELECT diary.make_partitions()"), "");
  EXPECT_EQ(refusal(server, "SELECT diary.close_months()"), "");
  EXPECT_EQ(refusal(server, "SELECT diary.detach_months('7 months')"), "");
  EXPECT_EQ(refusal(server, "SELECT * FROM diary.partition"), "");
  for (const char* sql :
       {"UPDATE diary.closing SET moving = true", "SELECT * FROM diary.closed_ratings",
        "SELECT diary.make_partition('ratings', '2020-01-01')", "SELECT diary.align_partitions()",
        "SELECT diary.close_some('ratings', now(), 1)", "DELETE FROM diary.partition"})
    EXPECT_EQ(refusal(server, sql), "42501") << sql;
}

TEST_F(Partitions, AreCountedOnceAfterARestore) {
  history(300);
  close_all();
  const auto found = IntegrityStore(super).look();
  std::map<std::string, std::int64_t> rows(found.rows.begin(), found.rows.end());
  EXPECT_EQ(rows.size(), found.rows.size());
  EXPECT_EQ(std::to_string(rows["diary.ratings"]), one("SELECT count(*) FROM diary.ratings"));
  EXPECT_EQ(std::to_string(rows["diary.votes"]), one("SELECT count(*) FROM diary.votes"));
  for (const auto& [name, count] : rows) EXPECT_EQ(name.find("_p20"), std::string::npos) << name;
}

TEST_F(Partitions, SurviveADump) {
  history(300);
  close_all();
  const support::TemporaryFolder folder;
  const std::string file = folder.path() / "dump";
  const auto dumped =
      support::run({"pg_dump", "-Fc", "--dbname=" + database.superuser_conninfo(), "--file=" + file});
  ASSERT_EQ(dumped.code, 0) << dumped.output;
  const support::TestDatabase other(support::Schema::empty);
  const auto restored = support::run({"pg_restore", "--clean", "--if-exists", "--single-transaction",
                                      "--exit-on-error", "--dbname=" + other.superuser_conninfo(), file});
  ASSERT_EQ(restored.code, 0) << restored.output;
  const auto before = everything();
  super = pg::Connection(other.superuser_conninfo());
  owner = pg::Connection(other.owner_conninfo());
  EXPECT_EQ(everything(), before);
  EXPECT_EQ(drift(), "0");
  EXPECT_EQ(refusal(owner, "UPDATE diary.ratings SET status = 'rejected'"), "");
  EXPECT_EQ(drift(), "0");
  EXPECT_EQ(refusal(owner, "SELECT diary.close_months()"), "");
  EXPECT_EQ(refusal(owner, "SELECT diary.make_partitions(4)"), "");
}

TEST_F(Partitions, TheServerSeesToThem) {
  history(100);
  owner.exec(
      "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at) VALUES ($1, $2, 3, now() - "
      "interval "
      "'400 days')",
      {segment(), user()});
  owner.exec("DROP TABLE diary." +
             one("SELECT child FROM diary.partition ORDER BY month DESC, parent LIMIT 1"));
  const Upkeep upkeep(database.owner_conninfo(), pg::app_role, {.samples = 7});
  EXPECT_TRUE(support::eventually([&] {
    return one("SELECT count(*) FROM ONLY diary.ratings WHERE submitted_at < date_trunc('month', now() - "
               "interval '72 "
               "hours', 'UTC')") == "0";
  }));
  EXPECT_TRUE(support::eventually([&] {
    return one("SELECT count(*) FROM diary.partition WHERE to_regclass('diary.' || child) IS NULL") == "0";
  }));
  EXPECT_EQ(drift(), "0");
}

}  // namespace
}  // namespace diary::test
