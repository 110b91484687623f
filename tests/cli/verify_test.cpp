// SPDX-License-Identifier: Apache-2.0
// diary verify: what it prints, how it ends, and that it leaves nothing behind.
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <set>

#include "cli/cli_test.hpp"
#include "store/dump_store.hpp"
#include "support/eventually.hpp"
#include "support/temporary_folder.hpp"

namespace diary::cli::test {
namespace {

struct Told {
  int code;
  bool ok;
  json::array checks;

  [[nodiscard]] std::size_t count(std::string_view status) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        checks, [&](const json::value& check) { return check.at("status").as_string() == status; }));
  }
};

Told verify(const std::string& conninfo, std::vector<std::string> more = {}) {
  std::vector<std::string> argv{DIARY_BINARY, "verify", "--json", "--database", conninfo};
  argv.insert(argv.end(), more.begin(), more.end());
  const auto ran = support::run(argv);
  const auto told = json::parse(ran.output).as_object();
  return {ran.code, told.at("ok").as_bool(), told.at("checks").as_array()};
}

class Verify : public CliTest {
 protected:
  std::vector<TableSum> sums() { return DumpStore(super).sums(); }
  // Of views too, and what is not a row.
  std::string others() {
    return super
        .exec(
            "SELECT concat((SELECT string_agg(a::text, '' ORDER BY segment_id) FROM "
            "analytics.segment_aggregates a), "
            "(SELECT string_agg(t::text, '' ORDER BY route_id, date) FROM analytics.trend_daily t), "
            "(SELECT string_agg(oid::regclass::text, ' ' ORDER BY oid) FROM pg_class WHERE relpersistence <> "
            "'t'), "
            "(SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE datname LIKE "
            "'diary_verify%'))")
        .str(0, 0);
  }
  void fill() {
    owner.exec(
        "INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT 's' || i, 'Street', 80, "
        "ST_SetSRID(ST_MakeLine(ST_MakePoint(i % 60 * 0.001 - 75.19, 39.95 + i / 60 * 0.001), "
        "ST_MakePoint(i % 60 * 0.001 - 75.189, 39.95 + i / 60 * 0.001)), 4326) FROM generate_series(1, 3000) "
        "i");
    ASSERT_EQ(diary({"synth", "--ratings", "3000", "--seed", "11", "--votes", "300"}).code, 0);
    ASSERT_EQ(diary({"refresh"}).code, 0);
    super.exec("ANALYZE");
  }
  pg::Connection super{database.superuser_conninfo()};
};

TEST_F(Verify, AFreshDatabaseIsAsSpecified) {
  const auto told = verify(database.superuser_conninfo());
  EXPECT_EQ(told.code, 0);
  EXPECT_TRUE(told.ok);
  EXPECT_GT(told.count("ok"), 500U);
  for (const json::value& check : told.checks) {
    EXPECT_EQ(check.as_object().size(), 6U);
    const bool small = check.at("kind").as_string() == "setting" && check.at("status").as_string() == "note";
    EXPECT_TRUE(check.at("status").as_string() == "ok" || small) << json::serialize(check);
  }
}

TEST_F(Verify, NamesTheIndexWithoutHelpOnceThereIsData) {
  fill();
  owner.exec("SELECT analytics.sync_segments()");
  super.exec("ANALYZE diary.segments");
  for (const json::value& check : verify(database.owner_conninfo(), {"--section", "11.3"}).checks) {
    const std::string evidence(check.at("evidence").as_string());
    EXPECT_EQ(evidence.find("enable_seqscan"), std::string::npos) << evidence;
    EXPECT_NE(evidence.find("idx_seg"), std::string::npos) << evidence;
  }
}

TEST_F(Verify, LeavesNothingBehind) {
  fill();
  const auto rows = sums();
  const auto rest = others();
  EXPECT_EQ(verify(database.superuser_conninfo()).code, 0);
  EXPECT_EQ(sums(), rows);
  EXPECT_EQ(others(), rest);
  // Halfway: a trigger that fails where the scripts are well under way.
  super.exec(
      "CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; "
      "END'; "
      "CREATE TRIGGER fail BEFORE DELETE ON diary.routes FOR EACH ROW EXECUTE FUNCTION public.fail()");
  const auto broken = others();
  EXPECT_EQ(verify(database.superuser_conninfo()).code, 1);
  EXPECT_EQ(sums(), rows);
  EXPECT_EQ(others(), broken);
}

