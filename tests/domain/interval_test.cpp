// SPDX-License-Identifier: Apache-2.0
#include "domain/interval.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace diary {
namespace {

TEST(StudentQuantile, IsThatOfBoostMath) {
  for (const double freedom : {0.5, 1.0, 2.0, 5.0, 5.37, 10.0, 33.3, 150.0, 2000.0, 1e6}) {
    const boost::math::students_t t(freedom);
    for (const double p : {0.6, 0.9, 0.975, 0.995, 0.9999}) {
      const double expected = quantile(t, p);
      EXPECT_NEAR(student_quantile(p, freedom) / expected, 1, 1e-9) << p << " of " << freedom;
    }
  }
}

TEST(Interval, WithoutRatingsIsThePriorsOwn) {
  const auto found = interval_95(3, {});
  EXPECT_NEAR(found.high - 3, 2.570581835636 * std::sqrt(0.4), 1e-9);
  EXPECT_NEAR(3 - found.low, found.high - 3, 1e-12);
}

// Five ratings of 4 today: the score is 3.5, the squares about it 5 * 0.25 + 5 * 0.25, the variance
// (5 * 2 + 2.5) / 10 = 1.25, the error sqrt(1.25 / 10).
TEST(Interval, CanBeComputedByHand) {
  const auto found = interval_95(3.5, {5, 20, 80});
  EXPECT_NEAR(found.standard_error, std::sqrt(0.125), 1e-12);
  EXPECT_NEAR(found.freedom, 10, 1e-12);
  EXPECT_NEAR(found.high, 3.5 + 2.228138851965 * std::sqrt(0.125), 1e-9);
}

TEST(Interval, StaysOnTheScale) {
  EXPECT_EQ(interval_95(4.9, {5, 24.5, 121}).high, 5);
  EXPECT_EQ(interval_95(1.1, {5, 5, 5}).low, 1);
}

TEST(Interval, NarrowsWithRatingsAndWidensWhereVotesPullAway) {
  const auto few = interval_95(3, {5, 15, 50});
  const auto many = interval_95(3, {50, 150, 500});
  EXPECT_LT(many.high - many.low, few.high - few.low);
  const auto pulled = interval_95(4, {50, 150, 500});
  EXPECT_GT(pulled.standard_error, many.standard_error);
}

}  // namespace
}  // namespace diary
