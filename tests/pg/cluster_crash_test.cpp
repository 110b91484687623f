// SPDX-License-Identifier: Apache-2.0
// What is left when somebody is killed, with real signals, and that the next start does not mind.
#include <libpq-fe.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include "pg/child_process.hpp"
#include "pg/cluster_test.hpp"
#include "support/eventually.hpp"

namespace diary::pg {
namespace {

using support::eventually;

class ClusterCrashTest : public ClusterTest {
 protected:
  // A server in another process, with one committed row and a backend that is busy for good.
  void SetUp() override {
    server = hold("serve");
    ASSERT_EQ(server->line(), "ready");
    const auto guest = open();
    ASSERT_TRUE(guest) << guest.error().message;
    connect(**guest).exec("CREATE TABLE kept AS SELECT 7 AS n");
    busy = std::make_unique<Connection>((*guest)->conninfo(owner_role));
    busy_pid = static_cast<pid_t>(busy->exec("SELECT pg_backend_pid()").integer(0, 0));
    ASSERT_EQ(PQsendQuery(busy->raw(), "SELECT pg_sleep(100000)"), 1);
    postmaster = postmaster_pid();
    ASSERT_GT(postmaster, 0);
  }
  void expect_all_is_well() {
    const auto cluster = open(true);
    ASSERT_TRUE(cluster) << cluster.error().message;
    EXPECT_NE(postmaster_pid(), postmaster);
    EXPECT_EQ(connect(**cluster).exec("SELECT n FROM kept").integer(0, 0), 7);
  }
  // By what it does, not by its number: a zombie that nobody has waited for still has one.
  bool gone(pid_t pid) {
    const auto found = processes();
    return std::ranges::find(found, pid) == found.end();
  }

  std::unique_ptr<support::Program> server;
  std::unique_ptr<Connection> busy;
  pid_t busy_pid = 0;
  pid_t postmaster = 0;
};

TEST_F(ClusterCrashTest, ServerKilled) {
  server->kill_hard();
  EXPECT_TRUE(eventually([&] { return processes().empty(); })) << "PostgreSQL outlives its server";
  expect_all_is_well();
}

TEST_F(ClusterCrashTest, ServerKilledAndNextStartAtOnce) {
  server->kill_hard();
  expect_all_is_well();
}

TEST_F(ClusterCrashTest, PostmasterAndServerKilled) {
  kill(postmaster, SIGKILL);
  server->kill_hard();
  expect_all_is_well();
  EXPECT_TRUE(gone(busy_pid));
}

TEST_F(ClusterCrashTest, ServerAndPostmasterKilled) {
  server->kill_hard();
  kill(postmaster, SIGKILL);
  expect_all_is_well();
}

TEST_F(ClusterCrashTest, BackendKilled) {
  kill(busy_pid, SIGKILL);
  EXPECT_TRUE(eventually([&] {
    const auto guest = open();
    if (!guest) return false;
    try {
      return connect(**guest).exec("SELECT n FROM kept").integer(0, 0) == 7;
    } catch (const DbError&) {  // PostgreSQL restarts its other processes
      return false;
    }
  }));
  EXPECT_EQ(postmaster_pid(), postmaster);
}

TEST_F(ClusterTest, OwnerStartsADeadPostmasterAgain) {
  const auto cluster = open(true);
  ASSERT_TRUE(cluster) << cluster.error().message;
  connect(**cluster).exec("CREATE TABLE kept AS SELECT 7 AS n");
  EXPECT_TRUE((*cluster)->alive());
  kill(postmaster_pid(), SIGKILL);
  ASSERT_TRUE(eventually([&] { return !(*cluster)->alive(); }));
  const auto restarted = (*cluster)->restart();
  ASSERT_TRUE(restarted) << restarted.error().message;
  EXPECT_TRUE((*cluster)->alive());
  EXPECT_EQ(connect(**cluster).exec("SELECT n FROM kept").integer(0, 0), 7);
}

TEST_F(ClusterTest, PidFileThatNamesAStranger) {
  ASSERT_TRUE(open());
  support::Program stranger({"cat"});
  std::ofstream(folder / "pg/postmaster.pid") << stranger.pid() << "\n" << (folder / "pg").string() << "\n";
  const auto cluster = open();
  ASSERT_TRUE(cluster) << cluster.error().message;
  EXPECT_TRUE(stranger.running());
}

TEST_F(ClusterTest, PostmasterThatNobodyOwnsIsReplaced) {
  std::filesystem::path socket;
  {
    const auto cluster = open();
    ASSERT_TRUE(cluster) << cluster.error().message;
    socket = (*cluster)->socket_folder();
  }
  Command postgres;
  postgres.argv = {find_postgres()->folder / "postgres", "-D", folder / "pg", "-k", socket};
  postgres.as = *account();
  postgres.output = folder / "log/orphan.log";
  postgres.signal_when_orphaned = 0;
  const pid_t orphan = spawn(postgres);
  const auto conninfo = socket_conninfo(socket, owner_role, database_name);
  ASSERT_TRUE(eventually([&] { return PQping(conninfo.c_str()) == PQPING_OK; }));
  const auto cluster = open();
  ASSERT_TRUE(cluster) << cluster.error().message;
  EXPECT_EQ(exit_code(orphan), 0) << "shut down in order";
  EXPECT_EQ(connect(**cluster).exec("SELECT 1").integer(0, 0), 1);
}

TEST_F(ClusterTest, HalfMadeClusterIsMadeAnew) {
  {
    const auto made = open();
    ASSERT_TRUE(made) << made.error().message;
  }
  std::filesystem::rename(folder / "pg", folder / "pg.new");
  std::filesystem::remove(folder / "pg.new/PG_VERSION");
  const auto cluster = open();
  ASSERT_TRUE(cluster) << cluster.error().message;
  EXPECT_FALSE(std::filesystem::exists(folder / "pg.new"));
}

TEST_F(ClusterTest, VersionThatIsNotInstalled) {
  std::filesystem::create_directories(folder / "pg");
  std::ofstream(folder / "pg/PG_VERSION") << "9\n";
  const auto cluster = open();
  ASSERT_FALSE(cluster);
  EXPECT_NE(cluster.error().message.find("apt-get install postgresql-9 postgresql-9-postgis-3"),
            std::string::npos)
      << cluster.error().message;
}

TEST_F(ClusterTest, ForeignFolderIsNotOverwritten) {
  std::filesystem::create_directories(folder / "pg");
  std::ofstream(folder / "pg/letter.txt") << "dear diary";
  const auto cluster = open();
  ASSERT_FALSE(cluster);
  EXPECT_NE(cluster.error().message.find("is not a PostgreSQL data folder"), std::string::npos)
      << cluster.error().message;
  EXPECT_TRUE(std::filesystem::exists(folder / "pg/letter.txt"));
}

}  // namespace
}  // namespace diary::pg
