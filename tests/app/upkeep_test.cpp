// SPDX-License-Identifier: Apache-2.0
#include "app/upkeep.hpp"

#include <gtest/gtest.h>

#include "pg/provision.hpp"
#include "support/eventually.hpp"
#include "support/test_database.hpp"

namespace diary::test {
namespace {

// A server that stops does not wait for a report on millions of ratings.
TEST(Upkeep, EndsWhatItIsWaitingFor) {
  const support::TestDatabase database;
  pg::Connection super(database.superuser_conninfo());
  super.exec(
      "CREATE OR REPLACE FUNCTION diary.close_months(p_limit int DEFAULT 5000) RETURNS bigint LANGUAGE sql "
      "AS $$ SELECT pg_sleep(3600); SELECT 0::bigint $$");
  const auto sleeping = [&] {
    return super.exec("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'").integer(0, 0);
  };
  {
    const Upkeep upkeep(database.owner_conninfo(), pg::app_role, {});
    ASSERT_TRUE(support::eventually([&] { return sleeping() == 1; }));
  }
  EXPECT_TRUE(support::eventually([&] { return sleeping() == 0; }));
}

}  // namespace
}  // namespace diary::test
