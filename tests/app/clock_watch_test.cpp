// SPDX-License-Identifier: Apache-2.0
#include "app/clock_watch.hpp"

#include <gtest/gtest.h>

namespace diary::test {
namespace {

using namespace std::chrono_literals;

class AWatchedClock : public testing::Test {
 protected:
  // A second later, with the database's clock `ahead` of the true time and this machine's `machine` of it.
  std::optional<std::string> look(ClockWatch::Duration ahead, ClockWatch::Duration machine = {},
                                  ClockWatch::Duration waited = 250ms, ClockWatch::Duration passed = 1s) {
    running += passed;
    return watch.doubt({.database = Time{1'790'000'000s} + running + ahead,
                        .machine = Time{1'790'000'000s} + running + machine,
                        .running = running,
                        .waited = waited});
  }
  ClockWatch watch;
  ClockWatch::Duration running = 5h;
};

TEST_F(AWatchedClock, IsBelievedAsLongAsItRuns) {
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(look(i % 7 * 1s), std::nullopt);
  EXPECT_EQ(look(0s, 0s, 250ms, 9h), std::nullopt) << "the database was away";
}

TEST_F(AWatchedClock, IsDoubtedWhileItIsFortyDaysAhead) {
  ASSERT_EQ(look(0s), std::nullopt);
  for (int i = 0; i < 7200; ++i) {
    const auto why = look(40 * 24h);
    ASSERT_NE(why, std::nullopt) << i;
    EXPECT_NE(why->find("3456000 s ahead of where it should be"), std::string::npos) << *why;
  }
  EXPECT_EQ(look(0s), std::nullopt) << "right again";
}

TEST_F(AWatchedClock, MayBeSetRight) {
  ASSERT_EQ(look(-50s, 0s), std::nullopt);
  ASSERT_NE(look(0s + 90s, 90s), std::nullopt) << "both machines were set, a minute and a half";
  int seconds = 0;
  while (look(90s, 90s) && seconds < 10'000) ++seconds;
  EXPECT_NEAR(seconds, 600, 2) << "as long as it is doubted";
  EXPECT_NE(look(0s, 90s), std::nullopt) << "back again, and this machine is not";
}

TEST_F(AWatchedClock, IsNotBelievedAtFirstByAnotherMachine) {
  const auto why = look(-90s);
  ASSERT_NE(why, std::nullopt);
  EXPECT_NE(why->find("90 s behind this machine's"), std::string::npos) << *why;
  EXPECT_EQ(look(0s), std::nullopt);
}

TEST_F(AWatchedClock, RecoversFromSleep) {
  ASSERT_EQ(look(0s), std::nullopt);
  EXPECT_NE(look(0s, 0s, 40 * 24h, 40 * 24h), std::nullopt) << "all clocks at once";
  int seconds = 0;
  while (look(0s) && seconds < 10'000) ++seconds;
  EXPECT_NEAR(seconds, 300, 2);
}

TEST_F(AWatchedClock, IsDoubtedWhenItRunsTooFast) {
  ASSERT_EQ(look(0s), std::nullopt);
  int seconds = 1;
  while (!look(seconds * 50ms) && seconds < 10'000) ++seconds;
  EXPECT_NEAR(seconds, 1201, 2) << "three minutes an hour";
}

}  // namespace
}  // namespace diary::test