TEST_F(Verify, ALockOfSomebodyElseIsNoFault) {
  const pg::Transaction transaction(super);
  super.exec("REFRESH MATERIALIZED VIEW analytics.coverage_grid");  // keeps readers out as well
  const auto told = verify(database.owner_conninfo(), {"--section", "11.2"});
  EXPECT_EQ(told.code, 0);
  EXPECT_EQ(told.count("skipped"), 3U);
}

TEST_F(Verify, TheServersRoleIsToldToStandAside) {
  const auto ran = support::run({DIARY_BINARY, "verify", "--database", database.app_conninfo()});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.output.find("permission denied"), std::string::npos);
  EXPECT_NE(ran.output.find("verify as the owner"), std::string::npos);
  EXPECT_EQ(ran.output.find("internal error"), std::string::npos) << ran.output;
}

TEST_F(Verify, ForPeopleALineEach) {
  const auto all = diary({"verify"});
  EXPECT_EQ(all.code, 0) << all.output;
  EXPECT_NE(all.output.find("ok      3.1   table diary.segments: table\n"), std::string::npos) << all.output;
  EXPECT_EQ(all.output.find('\033'), std::string::npos) << "colours are for a terminal";
  EXPECT_NE(all.output.find(" checks: "), std::string::npos);
  EXPECT_NE(all.output.find("0 missing, 0 wrong"), std::string::npos);
  owner.exec("DROP INDEX diary.idx_votes_user");
  const auto bad = diary({"verify", "--only-failed", "--section", "3.3"});
  EXPECT_EQ(bad.code, 1);
  EXPECT_TRUE(
      bad.output.starts_with("missing 3.3   index diary.idx_votes_user: nothing (expected: CREATE INDEX "))
      << bad.output;
  EXPECT_EQ(std::ranges::count(bad.output, '\n'), 2) << bad.output;
}

// Types, casts and brackets print differently after a dump and a restore.
TEST_F(Verify, ARestoredDumpIsAsSpecified) {
  fill();
  const support::TemporaryFolder folder;
  const std::string file = folder.path() / "dump";
  const auto dump = support::run({"pg_dump", "-Fc", "-f", file, "-d", database.superuser_conninfo()});
  ASSERT_EQ(dump.code, 0) << dump.output;
  const std::string copy = database.name() + "_copy";
  super.exec("CREATE DATABASE " + copy + " TEMPLATE template0 OWNER diary_owner");
  auto there = database.superuser_conninfo();
  there.replace(there.find(database.name()), database.name().size(), copy);
  const auto restore = support::run({"pg_restore", "--exit-on-error", "-d", there, file});
  EXPECT_EQ(restore.code, 0) << restore.output;
  for (const json::value& check : verify(there).checks)
    EXPECT_TRUE(check.at("status").as_string() == "ok" || check.at("kind").as_string() == "setting")
        << json::serialize(check);
  super.exec("DROP DATABASE " + copy);
}

TEST(VerifyElsewhere, AnEmptyDatabaseHasNothing) {
  const support::TestDatabase database(support::Schema::empty);
  const auto told = verify(database.owner_conninfo());
  EXPECT_EQ(told.code, 1);
  EXPECT_FALSE(told.ok);
  std::set<std::string> kinds;
  for (const json::value& check : told.checks) {
    if (check.at("status").as_string() == "ok") kinds.emplace(check.at("kind").as_string());
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"extension", "role", "setting"}))
      << "what belongs to the whole server";
  EXPECT_GT(told.count("missing"), 500U);
}

TEST(VerifyElsewhere, TheEmbeddedDatabaseIsHeldToEverything) {
  const support::TemporaryFolder folder;
  const std::string data = folder.path() / "data";
  const auto migrated = support::run({DIARY_BINARY, "migrate", "--data", data});
  ASSERT_EQ(migrated.code, 0) << migrated.output;
  const auto ran = support::run({DIARY_BINARY, "verify", "--only-failed", "--data", data});
  EXPECT_EQ(ran.code, 0) << ran.output;
  EXPECT_EQ(ran.output.find("skipped"), std::string::npos) << ran.output;
  EXPECT_EQ(ran.output.find("shared_buffers"), std::string::npos) << ran.output;
}

}  // namespace
}  // namespace diary::cli::test
