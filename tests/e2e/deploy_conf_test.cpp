// SPDX-License-Identifier: Apache-2.0
// deploy/postgresql.conf on a real PostgreSQL.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include "pg/private_cluster.hpp"
#include "support/temporary_folder.hpp"

namespace diary {
namespace {

struct Line {
  std::string value;
  bool restart;
};

std::map<std::string, Line> settings_of(const std::string& file) {
  const std::regex setting(R"(([a-z_]+) = ('[^']*'|[^ #]+)(?: +# (restart))?)");
  std::map<std::string, Line> settings;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::smatch match;
    if (!std::regex_match(line, match, setting)) throw std::runtime_error("no setting: " + line);
    settings[match[1]] = {match[2], match[3].matched};
  }
  return settings;
}

TEST(DeployConf, IsTakenAsItSays) {
  const std::string shipped = DIARY_SOURCE_DIR "/deploy/postgresql.conf";
  const auto settings = settings_of(shipped);
  ASSERT_GT(settings.size(), 10U);
  const support::TemporaryFolder folder;
  const auto data = folder.path() / "data";
  const auto open = [&] {
    auto cluster =
        pg::PrivateCluster::open({.folder = data, .serving = true, .settings = {.durable = false}});
    if (!cluster) throw std::runtime_error(cluster.error().message);
    return *std::move(cluster);
  };
  open()->stop();
  std::filesystem::copy_file(shipped, data / "postgresql.local.conf");
  std::filesystem::permissions(data / "postgresql.local.conf", std::filesystem::perms{0644});
  const auto cluster = open();
  pg::Connection super(cluster->conninfo(pg::superuser_role));
  EXPECT_EQ(
      super
          .exec(
              "SELECT string_agg(name || ': ' || error, ', ') FROM pg_file_settings WHERE error IS NOT NULL")
          .opt(0, 0),
      std::nullopt);
  for (const auto& [name, line] : settings) {
    const auto rows =
        super.exec("SELECT context = 'postmaster', sourcefile FROM pg_settings WHERE name = $1", {name});
    ASSERT_EQ(rows.size(), 1) << name << " is no setting";
    EXPECT_EQ(rows.boolean(0, 0), line.restart) << name << " is marked wrongly";
    EXPECT_TRUE(rows.str(0, 1).ends_with("postgresql.local.conf")) << name << " is not in force";
  }
  for (const auto& [name, value] :
       std::map<std::string, std::string>{{"shared_buffers", "256MB"},
                                          {"effective_cache_size", "1GB"},
                                          {"maintenance_work_mem", "64MB"},
                                          {"work_mem", "16MB"},
                                          {"max_connections", "100"},
                                          {"autovacuum_vacuum_scale_factor", "0.1"},
                                          {"autovacuum_analyze_scale_factor", "0.05"},
                                          {"autovacuum_vacuum_cost_limit", "200"},
                                          {"fsync", "on"},
                                          {"synchronous_commit", "on"}})
    EXPECT_EQ(super.exec("SELECT current_setting($1)", {name}).str(0, 0), value) << name << ", as specified";
}

}  // namespace
}  // namespace diary
