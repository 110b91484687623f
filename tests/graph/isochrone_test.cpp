// SPDX-License-Identifier: Apache-2.0
#include "graph/isochrone.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>

#include "graph/drawn_streets.hpp"
#include "graph/geometry.hpp"
#include "graph/random_streets.hpp"
#include "graph/snap_index.hpp"

namespace diary::graph {
namespace {

double no_penalty(EdgeId) {
  return 0;
}

// The cost of each node, by passing over all edges until nothing gets cheaper.
std::vector<double> costs_from(const RoadGraph& graph, const Place& from, const PenaltyOf& penalty_m,
                               const IsochroneOptions& options) {
  std::vector<double> cost(graph.node_count(), std::numeric_limits<double>::infinity());
  const auto whole = [&](EdgeId e) {
    return graph.edge(e).length_cm / 100.0 + options.weight * penalty_m(e);
  };
  const auto lower = [&](NodeId node, double to) {
    if (to >= cost[node.value] - 1e-9) return false;
    cost[node.value] = to;
    return true;
  };
  const Edge& first = graph.edge(from.edge);
  const double share = static_cast<double>(from.offset_cm) / first.length_cm;
  if (graph.passable(from.edge, true, options.profile)) lower(first.target, (1 - share) * whole(from.edge));
  if (graph.passable(from.edge, false, options.profile)) lower(first.source, share * whole(from.edge));
  for (bool cheaper = true; cheaper;) {
    cheaper = false;
    for (std::size_t i = 0; i < graph.edge_count(); ++i) {
      const EdgeId e(i);
      const Edge& edge = graph.edge(e);
      if (graph.passable(e, true, options.profile))
        cheaper = lower(edge.target, cost[edge.source.value] + whole(e)) || cheaper;
      if (graph.passable(e, false, options.profile))
        cheaper = lower(edge.source, cost[edge.target.value] + whole(e)) || cheaper;
    }
  }
  return cost;
}

// What one has to spend to stand at that offset.
double cost_at(const RoadGraph& graph, const std::vector<double>& cost, const Place& from, EdgeId e,
               double offset_cm, const PenaltyOf& penalty_m, const IsochroneOptions& options) {
  const Edge& edge = graph.edge(e);
  const double per_cm = (edge.length_cm / 100.0 + options.weight * penalty_m(e)) / edge.length_cm;
  const bool along = graph.passable(e, true, options.profile);
  const bool against = graph.passable(e, false, options.profile);
  double least = std::numeric_limits<double>::infinity();
  if (along) least = std::min(least, cost[edge.source.value] + per_cm * offset_cm);
  if (against) least = std::min(least, cost[edge.target.value] + per_cm * (edge.length_cm - offset_cm));
  if (e == from.edge && along && offset_cm >= from.offset_cm)
    least = std::min(least, per_cm * (offset_cm - from.offset_cm));
  if (e == from.edge && against && offset_cm <= from.offset_cm)
    least = std::min(least, per_cm * (from.offset_cm - offset_cm));
  return least;
}

TEST(Isochrone, ReachesWhatTheBudgetPaysForAndNoMore) {
  test::Random random(test::chosen_seed(31));
  for (int round = 0; round < 40; ++round) {
    test::CityPlan plan;
    plan.odd = 0.1;
    test::RandomCity city(plan, random);
    const RoadGraph graph(city.streets(), {});
    std::vector<double> penalties;
    for (std::size_t i = 0; i < graph.edge_count(); ++i)
      penalties.push_back(graph.edge(EdgeId(i)).length_cm / 100.0 * random.unit() * 0.8);
    const PenaltyOf penalty_m = [&](EdgeId e) { return penalties[e.value]; };
    IsochroneOptions options;
    options.profile = random.chance(0.5) ? Profile::walk : Profile::bike;
    options.budget_m = random.between(0, 900);
    options.weight = random.chance(0.3) ? 0 : random.between(0, 5);
    Place from;
    from.edge = EdgeId(random.below(graph.edge_count()));
    from.offset_cm = static_cast<std::uint32_t>(random.between(0, graph.edge(from.edge).length_cm));
    const auto streets = reached_streets(graph, from, penalty_m, options);
    const auto cost = costs_from(graph, from, penalty_m, options);
    for (int i = 0; i < 2000; ++i) {
      const EdgeId e = i < 50 ? from.edge : EdgeId(random.below(graph.edge_count()));
      const double offset = random.between(0, graph.edge(e).length_cm);
      const bool in = std::ranges::any_of(streets, [&](const ReachedStretch& s) {
        return s.edge == e && s.from_cm <= offset && offset <= s.to_cm;
      });
      const double spent_m = cost_at(graph, cost, from, e, offset, penalty_m, options);
      if (std::abs(spent_m - options.budget_m) < 0.15) continue;  // offsets are whole centimetres
      ASSERT_EQ(in, spent_m < options.budget_m) << spent_m << " of " << options.budget_m;
    }
  }
}

struct Flat {
  explicit Flat(const std::vector<IsochronePolygon>& area) {
    for (const auto& polygon : area)
      for (const auto& ring : polygon) rings.push_back(&ring);
  }
  // By counting crossings: for polygons that do not overlap.
  [[nodiscard]] bool holds(LngLat at) const {
    bool in = false;
    for (const Ring* ring : rings)
      for (std::size_t i = 1; i < ring->size(); ++i) {
        const LngLat a = (*ring)[i - 1];
        const LngLat b = (*ring)[i];
        if ((a.lat > at.lat) != (b.lat > at.lat) &&
            at.lng < a.lng + (at.lat - a.lat) / (b.lat - a.lat) * (b.lng - a.lng))
          in = !in;
      }
    return in;
  }
  std::vector<const Ring*> rings;
};

double signed_area(const Ring& ring) {
  double twice = 0;
  for (std::size_t i = 1; i < ring.size(); ++i)
    twice += (ring[i - 1].lng - ring[0].lng) * (ring[i].lat - ring[0].lat) -
             (ring[i].lng - ring[0].lng) * (ring[i - 1].lat - ring[0].lat);
  return twice / 2;
}

bool cross(LngLat a, LngLat b, LngLat c, LngLat d) {
  const auto side = [](LngLat p, LngLat q, LngLat r) {
    return (q.lng - p.lng) * (r.lat - p.lat) - (q.lat - p.lat) * (r.lng - p.lng);
  };
  const auto apart = [](double p, double q, double r, double t) {
    return std::max(p, q) < std::min(r, t) || std::max(r, t) < std::min(p, q);
  };
  if (apart(a.lng, b.lng, c.lng, d.lng) || apart(a.lat, b.lat, c.lat, d.lat)) return false;
  return side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0;
}

// Rings are closed, go the right way round, and meet neither themselves nor each other.
void expect_valid(const std::vector<IsochronePolygon>& area) {
  struct Piece {
    LngLat a, b;
    std::size_t ring, number, of;
  };
  std::vector<Piece> pieces;
  std::size_t number = 0;
  for (const IsochronePolygon& polygon : area)
    for (std::size_t r = 0; r < polygon.size(); ++r, ++number) {
      const Ring& ring = polygon[r];
      ASSERT_GE(ring.size(), 4U);
      EXPECT_EQ(ring.front(), ring.back());
      EXPECT_TRUE(r == 0 ? signed_area(ring) > 0 : signed_area(ring) < 0);
      for (std::size_t i = 1; i < ring.size(); ++i)
        pieces.push_back({ring[i - 1], ring[i], number, i - 1, ring.size() - 1});
    }
  std::ranges::sort(pieces, {}, [](const Piece& p) { return std::min(p.a.lng, p.b.lng); });
  for (std::size_t i = 0; i < pieces.size(); ++i)
    for (std::size_t k = i + 1; k < pieces.size(); ++k) {
      const Piece& p = pieces[i];
      const Piece& q = pieces[k];
      if (std::min(q.a.lng, q.b.lng) > std::max(p.a.lng, p.b.lng)) break;
      const std::size_t apart = p.number > q.number ? p.number - q.number : q.number - p.number;
      if (p.ring == q.ring && (apart == 1 || apart == p.of - 1)) continue;
      ASSERT_FALSE(cross(p.a, p.b, q.a, q.b));
    }
}

TEST(Isochrone, DrawsValidRingsAroundAllThatIsReached) {
  test::Random random(test::chosen_seed(32));
  for (int round = 0; round < 12; ++round) {
    test::CityPlan plan;
    plan.corner.lat = random.between(-60, 70);
    plan.columns = plan.rows = 10;
    test::RandomCity city(plan, random);
    const RoadGraph graph(city.streets(), {});
    const SnapIndex index(graph);
    const auto from = index.nearest(city.some_place(0), Profile::walk, 1000);
    ASSERT_TRUE(from);
    IsochroneOptions options;
    options.budget_m = random.between(0, 800);
    options.around_m = 30;
    options.cell_m = random.between(8, 18);
    options.least_hole_m2 = 0;
    const Isochrone found = isochrone(graph, *from, no_penalty, options);
    expect_valid(found.area);
    const Flat area(found.area);
    double street_m = 0;
    for (const auto& part : found.streets) {
      street_m += (part.to_cm - part.from_cm) / 100.0;
      for (int i = 0; i <= 10; ++i)
        EXPECT_TRUE(area.holds(
            point_at(graph, part.edge,
                     part.from_cm + (part.to_cm - part.from_cm) / 10 * static_cast<std::uint32_t>(i))
                .degrees()));
    }
    EXPECT_NEAR(found.street_m, street_m, 1e-6);
    for (int i = 0; i < 300; ++i) {
      const LngLat at = city.some_place();
      const Plane plane(at);
      double nearest = std::numeric_limits<double>::infinity();
      for (const auto& part : found.streets) {
        std::vector<Point> line;
        append_line(graph, {part.edge, true, part.from_cm, part.to_cm}, line);
        for (std::size_t k = 0; k < line.size(); ++k)
          nearest = std::min(nearest,
                             nearest_on_piece(plane.of(line[k > 0 ? k - 1 : 0]), plane.of(line[k])).square);
      }
      const double diagonal_m = 1.42 * options.cell_m;
      if (std::sqrt(nearest) > options.around_m + diagonal_m) {
        EXPECT_FALSE(area.holds(at));
      }
      if (std::sqrt(nearest) < options.around_m - diagonal_m) {
        EXPECT_TRUE(area.holds(at));
      }
    }
  }
}

TEST(Isochrone, FillsSmallHolesOnly) {
  const test::DrawnStreets drawn("A----B\n\n\n\n\nC----D", {{"ABDCA", "Block"}}, 30);
  const RoadGraph graph(drawn.streets(), {});
  const Place from{*graph.find("AB"), 0, {}, 0};
  IsochroneOptions options;
  options.least_hole_m2 = 1'000;
  const auto open = isochrone(graph, from, no_penalty, options);
  ASSERT_EQ(open.area.size(), 1U);
  EXPECT_EQ(open.area[0].size(), 2U);
  EXPECT_NEAR(open.street_m, 600, 1);
  options.least_hole_m2 = 100'000;
  EXPECT_EQ(isochrone(graph, from, no_penalty, options).area[0].size(), 1U);
}

TEST(Isochrone, IsCutAtTheRimAndDearerWhereItIsBad) {
  const test::DrawnStreets drawn("A---------B", {{"AB", "Street"}}, 100);
  const RoadGraph graph(drawn.streets(), {});
  const Place from{EdgeId(0), 50'000, {}, 0};
  IsochroneOptions options;
  options.budget_m = 200;
  const auto streets = reached_streets(graph, from, no_penalty, options);
  ASSERT_EQ(streets.size(), 1U);
  EXPECT_NEAR(streets[0].from_cm, 30'000, 2);
  EXPECT_NEAR(streets[0].to_cm, 70'000, 2);
  options.weight = 2;
  const auto worse = reached_streets(graph, from, [](EdgeId) { return 500.0; }, options);
  ASSERT_EQ(worse.size(), 1U);
  EXPECT_NEAR(worse[0].to_cm, 60'000, 15);  // twice the cost, but for a metre that the street is longer
}

TEST(Isochrone, AnswersWithNothingWhereNothingIs) {
  const RoadGraph none({}, {});
  const Place nowhere;
  EXPECT_TRUE(isochrone(none, nowhere, no_penalty, {}).area.empty());
  const test::DrawnStreets drawn("A---B", {{"AB", "One way", access::walk_along}}, 10);
  const RoadGraph graph(drawn.streets(), {});
  EXPECT_TRUE(isochrone(graph, nowhere, no_penalty, {}).streets.empty());
  const Place at{EdgeId(0), 1000, {}, 0};
  for (const double budget_m : {-1.0, std::numeric_limits<double>::quiet_NaN(), 0.0}) {
    IsochroneOptions options;
    options.budget_m = budget_m;
    EXPECT_TRUE(isochrone(graph, at, no_penalty, options).streets.empty());
  }
  IsochroneOptions bike;
  bike.profile = Profile::bike;
  EXPECT_TRUE(isochrone(graph, at, no_penalty, bike).streets.empty());
  EXPECT_NEAR(isochrone(graph, at, no_penalty, {}).street_m, 30, 0.1);  // not back
}

TEST(Isochrone, GrowsCoarserInsteadOfLarger) {
  const LngLat a{0, 0};
  const LngLat b{80, 60};  // a line over half a continent
  const RoadGraph graph({{"far", "Far", 1, 2, 900'000, access::all, {a, b}}}, {});
  IsochroneOptions options;
  options.budget_m = 1e9;
  options.cell_m = 0;
  options.around_m = 0;
  const auto found = isochrone(graph, {EdgeId(0), 0, {}, 0}, no_penalty, options);
  ASSERT_EQ(found.area.size(), 1U);
  EXPECT_LT(found.area[0][0].size(), 20'000U);
}

}  // namespace
}  // namespace diary::graph
