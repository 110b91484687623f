// SPDX-License-Identifier: Apache-2.0
#include "domain/line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace diary {
namespace {

using Line = std::vector<LngLat>;

// At the equator 0.0001 degrees are 11.12 m either way.
const Line east{{0, 0}, {0.001, 0}, {0.002, 0}};

TEST(Lines, AreMeasuredInMetres) {
  EXPECT_NEAR(line_length_m(east), 222.39, 0.01);
  EXPECT_NEAR(line_length_m(Line{{10, 60}, {10.001, 60}}), 55.60, 0.01);
  EXPECT_NEAR(line_length_m(Line{{10, 60}, {10, 60.001}}), 111.19, 0.01);
  EXPECT_EQ(line_length_m(Line{{10, 60}, {10, 60}}), 0);
}

TEST(Lines, FollowOneAnotherWithinReach) {
  EXPECT_TRUE(follows(east, east, 0.001));
  EXPECT_TRUE(follows(Line{{0, 0}, {0.002, 0}}, east, 0.001));  // with fewer points
  EXPECT_TRUE(follows(Line{{0, 0.0001}, {0.0015, -0.0001}}, east, 11.2));
  EXPECT_FALSE(follows(Line{{0, 0.0001}, {0.0015, -0.0001}}, east, 11.0));
  EXPECT_FALSE(follows(Line{{0, 0}, {0.0022, 0}}, east, 22));  // past the end
  EXPECT_TRUE(follows(Line{{0, 0}, {0.0022, 0}}, east, 23));
}

TEST(Lines, AreFollowedInTheirOrder) {
  Line west = east;
  std::ranges::reverse(west);
  EXPECT_FALSE(follows(west, east, 25));
  const Line there_and_back{{0, 0}, {0.002, 0}, {0, 0}};
  EXPECT_FALSE(follows(there_and_back, east, 25));
  EXPECT_TRUE(follows(there_and_back, there_and_back, 0.001));
  EXPECT_TRUE(follows(Line{{0, 0}, {0, 0}, {0.002, 0}}, east, 25));  // standing still
}

TEST(Lines, OfOnePlaceAreLinesToo) {
  const Line dot{{5, 5}, {5, 5}};
  EXPECT_TRUE(follows(dot, dot, 1));
  EXPECT_FALSE(follows(east, dot, 25));
}

}  // namespace
}  // namespace diary
