// SPDX-License-Identifier: Apache-2.0
// `diary backup` and `diary restore` with the real pgBackRest: what was there at a time is there again, to
// the last row, and nothing else; whatever is killed on the way.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fstream>

#include "base/time.hpp"
#include "support/eventually.hpp"
#include "support/http_client.hpp"
#include "support/program.hpp"
#include "support/ran.hpp"
#include "support/served.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_database.hpp"

namespace diary::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// Each table's rows as one checksum, whatever their order. As the superuser, whom row security hides nothing
// from.
constexpr const char* fingerprint_query = R"(
SELECT c.oid::regclass || ' ' || (xpath('/row/s/text()', query_to_xml(format(
         'SELECT count(*) || '':'' || coalesce(md5(string_agg(t::text, chr(10) ORDER BY t::text)), '''') AS s FROM %s t',
         c.oid::regclass), false, true, '')))[1]
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit') AND c.relkind = 'r' ORDER BY 1)";

// A moment of the database: when, and what was in it.
struct Moment {
  std::string time;
  std::string fingerprint;
};

class Backup : public testing::Test {
 protected:
  support::Ran diary(std::vector<std::string> arguments, const std::map<std::string, std::string>& env = {}) {
    arguments.insert(arguments.begin(), DIARY_BINARY);
    arguments.insert(arguments.end(), {"--data", folder});
    return support::run(arguments, env);
  }
  void succeed(const std::vector<std::string>& arguments) {
    const auto ran = diary(arguments);
    EXPECT_EQ(ran.code, 0) << arguments.front() << ": " << ran.output;
  }
  void expect_refusal(const std::vector<std::string>& arguments, const std::string& why,
                      const std::map<std::string, std::string>& env = {}) {
    const auto ran = diary(arguments, env);
    EXPECT_EQ(ran.code, 1) << ran.output;
    EXPECT_NE(ran.output.find(why), std::string::npos) << ran.output;
  }
  std::string sql(const std::string& text) {
    const auto ran = diary({"psql", "--log-level", "error", "-U", "postgres", "-qAt", "-v", "ON_ERROR_STOP=1",
                            "-c", "SET client_min_messages = error", "-c", text});
    EXPECT_EQ(ran.code, 0) << ran.output;
    return ran.output;
  }
  Moment moment() {
    const std::string answer = sql(
        std::string(
            "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"');") +
        fingerprint_query);
    // psql -c prints the answers of all statements.
    const auto end = answer.find('\n');
    return {answer.substr(0, end), answer.substr(end + 1)};
  }
  std::string fingerprint() { return sql(fingerprint_query); }
  void rate(const std::string& from, const std::string& upto) {
    sql("INSERT INTO diary.ratings (segment_id, user_id, rating) SELECT 's' || i, (SELECT user_id FROM "
        "auth.users "
        "LIMIT 1), 1 + i % 5 FROM generate_series(" +
        from + ", " + upto + ") i");
  }
  void fill() {
    succeed({"migrate"});
    sql("INSERT INTO auth.users (email, password_hash) VALUES ('ann@example.org', repeat('x', 60)); "
        "INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT 's' || i, 'Main Street', "
        "70, "
        "ST_SetSRID(ST_MakeLine(ST_MakePoint(i * 0.0001, 0), ST_MakePoint(i * 0.0001 + 0.0001, 0)), 4326) "
        "FROM generate_series(0, 999) i; "
        "INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating) SELECT 's' || i, (SELECT "
        "user_id "
        "FROM auth.users LIMIT 1), 'agree', 3 FROM generate_series(0, 99) i");
    rate("0", "99");
  }
  json::array list() {
    const auto ran = diary({"backup", "list", "--json"});
    EXPECT_EQ(ran.code, 0) << ran.output;
    return json::parse(ran.output).as_array();
  }
  // pgBackRest tells a backup's end to the second; a time within it may be before the end.
  void let_the_second_pass() {
    const auto stop = parse_rfc3339(list().back().at("stop").as_string());
    ASSERT_TRUE(stop);
    ASSERT_TRUE(support::eventually([&] { return now() > *stop + std::chrono::seconds{1}; }));
  }
  std::string kept() {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().filename().string().starts_with("pg.before-restore-")) return entry.path();
    }
    return {};
  }
  void forget_kept() {
    for (std::string name = kept(); !name.empty(); name = kept()) fs::remove_all(name);
  }
  // Kills a restore to `time` as soon as `seen`.
  void kill_restore(const std::string& time, const std::function<bool()>& seen) {
    support::Program restore({DIARY_BINARY, "restore", "--data", folder, "--to", time});
    EXPECT_TRUE(support::eventually([&] { return seen() || !restore.running(); }));
    EXPECT_TRUE(restore.running()) << restore.rest();
    restore.kill_hard();
  }

  support::TemporaryFolder temporary;
  fs::path folder = temporary.path() / "the data";
};

TEST_F(Backup, BringsBackEachMoment) {
  fill();
  std::unique_ptr<support::Served> server =
      std::make_unique<support::Served>(DIARY_BINARY, std::vector<std::string>{"--data", folder});
  succeed({"backup"});
  expect_refusal({"restore"}, "is serving " + folder.string() + ": stop it first");
  ASSERT_EQ(server->stop(), 0);
  let_the_second_pass();

  rate("100", "199");
  const Moment wanted = moment();
  rate("200", "299");
  const Moment later = moment();
  sql("DROP TABLE diary.votes CASCADE");
  const std::string after = fingerprint();

  succeed({"restore", "--to", wanted.time});
  EXPECT_EQ(fingerprint(), wanted.fingerprint);
  EXPECT_NE(wanted.fingerprint, later.fingerprint);
  EXPECT_EQ(sql("SELECT count(*) FROM analytics.drift"), "0\n");
  EXPECT_NE(kept(), "");
  forget_kept();

  // It serves, takes a write, archives, and is backed up again.
  server = std::make_unique<support::Served>(DIARY_BINARY, std::vector<std::string>{"--data", folder});
  {
    support::HttpClient client(server->port());
    const auto answer =
        client.post("/api/v1/auth/register", {{"email", "ben@example.org"}, {"password", "correct horse"}});
    EXPECT_EQ(answer.status, 201U) << answer.body;
  }
  succeed({"backup", "--type", "diff"});
  ASSERT_EQ(server->stop(), 0);
  const auto backups = list();
  ASSERT_EQ(backups.size(), 2U);
  EXPECT_EQ(backups[0].at("type").as_string(), "full");
  EXPECT_EQ(backups[1].at("type").as_string(), "diff");
  for (const json::value& backup : backups) EXPECT_TRUE(backup.at("verified").as_bool());
  EXPECT_TRUE(backups[1].at("last_wal").as_string().starts_with("00000002")) << backups[1].at("last_wal");
  let_the_second_pass();

  rate("300", "399");
  const std::string end = fingerprint();
  succeed({"restore"});
  EXPECT_EQ(fingerprint(), end) << "the end of the archive";
  // The timeline that the first restore left was the service's at that time.
  succeed({"restore", "--to", later.time});
  EXPECT_EQ(fingerprint(), later.fingerprint);
  succeed({"restore", "--to", wanted.time});
  EXPECT_EQ(fingerprint(), wanted.fingerprint);
  EXPECT_NE(after, later.fingerprint);
}

TEST_F(Backup, WhatIsKilledIsExplainedOrHealed) {
  fill();
  succeed({"backup", "--no-verify"});
  EXPECT_TRUE(list().back().at("verified").is_null());
  let_the_second_pass();
  rate("100", "199");
  const Moment wanted = moment();
  rate("200", "299");
  const std::string before = fingerprint();

  kill_restore(wanted.time, [&] { return fs::exists(folder / "pg.restoring/base"); });
  EXPECT_EQ(fingerprint(), before) << "killed while it was copied";
  kill_restore(wanted.time, [&] { return fs::exists(folder / "pg.restoring/standby.signal"); });
  EXPECT_EQ(fingerprint(), before) << "killed while it was rehearsed";
  kill_restore(wanted.time, [&] { return !kept().empty(); });
  EXPECT_EQ(fingerprint(), wanted.fingerprint) << "killed when it had taken the place";

  // Between the two renames.
  const fs::path former = kept();
  fs::rename(folder / "pg", folder / "pg.restoring");
  std::ofstream(folder / "restore.swap") << former.filename().string() << '\n';
  EXPECT_EQ(fingerprint(), wanted.fingerprint);
  EXPECT_FALSE(fs::exists(folder / "restore.swap"));

  // Nobody is served an empty database in its stead.
  fs::rename(folder / "pg", folder / "moved");
  expect_refusal({"psql", "-c", "SELECT 1"}, "pg is missing, but there is a pg.before-restore-");
  fs::remove_all(former);
  expect_refusal({"psql", "-c", "SELECT 1"}, "pg is missing, but there are backups: run diary restore");
  fs::remove_all(folder / "moved");
  succeed({"restore", "--to", wanted.time});
  EXPECT_EQ(fingerprint(), wanted.fingerprint) << "from the repository alone";
}

// The machine is lost, and a copy of the repository is all there is.
TEST_F(Backup, ARepositoryElsewhereBringsItBackInAnotherFolder) {
  fill();
  const fs::path repository = temporary.path() / "repository";
  chmod(temporary.path().c_str(), 0777);
  succeed({"backup", "--no-verify", "--backup-repository", repository});
  EXPECT_FALSE(fs::exists(folder / "backup"));
  let_the_second_pass();
  rate("100", "199");
  const std::string end = fingerprint();
  folder = temporary.path() / "other";
  expect_refusal({"restore"}, "there is no backup in");
  EXPECT_FALSE(fs::exists(folder / "pgbackrest.conf")) << "a refusal switches nothing on";
  succeed({"restore", "--backup-repository", repository});
  EXPECT_EQ(fingerprint(), end);
}

TEST_F(Backup, ADamagedBackupIsCalledBad) {
  fill();
  succeed({"backup", "--no-verify"});
  // The archive's last files of the backup are gone: it can never become consistent.
  fs::path archive = folder / "backup/archive/diary/15-1";
  for (const auto& entry : fs::directory_iterator(folder / "backup/archive/diary")) {
    if (entry.is_directory()) archive = entry.path();
  }
  fs::remove_all(archive / "0000000100000000");
  const auto ran = diary({"backup", "verify"});
  EXPECT_EQ(ran.code, 1) << ran.output;
  EXPECT_NE(ran.output.find(" is BAD: "), std::string::npos) << ran.output;
  EXPECT_FALSE(list().back().at("verified").as_bool());
  EXPECT_FALSE(fs::exists(folder / "pg.verifying"));
}

// The specification's 9.1 and 9.2. As the superuser: row security is forced, so the owner's own dump is
// refused.
TEST_F(Backup, ALogicalDumpRestoresAsPrinted) {
  fill();
  sql("INSERT INTO diary.routes (user_id, route_name, segment_ids, geometry, length_m, duration_min) SELECT "
      "user_id, "
      "'home', '{s0,s1}', ST_SetSRID(ST_MakeLine(ST_MakePoint(0, 0), ST_MakePoint(0.0002, 0)), 4326), 140, 2 "
      "FROM "
      "auth.users");
  const std::string before = fingerprint();
  const std::string dump = temporary.path() / "diary.dump";
  // A psql that stays, so that the database does.
  support::Program held(
      {DIARY_BINARY, "psql", "--data", folder, "-qAt", "-c", "SELECT 1", "-c", "SELECT pg_sleep(600)"});
  ASSERT_EQ(held.line(), "1");
  const std::vector<std::string> where{"-h", folder / "run", "-U", "postgres", "-d", "diary"};
  const auto with = [&](std::vector<std::string> argv) {
    argv.insert(argv.begin() + 1, where.begin(), where.end());
    return support::run(argv);
  };
  const auto dumped = with({"pg_dump", "-F", "c", "-f", dump});
  ASSERT_EQ(dumped.code, 0) << dumped.output;
  EXPECT_EQ(with({"psql", "-qc", "DELETE FROM diary.votes; DELETE FROM diary.routes"}).code, 0);
  const auto restored = with({"pg_restore", "-c", dump});
  EXPECT_EQ(restored.code, 0) << restored.output;
  EXPECT_EQ(with({"psql", "-qAt", "-c", fingerprint_query}).output, before);
  EXPECT_EQ(with({"psql", "-qAtc", "SELECT count(*) FROM analytics.drift"}).output, "0\n");
  EXPECT_EQ(with({"psql", "-qc",
                  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE "
                  "'%pg_sleep(600)' AND pid <> pg_backend_pid()"})
                .code,
            0);
  held.wait();
  EXPECT_EQ(fingerprint(), before);
}

TEST(BackupConfig, TellsADatabaseOfOnesOwnWhatItNeeds) {
  const support::TestDatabase database(support::Schema::empty);
  const auto config = [](const std::string& url) {
    const auto ran = support::run({DIARY_BINARY, "backup", "config", "--database", url});
    EXPECT_EQ(ran.code, 0) << ran.output;
    return ran.output;
  };
  pg::Connection superuser(database.superuser_conninfo());
  EXPECT_NE(config(database.superuser_conninfo())
                .find("pg1-path=" + superuser.exec("SHOW data_directory").str(0, 0) + "\n"),
            std::string::npos);
  const std::string withheld = config(database.app_conninfo());
  EXPECT_NE(withheld.find("may not ask for data_directory"), std::string::npos) << withheld;
  EXPECT_NE(withheld.find("archive_command = 'pgbackrest --stanza=diary archive-push %p'"),
            std::string::npos);
}

TEST_F(Backup, SaysWhyItRefuses) {
  expect_refusal({"restore"}, "there is no backup in " + (folder / "backup").string());
  expect_refusal({"restore", "--to", "2026-01-02T03:04:05"}, "--to takes a date, a time and its zone");
  expect_refusal({"restore", "--to", "yesterday"}, "--to takes a date, a time and its zone");
  const std::string package = "apt-get install pgbackrest";
  expect_refusal({"backup"}, package, {{"PATH", "/nonexistent"}});
  expect_refusal({"restore"}, package, {{"PATH", "/nonexistent"}});
  expect_refusal({"backup", "--database", "postgresql:///other"}, "diary backup config prints");
  expect_refusal({"restore", "--database", "postgresql:///other"}, "for a PostgreSQL of your own");
  EXPECT_EQ(diary({"backup", "--type", "huge"}).code, 2);
  EXPECT_FALSE(fs::exists(folder / "pg")) << "nothing was started for that";

  fill();
  const std::string before = fingerprint();
  succeed({"backup", "--no-verify"});
  expect_refusal({"restore", "--to", "2999-01-01T00:00:00Z"}, "is in the future; nothing was changed");
  expect_refusal({"restore", "--to", "2001-01-01T00:00:00Z"}, "is before the oldest backup was complete");
  expect_refusal({"restore", "--set", "20010101-000000F"}, "there is no backup \"20010101-000000F\"");
  EXPECT_EQ(fingerprint(), before);
  // Without pgBackRest it still runs, and says what it costs.
  const auto ran = diary({"psql", "-qAt", "-c", "SELECT 1"}, {{"PATH", "/nonexistent"}});
  EXPECT_EQ(ran.code, 0) << ran.output;
  EXPECT_NE(ran.output.find(package), std::string::npos) << ran.output;
}

}  // namespace
}  // namespace diary::test
