// SPDX-License-Identifier: Apache-2.0
#include "graph/geometry.hpp"

#include <gtest/gtest.h>

#include "graph/drawn_streets.hpp"
#include "graph/plane.hpp"

namespace diary::graph {
namespace {

class Geometry : public testing::Test {
 protected:
  // 100 m east, then 100 m north.
  const test::DrawnStreets drawn_{"          B\n\n\n\n\n\n\n\n\n\nA         b", {{"AbB", "Corner"}}};
  const RoadGraph graph_{drawn_.streets(), {}};
  const Plane plane_{drawn_.at('A')};

  [[nodiscard]] std::vector<Metres> line(Stretch stretch) const {
    std::vector<Point> points;
    append_line(graph_, stretch, points);
    std::vector<Metres> out;
    for (const Point p : points) out.push_back(plane_.of(p));
    return out;
  }
};

void expect_line(const std::vector<Metres>& line, const std::vector<Metres>& expected) {
  ASSERT_EQ(line.size(), expected.size());
  for (std::size_t i = 0; i < line.size(); ++i) {
    EXPECT_NEAR(line[i].east, expected[i].east, 0.03) << i;
    EXPECT_NEAR(line[i].north, expected[i].north, 0.03) << i;
  }
}

TEST_F(Geometry, CutsAtTheOffsetsInWalkingDirection) {
  const std::uint32_t all = graph_.edge(EdgeId(0)).length_cm;
  EXPECT_NEAR(all, 20'000, 2);
  expect_line(line({EdgeId(0), true, 0, all}), {{0, 0}, {100, 0}, {100, 100}});
  expect_line(line({EdgeId(0), false, all, 0}), {{100, 100}, {100, 0}, {0, 0}});
  expect_line(line({EdgeId(0), true, 2'000, 15'000}), {{20, 0}, {100, 0}, {100, 50}});
  expect_line(line({EdgeId(0), false, 15'000, 2'000}), {{100, 50}, {100, 0}, {20, 0}});
  expect_line(line({EdgeId(0), true, 2'000, 3'000}), {{20, 0}, {30, 0}});
  expect_line(line({EdgeId(0), true, 2'000, 2'000}), {{20, 0}});
  expect_line(line({EdgeId(0), true, 12'000, all}), {{100, 20}, {100, 100}});
}

TEST_F(Geometry, TakesOffsetsAsSharesOfTheGivenLength) {
  auto streets = drawn_.streets();
  streets[0].length_m = 400;  // longer than it is drawn
  const RoadGraph graph(streets, {});
  EXPECT_NEAR(plane_.of(point_at(graph, EdgeId(0), 20'000)).east, 100, 0.02);
  EXPECT_NEAR(plane_.of(point_at(graph, EdgeId(0), 30'000)).north, 50, 0.02);
  EXPECT_EQ(point_at(graph, EdgeId(0), 4'000'000), graph.line(EdgeId(0)).back());
}

TEST_F(Geometry, LeavesOutRepeatedPoints) {
  const LngLat a = drawn_.at('A');
  const LngLat b = drawn_.at('B');
  const RoadGraph graph(
      {{"x", "X", 1, 2, 100, access::all, {a, a, b, b}}, {"dot", "Dot", 3, 3, 5, access::all, {a, a}}}, {});
  std::vector<Point> points;
  append_line(graph, {*graph.find("x"), true, 0, 10'000}, points);
  append_line(graph, {*graph.find("x"), false, 10'000, 5'000}, points);
  append_line(graph, {*graph.find("x"), true, 5'000, 5'000}, points);
  EXPECT_EQ(points.size(), 3U);
  points.clear();
  append_line(graph, {*graph.find("dot"), true, 0, 500}, points);
  append_line(graph, {*graph.find("dot"), true, 100, 300}, points);
  EXPECT_EQ(points.size(), 1U);
}

}  // namespace
}  // namespace diary::graph
