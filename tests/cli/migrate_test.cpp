// SPDX-License-Identifier: Apache-2.0
#include <boost/json/serialize.hpp>
#include <fstream>
#include <thread>

#include "base/uuid.hpp"
#include "cli/cli_test.hpp"
#include "support/temporary_folder.hpp"

namespace diary::cli::test {
namespace {

class Migrate : public CliTest {
 protected:
  Migrate() : CliTest(support::Schema::empty) {}
  // How many files are in which state.
  std::map<std::string, int> states() {
    std::map<std::string, int> counts;
    const auto status = diary_json({"migrate", "status"});
    for (const auto& file : status.as_array()) {
      EXPECT_EQ(file.as_object().size(), 2U);
      ++counts[std::string(file.at("state").as_string())];
    }
    return counts;
  }
};

TEST_F(Migrate, TwentyAtOnceMakeOneSchema) {
  std::vector<Ran> ran(20);
  std::vector<std::thread> threads;
  for (Ran& mine : ran) threads.emplace_back([&] { mine = diary({"migrate"}); });
  for (std::thread& thread : threads) thread.join();
  std::size_t applied = 0;
  for (const Ran& each : ran) {
    EXPECT_EQ(each.code, 0) << each.output;
    for (std::size_t at = 0; (at = each.output.find("applied   ", at)) != std::string::npos; ++at) ++applied;
  }
  EXPECT_EQ(std::to_string(applied), one("SELECT count(*) FROM diary.migration")) << "each file once";
  EXPECT_EQ(one("SELECT count(*) FROM diary.migration WHERE former <> '{}'"), "0");
  EXPECT_EQ(states().size(), 1U);
  EXPECT_EQ(states()["applied"], static_cast<int>(applied));
}

TEST_F(Migrate, ADryRunChangesNothing) {
  EXPECT_EQ(one("SELECT count(*) FROM pg_namespace WHERE nspname = 'diary'"), "0");
  const auto due = diary_json({"migrate", "--dry-run"});
  EXPECT_GT(due.as_array().size(), 10U);
  for (const auto& file : due.as_array()) EXPECT_EQ(file.at("state"), "pending");
  EXPECT_EQ(states()["pending"], static_cast<int>(due.as_array().size()));
  EXPECT_EQ(one("SELECT count(*) FROM pg_namespace WHERE nspname = 'diary'"), "0");
  EXPECT_EQ(diary({"migrate"}).code, 0);
  EXPECT_TRUE(diary_json({"migrate", "--dry-run"}).as_array().empty());
  EXPECT_NE(diary({"migrate"}).output.find("0 applied, the schema is up to date"), std::string::npos);
}

TEST_F(Migrate, AChangedMigrationIsRefused) {
  ASSERT_EQ(diary({"migrate"}).code, 0);
  owner.exec("UPDATE diary.migration SET checksum = 'other' WHERE name = 'migrations/0002_tables.sql'");
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"migrate"}, {"migrate", "status"}, {"migrate", "--dry-run"}})
    expect_failure(diary(arguments), 1, "migrations/0002_tables.sql was changed after it had been applied");
}

TEST_F(Migrate, ANewerDatabaseIsRefused) {
  ASSERT_EQ(diary({"migrate"}).code, 0);
  owner.exec("INSERT INTO diary.migration (name, checksum) VALUES ('migrations/9999_future.sql', 'x')");
  expect_failure(diary({"migrate"}), 1,
                 "newer than this program: its migrations/9999_future.sql is unknown here");
  expect_failure(support::run({DIARY_BINARY, "serve", "--listen", "127.0.0.1:0", "--database",
                               database.owner_conninfo()},
                              {{"DIARY_JWT_SECRET", std::string(32, 'x')}}),
                 1, "newer than this program");
}

TEST_F(Migrate, AnObjectsFormerTextIsNewer) {
  ASSERT_EQ(diary({"migrate"}).code, 0);
  owner.exec(
      "UPDATE diary.migration SET former = ARRAY[checksum], checksum = 'later' WHERE name = "
      "'objects/020_live.sql'");
  expect_failure(diary({"migrate"}), 1, "its objects/020_live.sql has a later text");
}

TEST_F(Migrate, AnOutdatedObjectIsAppliedAgain) {
  ASSERT_EQ(diary({"migrate"}).code, 0);
  owner.exec("UPDATE diary.migration SET checksum = 'earlier' WHERE name = 'objects/010_helpers.sql'");
  owner.exec(
      "CREATE OR REPLACE FUNCTION public.calculate_segment_cost(length_m NUMERIC, decayed_mean NUMERIC, "
      "safety_weight NUMERIC DEFAULT 0.5) RETURNS NUMERIC LANGUAGE sql AS 'SELECT 0::numeric'");
  EXPECT_EQ(states()["outdated"], 1);
  const auto ran = diary({"migrate"});
  EXPECT_NE(ran.output.find("applied   objects/010_helpers.sql\n1 applied"), std::string::npos) << ran.output;
  EXPECT_EQ(one("SELECT public.calculate_segment_cost(100, 5, 1)::int"), "100");
  EXPECT_EQ(one("SELECT former FROM diary.migration WHERE name = 'objects/010_helpers.sql'"), "{earlier}");
}

