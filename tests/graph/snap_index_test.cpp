// SPDX-License-Identifier: Apache-2.0
#include "graph/snap_index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "graph/drawn_streets.hpp"
#include "graph/geometry.hpp"
#include "graph/random_streets.hpp"

namespace diary::graph {
namespace {

using Parts = SnapIndex::Parts;

// All edges, nearest first, by looking at every piece.
std::vector<std::pair<double, EdgeId>> all_by_distance(const RoadGraph& graph, LngLat at, Profile profile,
                                                       double reach_m, Parts parts) {
  const Plane plane(at);
  std::vector<std::pair<double, EdgeId>> found;
  for (std::size_t i = 0; i < graph.edge_count(); ++i) {
    const EdgeId edge(i);
    if (!graph.passable(edge, true, profile) && !graph.passable(edge, false, profile)) continue;
    if (parts == Parts::main_only && !graph.in_main_part(edge, profile)) continue;
    double square = std::numeric_limits<double>::max();
    const auto line = graph.line(edge);
    for (std::size_t k = 1; k < line.size(); ++k)
      square = std::min(square, nearest_on_piece(plane.of(line[k - 1]), plane.of(line[k])).square);
    if (square <= reach_m * reach_m) found.emplace_back(std::sqrt(square), edge);
  }
  std::ranges::sort(found);
  return found;
}

TEST(SnapIndex, FindsWhatLookingAtEveryPieceFinds) {
  test::Random random(test::chosen_seed(41));
  for (int round = 0; round < 40; ++round) {
    test::CityPlan plan;
    plan.corner.lat = random.between(-70, 70);
    plan.columns = 1 + random.below(14);
    plan.rows = 2 + random.below(14);
    test::RandomCity city(plan, random);
    const RoadGraph graph(city.streets(), {});
    const SnapIndex index(graph);
    for (int i = 0; i < 60; ++i) {
      const LngLat at = city.some_place();
      const Profile profile = random.chance(0.5) ? Profile::walk : Profile::bike;
      const Parts parts = random.chance(0.5) ? Parts::main_only : Parts::all;
      const double reach_m = random.chance(0.2) ? 1000 : random.between(0, 150);
      const std::size_t most = random.chance(0.2) ? 1000 : 1 + random.below(10);
      const auto expected = all_by_distance(graph, at, profile, reach_m, parts);
      const auto found = index.within(at, profile, reach_m, most, parts);
      ASSERT_EQ(found.size(), std::min(most, expected.size()));
      for (std::size_t k = 0; k < found.size(); ++k) {
        EXPECT_EQ(found[k].edge, expected[k].second);
        EXPECT_DOUBLE_EQ(found[k].distance_m, expected[k].first);
        // The offset leads back to the point, the point is as far as is said.
        const Plane plane(at);
        EXPECT_NEAR(length(plane.of(found[k].point)), found[k].distance_m, 1e-6);
        EXPECT_LT(
            length(plane.of(point_at(graph, found[k].edge, found[k].offset_cm)) - plane.of(found[k].point)),
            0.05);
        EXPECT_LE(found[k].offset_cm, graph.edge(found[k].edge).length_cm);
      }
      const auto nearest = index.nearest(at, profile, reach_m, parts);
      ASSERT_EQ(nearest.has_value(), !expected.empty());
      if (nearest) {
        EXPECT_EQ(nearest->edge, expected.front().second);
      }
    }
  }
}

TEST(SnapIndex, MeasuresInMetresOfThatLatitude) {
  for (const double lat : {0.0, 41.15, 60.0, -75.0}) {
    // A street to the north at 50 m, one to the east at 40 m.
    const Plane plane({10, lat});
    const auto street = [&](const char* id, std::int64_t node, Metres from, Metres to) {
      return Street{
          id, id, node, node + 1, length(to - from), access::all, {plane.degrees(from), plane.degrees(to)}};
    };
    const RoadGraph graph(
        {street("north", 1, {-100, 50}, {100, 50}), street("east", 5, {40, -100}, {40, 40})}, {});
    const auto places = SnapIndex(graph).within({10, lat}, Profile::walk, 100, 5, Parts::all);
    ASSERT_EQ(places.size(), 2U);
    EXPECT_EQ(graph.segment_id(places[0].edge), "east");
    EXPECT_NEAR(places[0].distance_m, 40, 0.02);
    EXPECT_NEAR(places[0].offset_cm, 10'000, 2);
    EXPECT_NEAR(places[1].distance_m, 50, 0.02);
  }
}

TEST(SnapIndex, OffersOnlyTheMainPartUnlessAskedForAll) {
  const test::DrawnStreets drawn(R"(
    A---B
    |   |    E-F
    C---D)",
                                 {{"ABDCA", "Ring"}, {"EF", "Island"}});
  const RoadGraph graph(drawn.streets(), {});
  const SnapIndex index(graph);
  EXPECT_NE(graph.segment_id(index.nearest(drawn.at('E'), Profile::walk, 250)->edge), "EF");
  EXPECT_EQ(graph.segment_id(index.nearest(drawn.at('E'), Profile::walk, 250, Parts::all)->edge), "EF");
  EXPECT_FALSE(index.nearest(drawn.at('E'), Profile::walk, 10));
}

TEST(SnapIndex, OffersNoStreetThatTheProfileMayNotUse) {
  const test::DrawnStreets drawn(
      R"(
    A---B
    C---D)",
      {{"AB", "Steps", access::walk_along | access::walk_against}, {"CD", "Road"}});
  const RoadGraph graph(drawn.streets(), {});
  const SnapIndex index(graph);
  EXPECT_EQ(graph.segment_id(index.nearest(drawn.at('A'), Profile::walk, 50, Parts::all)->edge), "AB");
  EXPECT_EQ(graph.segment_id(index.nearest(drawn.at('A'), Profile::bike, 50, Parts::all)->edge), "CD");
}

TEST(SnapIndex, ReturnsNothingForPlacesThatAreNone) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const std::vector<LngLat> beyond{{nan, 0}, {0, nan},       {infinity, 0}, {0, -infinity}, {0, 90},
                                   {0, -90}, {1e300, 1e300}, {180, 0},      {-180, 0}};
  const test::DrawnStreets drawn("A---B", {{"AB", "One"}});
  const RoadGraph one(drawn.streets(), {});
  const RoadGraph none({}, {});
  for (const auto* graph : {&one, &none}) {
    const SnapIndex index(*graph);
    for (const LngLat at : beyond) {
      EXPECT_FALSE(index.nearest(at, Profile::walk, 1000, Parts::all));
      EXPECT_FALSE(index.nearest(at, Profile::walk, infinity, Parts::all));
      EXPECT_TRUE(index.within(at, Profile::walk, 1e9, 10, Parts::all).empty());
    }
    for (const double reach_m : {nan, -1.0})
      EXPECT_FALSE(index.nearest(drawn.at('A'), Profile::walk, reach_m, Parts::all));
    EXPECT_TRUE(index.within(drawn.at('A'), Profile::walk, 10, 0, Parts::all).empty());
  }
}

TEST(SnapIndex, CopesWithLinesThatStandStill) {
  const LngLat at = test::DrawnStreets::origin;
  const RoadGraph graph({{"dot", "Dot", 1, 1, 3, access::all, {at, at, at}}}, {});
  const auto place = SnapIndex(graph).nearest(at, Profile::walk, 1, Parts::all);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->offset_cm, 0U);
  EXPECT_EQ(place->distance_m, 0);
}

}  // namespace
}  // namespace diary::graph
