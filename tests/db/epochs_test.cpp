// SPDX-License-Identifier: Apache-2.0
// Numbers of transactions mean nothing outside the history that gave them: a database that moves to another
// cluster, or whose cluster takes another turn, keeps its audit chain, goes on sealing, and has nothing to
// tell anew.
#include <gtest/gtest.h>

#include "pg/pool.hpp"
#include "pg/provision.hpp"
#include "store/city_store.hpp"
#include "support/eventually.hpp"
#include "support/loose_cluster.hpp"
#include "support/ran.hpp"
#include "support/temporary_folder.hpp"

namespace diary::test {
namespace {

struct Place {
  support::LooseCluster cluster;
  pg::Connection super{cluster.conninfo(pg::superuser_role)};

  std::string one(const std::string& sql) { return super.exec(sql).str(0, 0); }
  std::string broken() {
    return one("SELECT coalesce(string_agg(b::text, ','), '') FROM audit.broken_batches() b");
  }
  // Each subtransaction takes a number.
  void give_away(int transactions) {
    super.exec(
        "DO $$ BEGIN FOR i IN 1.." + std::to_string(transactions) +
        " LOOP BEGIN INSERT INTO pg_temp.given VALUES (i); EXCEPTION WHEN others THEN RAISE; END; END LOOP; "
        "END $$");
  }
  bool seals() {
    return support::eventually([&] {
      super.exec("SELECT audit.seal()");
      return one("SELECT coalesce(sum(row_count), 0) = (SELECT count(*) FROM audit.log) FROM audit.batch") ==
             "t";
    });
  }
  void rate(const std::string& name) {
    super.exec("INSERT INTO auth.users (email, password_hash) VALUES ('" + name + "@example.org', '!')");
    super.exec(
        "INSERT INTO diary.ratings (segment_id, user_id, rating, tags) SELECT segment_id, user_id, 4, "
        "'{lit}' "
        "FROM diary.segments, auth.users WHERE email = '" +
        name + "@example.org'");
  }
};

class Moved : public testing::Test {
 protected:
  void SetUp() override {
    from.super.exec(
        "INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT 's' || i, 'Street', 80, "
        "ST_SetSRID(ST_MakeLine(ST_MakePoint(i * 0.001, 50), ST_MakePoint(i * 0.001 + 0.001, 50)), 4326) "
        "FROM generate_series(1, 40) i");
    for (Place* place : {&from, &to}) place->super.exec("CREATE TEMP TABLE given (i int)");
  }

  // As the operations manual has it.
  void move() {
    const support::TemporaryFolder folder;
    const auto file = (folder.path() / "diary.dump").string();
    const auto dumped =
        support::run({"pg_dump", "-Fc", "-f", file, "-d", from.cluster.conninfo(pg::superuser_role)});
    ASSERT_EQ(dumped.code, 0) << dumped.output;
    to.super.exec("CREATE TEMP TABLE IF NOT EXISTS given (i int)");
    pg::Connection elsewhere(with_database(to.cluster.conninfo(pg::superuser_role), "postgres"));
    to.super = pg::Connection(with_database(to.cluster.conninfo(pg::superuser_role), "postgres"));
    elsewhere.exec("DROP DATABASE diary WITH (FORCE)");
    elsewhere.exec("CREATE DATABASE diary OWNER diary_owner TEMPLATE template0");
    const auto restored =
        support::run({"pg_restore", "--exit-on-error", "-d", to.cluster.conninfo(pg::superuser_role), file});
    ASSERT_EQ(restored.code, 0) << restored.output;
    to.super = pg::Connection(to.cluster.conninfo(pg::superuser_role));
  }
  static std::string with_database(std::string conninfo, const std::string& name) {
    const auto at = conninfo.find("dbname=") + 7;
    const auto end = std::min(conninfo.find(' ', at), conninfo.size());
    return conninfo.replace(at, end - at, name);
  }

