// SPDX-License-Identifier: Apache-2.0
// The reports' schedule under a real pg_cron, which has to be loaded when PostgreSQL starts: a cluster of its
// own.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "pg/private_cluster.hpp"
#include "store/migrate.hpp"
#include "support/eventually.hpp"
#include "support/ran.hpp"
#include "support/temporary_folder.hpp"

namespace diary::test {
namespace {

std::unique_ptr<pg::PrivateCluster> open(const std::filesystem::path& folder) {
  auto cluster =
      pg::PrivateCluster::open({.folder = folder, .serving = true, .settings = {.durable = false}});
  if (!cluster) throw std::runtime_error(cluster.error().message);
  return *std::move(cluster);
}

TEST(PgCron, RefreshesTheReports) {
  const support::TemporaryFolder folder;
  const auto data = folder.path() / "data";
  auto cluster = open(data);
  {
    pg::Connection super(cluster->conninfo(pg::superuser_role));
    if (super.exec("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_cron'").empty())
      GTEST_SKIP() << "pg_cron is not installed here (package postgresql-15-cron)";
    pg::Connection owner(cluster->conninfo(pg::owner_role));
    ASSERT_TRUE(migrate(owner).has_value());
    EXPECT_EQ(support::run({"psql", "-X", "-d", cluster->conninfo(pg::superuser_role), "-f",
                            DIARY_SOURCE_DIR "/deploy/pg_cron.sql"})
                  .code,
              3)
        << "not loaded: refused";
    EXPECT_EQ(owner.exec("SELECT analytics.schedule_reports()").str(0, 0), "f");
  }
  cluster->stop();
  std::ofstream(data / "postgresql.local.conf") << "shared_preload_libraries = 'pg_cron'\n"
                                                   "cron.database_name = 'diary'\n"
                                                   "cron.use_background_workers = on\n";
  std::filesystem::permissions(data / "postgresql.local.conf", std::filesystem::perms{0644});
  cluster = open(data);
  pg::Connection super(cluster->conninfo(pg::superuser_role));
  pg::Connection owner(cluster->conninfo(pg::owner_role));
  for (int again = 0; again < 2; ++again) {
    const auto ran = support::run({"psql", "-X", "-d", cluster->conninfo(pg::superuser_role), "-f",
                                   DIARY_SOURCE_DIR "/deploy/pg_cron.sql"});
    EXPECT_EQ(ran.code, 0) << ran.output;
  }
  EXPECT_EQ(owner.exec("SELECT analytics.schedule_reports()").str(0, 0), "t");
  EXPECT_EQ(
      super
          .exec("SELECT string_agg(jobname || ' ' || schedule, ', ' ORDER BY jobname) FROM cron.job WHERE "
                "username = 'diary_owner' AND database = 'diary' AND active")
          .str(0, 0),
      "refresh_coverage_grid 0 2 * * *, refresh_segment_aggregates 0 2 * * *, refresh_trend_daily 0 2 * * *");

  // pg_cron itself does it: a minute is the finest that its older versions know.
  owner.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ('s', 'Street', 70, "
      "ST_GeomFromText('LINESTRING(-75.15 39.95,-75.151 39.95)', 4326))");
  owner.exec("SELECT cron.schedule(jobname, '* * * * *', command) FROM cron.job");
  const auto refreshed = [&] {
    return owner.exec("SELECT count(*) FROM analytics.refresh_log").str(0, 0) == "3";
  };
  EXPECT_TRUE(support::eventually(refreshed, std::chrono::seconds{150}))
      << super.exec("SELECT string_agg(status || ' ' || return_message, E'\\n') FROM cron.job_run_details")
             .str(0, 0);
  EXPECT_EQ(owner.exec("SELECT count(*) FROM analytics.segment_aggregates").str(0, 0), "1");
  EXPECT_EQ(owner.exec("SELECT sum(segment_count) > 0 FROM analytics.coverage_grid").str(0, 0), "t");

  EXPECT_EQ(owner.exec("SELECT analytics.unschedule_reports()").str(0, 0), "t");
  EXPECT_EQ(super.exec("SELECT count(*) FROM cron.job").str(0, 0), "0");
}

}  // namespace
}  // namespace diary::test
