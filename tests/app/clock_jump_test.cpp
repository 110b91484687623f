// SPDX-License-Identifier: Apache-2.0
// A database's clock that runs forty days ahead for a while and is right again, with a server's upkeep at
// work.
#include <gtest/gtest.h>

#include "app/upkeep.hpp"
#include "db/moving_clock.hpp"
#include "pg/provision.hpp"
#include "support/eventually.hpp"
#include "support/test_database.hpp"

namespace diary::test {
namespace {

using namespace std::chrono_literals;

class ClockJump : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (MovingClock::available()) clock_ = new MovingClock();
  }
  void SetUp() override {
    if (!clock_) GTEST_SKIP() << "libfaketime is not installed: apt-get install faketime";
  }
  static MovingClock* clock_;
};
MovingClock* ClockJump::clock_ = nullptr;

TEST_F(ClockJump, NothingFollowsIt) {
  const support::TestDatabase database;
  pg::Connection super(database.superuser_conninfo());
  const auto one = [&](const std::string& sql) { return super.exec(sql).str(0, 0); };
  super.exec(
      "INSERT INTO auth.users (email, password_hash) SELECT i || '@example.org', '!' FROM generate_series(1, "
      "3) i");
  super.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT 's' || i, 'Street', 80, "
      "ST_SetSRID(ST_MakeLine(ST_MakePoint(i * 0.001, 50), ST_MakePoint(i * 0.001 + 0.001, 50)), 4326) "
      "FROM generate_series(1, 200) i");
  super.exec(
      "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at, received_at) SELECT segment_id, "
      "user_id, 4, "
      "t, t FROM diary.segments, auth.users, LATERAL (SELECT now() - interval '2 days' * (1 + length(email)) "
      "AS t) x");
  super.exec(
      "INSERT INTO auth.revoked_tokens (user_id, token_id, expires_at) SELECT user_id, 'one', now() + "
      "interval '1 "
      "day' FROM auth.users LIMIT 1");
  const auto state = [&] {
    return one(
        "SELECT md5(string_agg(segment_id || ' ' || advanced_at, ',' ORDER BY segment_id)) FROM "
        "analytics.segment_state");
  };
  const auto months = [&] { return one("SELECT count(*) FROM diary.closed_ratings"); };
  const auto shown = [&](const std::string& rating) {
    return support::eventually([&] {
             return one("SELECT n_eff FROM diary.segments WHERE segment_id = 's1'") != "0.00" &&
                    one("SELECT count(*) FROM diary.segments g JOIN analytics.segment_live l USING "
                        "(segment_id) WHERE segment_id = "
                        "'s1' AND abs(g.decayed_mean - l.decayed_mean) < 0.006") == "1";
           }) &&
           !rating.empty();
  };
  const Upkeep upkeep(database.owner_conninfo(), pg::app_role, {});
  ASSERT_TRUE(shown("the first"));
  ASSERT_TRUE(support::eventually([&] { return one("SELECT count(*) FROM audit.batch") != "0"; }));
  const auto before = state();
  const auto closed = months();
  ASSERT_EQ(one("SELECT count(*) FROM analytics.segment_state WHERE n30 = 0"), "0");

  clock_->advance(40 * 24h);
  for (const std::string street :
       {"s3", "s4", "s5", "s6"}) {  // the upkeep has been round since, and has looked twice
    super.exec(
        "INSERT INTO diary.ratings (segment_id, user_id, rating) SELECT $1, user_id, 1 FROM auth.users",
        {street});
    ASSERT_TRUE(support::eventually([&] {
      return super
          .exec("SELECT updated_at > now() - interval '1 day' FROM diary.segments WHERE segment_id = $1",
                {street})
          .boolean(0, 0);
    })) << street;
  }
  EXPECT_EQ(state(), before) << "no cursor moved";
  EXPECT_EQ(months(), closed);
  EXPECT_EQ(one("SELECT count(*) FROM auth.revoked_tokens"), "1");

  clock_->advance(-40 * 24h);
  EXPECT_EQ(one("SELECT count(*) FROM analytics.segment_state WHERE advanced_at > clock_timestamp() + "
                "interval '1 minute'"),
            "0");
  // And goes on: a sample that leaves the thirty days soon is let go.
  super.exec(
      "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at, received_at) SELECT 's2', "
      "user_id, 2, "
      "t, t FROM (SELECT user_id, now() - interval '720 hours' + interval '2 seconds' AS t FROM auth.users "
      "LIMIT 1) x");
  const auto with = one("SELECT n30 FROM analytics.segment_state WHERE segment_id = 's2'");
  EXPECT_TRUE(support::eventually([&] {
    return one("SELECT n30 < " + with + " FROM analytics.segment_state WHERE segment_id = 's2'") == "t";
  })) << with;
  EXPECT_EQ(one("SELECT count(*) FROM analytics.drift"), "0");
}

}  // namespace
}  // namespace diary::test