  void expect_all_well_after_the_move() {
    EXPECT_EQ(to.broken(), "") << "before anything was written";
    to.rate("newcomer");
    EXPECT_EQ(to.broken(), "") << "a false alarm of tampering";
    EXPECT_EQ(to.one("SELECT count(*) FROM diary.epoch"), "2");
    EXPECT_TRUE(to.seals());
    EXPECT_EQ(to.broken(), "");
    EXPECT_EQ(to.one("SELECT count(DISTINCT epoch) FROM audit.batch"), "2");
    EXPECT_EQ(to.one("SELECT count(*) FROM analytics.drift"), "0");
    EXPECT_EQ(to.one("SELECT coalesce(string_agg(doubt || ' ' || detail, '; '), '') FROM analytics.health"),
              "");
    // Who reads changes is told of the new ones, once.
    CityStore store(to.super);
    auto position = store.position();
    EXPECT_TRUE(store.changes(position.cursor, position.seen).changed.empty());
    to.super.exec("UPDATE diary.segments SET street = 'Avenue' WHERE segment_id = 's7'");
    EXPECT_EQ(store.changes(position.cursor, position.seen).changed, std::vector<std::string>{"s7"});
    position = store.position();
    EXPECT_TRUE(store.changes(position.cursor, position.seen).changed.empty());
    for (const SegmentState& state : store.states({"s1", "s7"}))
      EXPECT_LT(state.changed_xid, std::stoull(to.one("SELECT pg_current_xact_id()"))) << state.segment_id;
    const auto synced = to.one("SELECT analytics.sync_segments()");
    EXPECT_EQ(to.one("SELECT count(*) FROM analytics.segment_change WHERE changed_xid >= pg_snapshot_xmax('" +
                     synced + "') AND changed_xid < pg_snapshot_xmax(pg_current_snapshot())"),
              "0");
    // A change of what was sealed there is seen here.
    to.super.exec("BEGIN");
    to.super.exec("UPDATE audit.log SET new_data = '{}' WHERE log_id = (SELECT min(log_id) FROM audit.log)");
    EXPECT_EQ(to.broken(), "1");
    to.super.exec("ROLLBACK");
    to.super.exec("BEGIN");
    to.super.exec(
        "INSERT INTO audit.log (log_id, table_name, operation, txid) SELECT min(log_id) - 1, 'x', 'DELETE', "
        "'18446744073709551000' FROM audit.log");
    EXPECT_NE(to.broken(), "") << "a row put behind what was sealed of an epoch that is over";
    to.super.exec("ROLLBACK");
  }