TEST_F(Migrate, OnlyTheOwnerCan) {
  const auto as_app = [&](const std::string& command, const std::map<std::string, std::string>& environment) {
    return support::run({DIARY_BINARY, command, "--database", database.app_conninfo()}, environment);
  };
  expect_failure(as_app("migrate", {}), 1, "name it in DIARY_OWNER_URL");
  EXPECT_EQ(as_app("migrate", {{"DIARY_OWNER_URL", database.owner_conninfo()}}).code, 0);
  EXPECT_EQ(as_app("migrate", {}).code, 0) << "nothing is due";
  owner.exec("UPDATE diary.migration SET checksum = 'earlier' WHERE name = 'objects/010_helpers.sql'");
  expect_failure(as_app("migrate", {}), 1, "name it in DIARY_OWNER_URL");
  expect_failure(support::run({DIARY_BINARY, "migrate"}, {{"DIARY_OWNER_URL", database.owner_conninfo()}}), 1,
                 "of no use without a DATABASE_URL");
}

class MigrateBySql : public Migrate {
 protected:
  Ran psql(const std::string& script, const std::string& conninfo) {
    const support::TemporaryFolder folder;
    std::ofstream(folder.path() / "schema.sql") << script;
    auto ran = support::run({"psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", conninfo, "-f",
                             (folder.path() / "schema.sql").string()});
    std::erase(ran.output, '\n');  // functions that return nothing
    return ran;
  }
  static std::string script(const std::vector<std::string>& arguments = {}) {
    std::vector<std::string> command{DIARY_BINARY, "migrate", "--sql"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const auto ran = support::run(command);
    EXPECT_EQ(ran.code, 0) << ran.output;
    return ran.output;
  }
  pg::Connection superuser{database.superuser_conninfo()};
};

TEST_F(MigrateBySql, MakesTheWholeSchema) {
  const auto ran = psql(script(), database.owner_conninfo());
  EXPECT_EQ(ran.code, 0) << ran.output;
  EXPECT_EQ(ran.output, "");
  EXPECT_EQ(states().size(), 1U) << "all applied";
  EXPECT_NE(diary({"migrate"}).output.find("0 applied"), std::string::npos);
  const auto checks = diary_json({"verify", "--only-failed"});
  EXPECT_EQ(checks.at("ok"), true) << boost::json::serialize(checks);
  const auto again = psql(script(), database.owner_conninfo());
  EXPECT_NE(again.code, 0);
  EXPECT_NE(again.output.find("for a database without the schema"), std::string::npos) << again.output;
}

TEST_F(MigrateBySql, IsAllOrNothing) {
  auto broken = script();
  broken.insert(broken.rfind("COMMIT"), "SELECT 1 / 0;\n");
  EXPECT_NE(psql(broken, database.owner_conninfo()).code, 0);
  EXPECT_EQ(one("SELECT count(*) FROM pg_namespace WHERE nspname = 'diary'"), "0");
}

TEST_F(MigrateBySql, BringsAnOlderSchemaUpToDate) {
  ASSERT_EQ(diary({"migrate"}).code, 0);
  owner.exec("UPDATE diary.migration SET checksum = 'earlier' WHERE name = 'objects/010_helpers.sql'");
  const auto due = script({"--database", database.owner_conninfo()});
  EXPECT_EQ(due.find("objects/020_live.sql\n"), std::string::npos) << "only what is due";
  ASSERT_EQ(psql(due, database.owner_conninfo()).code, 0);
  EXPECT_EQ(states().size(), 1U);
  EXPECT_EQ(one("SELECT former FROM diary.migration WHERE name = 'objects/010_helpers.sql'"), "{earlier}");
  const auto late = psql(due, database.owner_conninfo());
  EXPECT_NE(late.output.find("for another state"), std::string::npos) << late.output;
}

// A managed service gives a database, the right to make roles, and the extensions of its list; nothing else.
TEST_F(MigrateBySql, NeedsNoSuperuser) {
  const std::string name = "guest_" + Uuid::random().text().substr(0, 8);
  superuser.exec("CREATE EXTENSION IF NOT EXISTS postgis");
  superuser.exec("CREATE ROLE " + name + " CREATEROLE NOSUPERUSER NOBYPASSRLS");
  superuser.exec("GRANT diary_app, diary_analyst TO " + name);
  superuser.exec("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO " + name +
                 "', current_database()); END $$");
  const auto as_guest = database.superuser_conninfo() + " options='-c role=" + name + "'";
  const auto ran = psql(script(), as_guest);
  EXPECT_EQ(ran.code, 0) << ran.output;
  EXPECT_EQ(ran.output, "");
  EXPECT_EQ(one("SELECT count(*) FROM pg_tables WHERE schemaname = 'diary' AND tableowner <> '" + name + "'"),
            "0");
  const auto checks = support::run({DIARY_BINARY, "verify", "--only-failed", "--database", as_guest});
  EXPECT_EQ(checks.code, 0) << checks.output;
  superuser.exec(
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO diary_owner', current_database()); END $$");
  superuser.exec("DROP OWNED BY " + name + " CASCADE");
  superuser.exec("DROP ROLE " + name);
}

TEST_F(Migrate, WrongUseIsTwo) {
  EXPECT_EQ(diary({"migrate", "--sql", "--dry-run"}).code, 2);
  EXPECT_EQ(diary({"migrate", "backwards"}).code, 2);
  EXPECT_EQ(support::run({DIARY_BINARY}).code, 2);
  EXPECT_EQ(support::run({DIARY_BINARY, "nonsense"}).code, 2);
  EXPECT_EQ(support::run({DIARY_BINARY, "--version"}).code, 0);
  for (const char* command : {"serve", "migrate", "import", "refresh", "rebuild", "synth", "config"})
    EXPECT_EQ(support::run({DIARY_BINARY, command, "--help"}).code, 0) << command;
  EXPECT_EQ(support::run({DIARY_BINARY, "migrate", "--database", "host=/nonexistent dbname=x"}).code, 1);
}

}  // namespace
}  // namespace diary::cli::test
