// SPDX-License-Identifier: Apache-2.0
// By hand; tests/snapshot/city_test.cpp holds it against PostGIS.
#include "snapshot/line.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace diary::snapshot {
namespace {

using Line = std::vector<LngLat>;
constexpr BBox unit{0, 0, 1, 1};

TEST(Line, EndsInTheBox) {
  EXPECT_TRUE(intersects(Line{{0.5, 0.5}, {2, 2}}, unit));
  EXPECT_TRUE(intersects(Line{{1, 1}, {2, 2}}, unit)) << "the edge belongs to it";
  EXPECT_TRUE(intersects(Line{{2, 0}, {1, 0}}, unit));
  EXPECT_FALSE(intersects(Line{{1.0000001, 1}, {2, 2}}, unit));
}

TEST(Line, PassesThrough) {
  EXPECT_TRUE(intersects(Line{{-1, 0.5}, {2, 0.5}}, unit));
  EXPECT_TRUE(intersects(Line{{0.5, 2}, {0.5, -1}}, unit));
  EXPECT_TRUE(intersects(Line{{-1, -1}, {2, 2}}, unit));
  EXPECT_TRUE(intersects(Line{{-1, 1}, {1, -1}}, unit)) << "through the corner";
  EXPECT_TRUE(intersects(Line{{-1, 1}, {2, 1}}, unit)) << "along the edge";
}

TEST(Line, BoundsThatOverlapAreNotEnough) {
  EXPECT_FALSE(intersects(Line{{-1, 0.5}, {0.5, 2.1}}, unit));
  EXPECT_FALSE(intersects(Line{{-0.5, 0.4}, {0.4, -0.5}}, unit));
  EXPECT_FALSE(intersects(Line{{-1, -1}, {-1, 2}, {2, 2}, {2, -1}}, unit)) << "around it";
  EXPECT_TRUE(intersects(Line{{-1, -1}, {-1, 2}, {2, 2}, {2, -1}, {0.5, 0.5}}, unit));
}

}  // namespace
}  // namespace diary::snapshot