  Place from;
  Place to;
};

TEST_F(Moved, IntoAYoungerCluster) {
  from.give_away(9000);
  from.rate("ann");
  ASSERT_TRUE(from.seals());
  from.rate("bob");  // not sealed when it goes
  ASSERT_GT(std::stoull(from.one("SELECT pg_current_xact_id()")),
            std::stoull(to.one("SELECT pg_current_xact_id()")) + 2000);
  move();
  if (HasFatalFailure()) return;
  expect_all_well_after_the_move();
}

TEST_F(Moved, IntoAnOlderCluster) {
  from.rate("ann");
  ASSERT_TRUE(from.seals());
  from.rate("bob");
  to.give_away(9000);
  move();
  if (HasFatalFailure()) return;
  expect_all_well_after_the_move();
}

TEST_F(Moved, ByPgUpgrade) {
  from.give_away(3000);
  from.rate("ann");
  ASSERT_TRUE(from.seals());
  from.rate("bob");
  const auto before = from.one("SELECT system_identifier FROM pg_control_system()");
  from.super = pg::Connection(with_database(from.cluster.conninfo(pg::superuser_role), "postgres"));
  from.cluster.upgrade();
  from.super = pg::Connection(from.cluster.conninfo(pg::superuser_role));
  ASSERT_NE(from.one("SELECT system_identifier FROM pg_control_system()"), before);
  EXPECT_EQ(from.broken(), "");
  from.rate("cleo");
  EXPECT_EQ(from.one("SELECT count(*) FROM diary.epoch"), "2");
  EXPECT_TRUE(from.seals());
  EXPECT_EQ(from.broken(), "");
  EXPECT_EQ(from.one("SELECT coalesce(string_agg(doubt || ' ' || detail, '; '), '') FROM analytics.health"),
            "");
}

// No statement's trigger fires for rows that come by a subscription, and no sequence comes along.
TEST_F(Moved, ByLogicalReplication) {
  from.super = pg::Connection(with_database(from.cluster.conninfo(pg::superuser_role), "postgres"));
  from.cluster.set("wal_level = logical\n");
  from.super = pg::Connection(from.cluster.conninfo(pg::superuser_role));
  from.rate("ann");
  ASSERT_TRUE(from.seals());
  from.super.exec("CREATE PUBLICATION moving FOR ALL TABLES");
  to.super = pg::Connection(with_database(to.cluster.conninfo(pg::superuser_role), "postgres"));
  to.super.exec("DROP DATABASE diary WITH (FORCE)");
  to.super.exec("CREATE DATABASE diary OWNER diary_owner TEMPLATE template0");
  const auto schema =
      support::run({"sh", "-c", "pg_dump -s -d \"$1\" | psql -qX -v ON_ERROR_STOP=1 -d \"$2\"", "sh",
                    from.cluster.conninfo(pg::superuser_role), to.cluster.conninfo(pg::superuser_role)});
  ASSERT_EQ(schema.code, 0) << schema.output;
  to.super = pg::Connection(to.cluster.conninfo(pg::superuser_role));
  auto source = from.cluster.conninfo(pg::superuser_role);
  for (std::size_t at = 0; (at = source.find('\'', at)) != std::string::npos; at += 2) source.insert(at, "'");
  to.super.exec("CREATE SUBSCRIPTION moving CONNECTION '" + source + "' PUBLICATION moving");
  const auto all_there = [&] {
    const std::string sql =
        "SELECT (SELECT count(*) FROM diary.ratings) || ' ' || (SELECT count(*) FROM audit.log) || ' ' || "
        "(SELECT count(*) FROM diary.segments) || ' ' || (SELECT count(*) FROM audit.batch)";
    return support::eventually([&] { return to.one(sql) == from.one(sql); });
  };
  ASSERT_TRUE(all_there());
  from.rate("bob");
  from.super.exec("UPDATE diary.ratings SET rating = 1 WHERE segment_id = 's3'");
  ASSERT_TRUE(all_there());
  const auto rebuild = [&] {
    return support::run({DIARY_BINARY, "rebuild", "--after-replication", "--database",
                         to.cluster.conninfo(pg::superuser_role)});
  };
  const auto early = rebuild();
  EXPECT_EQ(early.code, 1);
  EXPECT_NE(early.output.find("rows still come in by the subscription moving"), std::string::npos)
      << early.output;
  to.super.exec("DROP SUBSCRIPTION moving");
  const auto done = rebuild();
  EXPECT_EQ(done.code, 0) << done.output;
  EXPECT_NE(done.output.find("sequence audit.log_log_id_seq goes on"), std::string::npos) << done.output;
  EXPECT_EQ(to.one("SELECT count(*) FROM analytics.segment_aggregates"), "40");
  EXPECT_EQ(to.one("SELECT n FROM analytics.segment_state WHERE segment_id = 's3'"), "2");
  expect_all_well_after_the_move();
}

// Another turn of the same cluster: the rows stay, and what was numbered is settled.
TEST_F(Moved, OntoAnotherTimeline) {
  from.rate("ann");
  ASSERT_TRUE(from.seals());
  from.rate("bob");
  from.cluster.stop();
  from.cluster.promote();
  from.super = pg::Connection(from.cluster.conninfo(pg::superuser_role));
  from.rate("cleo");
  EXPECT_EQ(from.one("SELECT count(*) FROM diary.epoch"), "2");
  EXPECT_TRUE(from.seals());
  EXPECT_EQ(from.broken(), "");
}

}  // namespace
}  // namespace diary::test
