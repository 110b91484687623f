// SPDX-License-Identifier: Apache-2.0
#include "pg/private_cluster.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "pg/cluster_test.hpp"
#include "support/eventually.hpp"

namespace diary::pg {
namespace {

TEST_F(ClusterTest, MakesWhatMigrationsNeed) {
  const auto cluster = open();
  ASSERT_TRUE(cluster) << cluster.error().message;
  Connection owner = connect(**cluster);
  const auto me = owner.exec(
      "SELECT rolsuper, rolbypassrls, pg_has_role('diary_app', 'MEMBER'), pg_has_role('pg_monitor', "
      "'MEMBER') "
      "FROM pg_roles WHERE rolname = current_user");
  EXPECT_FALSE(me.boolean(0, 0));
  EXPECT_FALSE(me.boolean(0, 1));
  EXPECT_TRUE(me.boolean(0, 2));
  EXPECT_TRUE(me.boolean(0, 3));
  EXPECT_EQ(owner
                .exec("SELECT count(*) FROM pg_extension WHERE extname IN "
                      "('postgis', 'uuid-ossp', 'pg_trgm', 'btree_gist')")
                .integer(0, 0),
            4);
  EXPECT_EQ(owner.exec("SHOW listen_addresses").str(0, 0), "");
  EXPECT_EQ(owner.exec("SHOW data_checksums").str(0, 0), "on");
  EXPECT_EQ(owner.exec("SELECT datcollate FROM pg_database WHERE datname = 'diary'").str(0, 0), "C.UTF-8");
  EXPECT_NO_THROW(owner.exec("CREATE EXTENSION hstore"));
  Connection app((*cluster)->conninfo(app_role));
  EXPECT_THROW(app.exec("CREATE TABLE public.t ()"), DbError);
}

TEST_F(ClusterTest, SecondStartFindsTheFirstOnesData) {
  {
    const auto cluster = open(true);
    ASSERT_TRUE(cluster) << cluster.error().message;
    connect(**cluster).exec("CREATE TABLE kept AS SELECT 7 AS n");
  }
  EXPECT_TRUE(processes().empty()) << "stopped with its owner";
  const auto cluster = open(true);
  ASSERT_TRUE(cluster) << cluster.error().message;
  EXPECT_EQ(connect(**cluster).exec("SELECT n FROM kept").integer(0, 0), 7);
}

TEST_F(ClusterTest, OnlyOurselvesMayEnter) {
  const auto cluster = open();
  ASSERT_TRUE(cluster) << cluster.error().message;
  for (const char* name : {"", "pg", "run", "log"}) {
    struct stat status{};
    ASSERT_EQ(stat((folder / name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U) << name;
    EXPECT_EQ(status.st_uid, account()->uid) << name;
  }
}

TEST_F(ClusterTest, SecondServerIsRefused) {
  const auto first = hold("serve");
  ASSERT_EQ(first->line(), "ready");
  const auto second = open(true);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message,
            "another diary (pid " + std::to_string(first->pid()) + ") is already serving " + folder.string());
}

TEST_F(ClusterTest, ServerWaitsForACommandToFinish) {
  const auto command = hold("command");
  ASSERT_EQ(command->line(), "ready");
  const auto server = hold("serve");
  EXPECT_TRUE(server->running());
  command->close_input();
  EXPECT_EQ(server->line(), "ready");
}

TEST_F(ClusterTest, CommandJoinsTheServer) {
  const auto server = hold("serve");
  ASSERT_EQ(server->line(), "ready");
  const pid_t postmaster = postmaster_pid();
  {
    const auto guest = open();
    ASSERT_TRUE(guest) << guest.error().message;
    EXPECT_EQ(connect(**guest).exec("SELECT 1").integer(0, 0), 1);
    EXPECT_FALSE((*guest)->restart()) << "that is the owner's to do";
  }
  EXPECT_EQ(postmaster_pid(), postmaster) << "and leaves it running";
  EXPECT_TRUE(server->running());
}

TEST_F(ClusterTest, OwnerWaitsForItsGuests) {
  const auto owner = hold("command");
  ASSERT_EQ(owner->line(), "ready");
  {
    const auto guest = open();
    ASSERT_TRUE(guest) << guest.error().message;
    Connection connection = connect(**guest);
    owner->close_input();
    for (int i = 0; i < 1000; ++i) connection.exec("SELECT 1");
    EXPECT_TRUE(owner->running());
  }
  EXPECT_EQ(owner->wait(), 0);
  EXPECT_TRUE(processes().empty());
}

TEST_F(ClusterTest, TwentyCommandsAtOnceOnAColdFolder) {
  std::vector<std::unique_ptr<support::Program>> programs;
  programs.reserve(20);
  for (int i = 0; i < 20; ++i)
    programs.push_back(std::make_unique<support::Program>(
        std::vector<std::string>{DIARY_BINARY, "psql", "--data", folder, "-At", "-c", "SELECT 40 + 2"}));
  for (const auto& program : programs) {
    EXPECT_EQ(program->rest(), "42\n");
    EXPECT_EQ(program->wait(), 0);
  }
  EXPECT_TRUE(processes().empty());
}

TEST_F(ClusterTest, LongPathHasItsSocketElsewhere) {
  folder = temporary.path() / std::string(100, 'x');
  std::filesystem::path socket;
  {
    const auto owner = open(true);
    ASSERT_TRUE(owner) << owner.error().message;
    socket = (*owner)->socket_folder();
    EXPECT_FALSE(socket.string().starts_with(folder.string()));
    struct stat status{};
    ASSERT_EQ(stat(socket.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
    const auto guest = open();
    ASSERT_TRUE(guest) << guest.error().message;
    EXPECT_EQ((*guest)->socket_folder(), socket);
    EXPECT_EQ(connect(**guest).exec("SELECT 1").integer(0, 0), 1);
  }
  EXPECT_FALSE(std::filesystem::exists(socket));
}

TEST_F(ClusterTest, PathsWithQuotesAndSpaces) {
  folder = temporary.path() / R"(it's a \ "folder")";
  const auto cluster = open();
  ASSERT_TRUE(cluster) << cluster.error().message;
  EXPECT_EQ(connect(**cluster).exec("SELECT 1").integer(0, 0), 1);
}

TEST_F(ClusterTest, OperatorsSettingsWin) {
  ASSERT_TRUE(open());
  std::ofstream(folder / "postgresql.local.conf") << "work_mem = 5MB\n";
  {
    const auto cluster = open();
    ASSERT_TRUE(cluster) << cluster.error().message;
    EXPECT_EQ(connect(**cluster).exec("SHOW work_mem").str(0, 0), "5MB");
  }
  std::ofstream(folder / "postgresql.local.conf") << "work_memory = 5MB\n";
  const auto cluster = open();
  ASSERT_FALSE(cluster);
  EXPECT_NE(cluster.error().message.find("unrecognized configuration parameter \"work_memory\""),
            std::string::npos)
      << cluster.error().message;
}

TEST_F(ClusterTest, RefusesAFolderThatPostgresCannotEnter) {
  if (!is_root()) GTEST_SKIP() << "only root runs PostgreSQL as somebody else";
  ASSERT_EQ(chmod(temporary.path().c_str(), 0700), 0);
  const auto cluster = open();
  ASSERT_FALSE(cluster);
  EXPECT_NE(cluster.error().message.find("user postgres, as whom PostgreSQL runs, cannot enter"),
            std::string::npos)
      << cluster.error().message;
}

}  // namespace
}  // namespace diary::pg
