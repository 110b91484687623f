// SPDX-License-Identifier: Apache-2.0
#include "graph/road_graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "graph/hierarchy.hpp"
#include "graph/nested_dissection.hpp"
#include "graph/random_streets.hpp"

namespace diary::graph::test {
namespace {

constexpr double metre = 1 / 111'195.0;

Street street(std::string id, std::int64_t from, std::int64_t to, LngLat a, LngLat b,
              std::uint8_t may = access::all) {
  return {std::move(id), "Rua", from, to, 100, may, {a, b}};
}

TEST(RoadGraph, JoinsDerivedJunctionsThatLieClose) {
  const std::vector<Street> streets{street("a", -1, -2, {0, 0}, {0.001, 0}),
                                    street("b", -3, -4, {0.001 + 0.3 * metre, 0}, {0.002, 0}),
                                    street("c", -5, -6, {0.002 + 2 * metre, 0}, {0.003, 0})};
  EXPECT_EQ(RoadGraph(streets, {.join_m = 0.5}).node_count(), 5U);
  EXPECT_EQ(RoadGraph(streets, {.join_m = 0}).node_count(), 6U);
  EXPECT_EQ(RoadGraph(streets, {.join_m = 5}).node_count(), 4U);
  auto numbered = streets;  // OpenStreetMap knows which nodes are one
  for (Street& s : numbered) {
    s.source_node = -s.source_node;
    s.target_node = -s.target_node;
  }
  EXPECT_EQ(RoadGraph(numbered, {.join_m = 5}).node_count(), 6U);
}

// Pairwise distances and a closure, against cells.
TEST(RoadGraph, JoinsAsAComparisonOfAllPairsDoes) {
  Random random(chosen_seed(20261203));
  for (int round = 0; round < 60; ++round) {
    const double lat = std::array{0.0, 41.15, -33.9, 69.6, 89.0}[random.below(5)];
    const double shrink = std::cos(lat * std::numbers::pi / 180);
    std::vector<Street> streets;
    std::vector<LngLat> ends;
    const std::size_t count = 2 + random.below(20);
    for (std::size_t i = 0; i < count; ++i) {
      const auto place = [&] {
        return LngLat{10 + random.between(0, 12) * metre / shrink, lat + random.between(0, 12) * metre};
      };
      ends.push_back(place());
      ends.push_back(place());
      const auto number = -static_cast<std::int64_t>(2 * i) - 1;
      streets.push_back(street(std::to_string(i), number, number - 1, ends[2 * i], ends[2 * i + 1]));
    }
    std::vector<std::size_t> root(ends.size());
    std::iota(root.begin(), root.end(), std::size_t{0});
    for (std::size_t a = 0; a < ends.size(); ++a)
      for (std::size_t b = 0; b < a; ++b) {
        const double east =
            (ends[a].lng - ends[b].lng) * std::cos((ends[a].lat + ends[b].lat) / 2 * std::numbers::pi / 180);
        if (std::hypot(east, ends[a].lat - ends[b].lat) / metre *
                (6371008.8 * std::numbers::pi / 180 / 111195.0) >
            1.5)
          continue;
        const std::size_t from = root[a];
        const std::size_t to = root[b];
        std::ranges::replace(root, from, to);
      }
    const std::set<std::size_t> groups(root.begin(), root.end());
    EXPECT_EQ(RoadGraph(streets, {.join_m = 1.5}).node_count(), groups.size());
  }
}

TEST(RoadGraph, KeepsWhatItWasGiven) {
  Random random(chosen_seed(20261204));
  const auto streets = RandomCity({}, random).streets();
  const RoadGraph graph(streets, {});
  ASSERT_EQ(graph.edge_count(), streets.size());
  for (const Street& s : streets) {
    const auto id = graph.find(s.id);
    ASSERT_TRUE(id) << s.id;
    EXPECT_EQ(graph.segment_id(*id), s.id);
    EXPECT_EQ(graph.street(*id), s.name);
    EXPECT_EQ(graph.edge(*id).access, s.access);
    EXPECT_NEAR(graph.edge(*id).length_cm / 100.0, s.length_m, 0.006);
    ASSERT_EQ(graph.line(*id).size(), s.line.size());
    for (std::size_t i = 0; i < s.line.size(); ++i) EXPECT_EQ(graph.line(*id)[i], Point::from(s.line[i]));
    const auto at = [&](NodeId node, bool along) {
      return std::ranges::any_of(graph.links(node),
                                 [&](const Link& l) { return l.edge == *id && l.along == along; });
    };
    EXPECT_TRUE(at(graph.edge(*id).source, true));
    EXPECT_TRUE(at(graph.edge(*id).target, false));
  }
  EXPECT_FALSE(graph.find("no such"));
  EXPECT_FALSE(graph.find(""));
}

// Who reaches whom, by asking each pair.
TEST(RoadGraph, FindsTheLargestPartThatOneCanComeBackFrom) {
  Random random(chosen_seed(20261205));
  for (int round = 0; round < 30; ++round) {
    const RoadGraph graph(
        RandomCity({.columns = 6, .rows = 5, .missing = 0.45, .one_way = 0.7}, random).streets(), {});
    const std::size_t n = graph.node_count();
    std::vector<std::vector<bool>> reaches(n, std::vector<bool>(n));
    for (std::size_t start = 0; start < n; ++start) {
      std::vector<std::size_t> queue{start};
      reaches[start][start] = true;
      for (std::size_t i = 0; i < queue.size(); ++i)
        for (const Link& link : graph.links(NodeId(queue[i]))) {
          if (reaches[start][link.head.value] || !graph.passable(link.edge, link.along, Profile::bike))
            continue;
          reaches[start][link.head.value] = true;
          queue.push_back(link.head.value);
        }
    }
    const auto mates = [&](std::size_t a) {
      std::size_t count = 0;
      for (std::size_t b = 0; b < n; ++b) count += reaches[a][b] && reaches[b][a] ? 1 : 0;
      return count;
    };
    std::size_t largest = 0;
    for (std::size_t a = 0; a < n; ++a) largest = std::max(largest, mates(a));
    std::set<std::uint32_t> in;
    for (std::size_t e = 0; e < graph.edge_count(); ++e) {
      if (!graph.in_main_part(EdgeId(e), Profile::bike)) continue;
      const Edge& edge = graph.edge(EdgeId(e));
      EXPECT_EQ(mates(edge.source.value), largest);
      EXPECT_TRUE(reaches[edge.source.value][edge.target.value] &&
                  reaches[edge.target.value][edge.source.value]);
      in.insert(edge.source.value);
      in.insert(edge.target.value);
    }
    EXPECT_EQ(in.size(), largest > 1 ? largest : in.size());
  }
}

TEST(RoadGraph, RefusesLengthsThatNoStreetHas) {
  for (const double length : {0.0, -1.0, 1'000'000.0, std::nan("")}) {
    auto s = street("a", 1, 2, {0, 0}, {1, 0});
    s.length_m = length;
    EXPECT_THROW(RoadGraph({s}, {}), std::logic_error);
  }
  auto point = street("a", 1, 2, {0, 0}, {1, 0});
  point.line.resize(1);
  EXPECT_EQ(RoadGraph({point}, {}).edge_count(), 0U);
}

TEST(NestedDissection, OrdersEachNodeOnce) {
  Random random(chosen_seed(20261206));
  for (int round = 0; round < 80; ++round) {
    const std::size_t n = random.below(200);
    std::vector<Flat> places(n);
    for (Flat& p : places)
      p = {static_cast<float>(random.between(0, 9)),
           round % 5 == 0 ? 0.0F : static_cast<float>(random.between(0, 9))};
    std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
    for (std::size_t i = 0; n > 0 && i < random.below(3 * n + 1); ++i)
      edges.emplace_back(random.below(n), random.below(n));
    auto order = nested_dissection(edges, places);
    std::ranges::sort(order);
    std::vector<std::uint32_t> all(n);
    std::iota(all.begin(), all.end(), 0U);
    EXPECT_EQ(order, all);
  }
}

// What a cut is for: on a square of n nodes few arcs are added.
TEST(NestedDissection, KeepsTheHierarchyOfAGridSmall) {
  Random random(chosen_seed(20261207));
  const RoadGraph graph(RandomCity({.columns = 60, .rows = 60, .missing = 0, .odd = 0}, random).streets(),
                        {});
  const Hierarchy hierarchy(graph);
  EXPECT_LT(hierarchy.arc_count(), 12 * graph.edge_count());
}

// A lattice has many cuts of the same width; the one nearest to a side would leave a quarter and the rest.
TEST(NestedDissection, CutsALatticeInTheMiddle) {
  constexpr std::uint32_t across = 48;
  std::vector<Flat> places;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  for (std::uint32_t node = 0; node < across * across; ++node) {
    places.push_back({static_cast<float>(node % across), static_cast<float>(node / across)});
    if (node % across + 1 < across) edges.emplace_back(node, node + 1);
    if (node + across < across * across) edges.emplace_back(node, node + across);
  }
  const auto order = nested_dissection(edges, places);
  // Without a line of nodes that comes last, two halves are left.
  std::vector<std::uint8_t> gone(places.size());
  for (std::size_t i = 0; i < across; ++i) gone[order[order.size() - 1 - i]] = 1;
  std::vector<std::vector<std::uint32_t>> next(places.size());
  for (const auto& [a, b] : edges) {
    next[a].push_back(b);
    next[b].push_back(a);
  }
  std::vector<std::uint32_t> part{order.front()};
  gone[order.front()] = 1;
  for (std::size_t i = 0; i < part.size(); ++i)
    for (const std::uint32_t n : next[part[i]])
      if (gone[n] == 0) {
        gone[n] = 1;
        part.push_back(n);
      }
  EXPECT_GT(part.size(), places.size() * 2 / 5);
  EXPECT_LT(part.size(), places.size() * 3 / 5);
}

// Upper neighbours of a node are neighbours of each other: what customization rests on.
TEST(Hierarchy, IsClosedUnderContraction) {
  Random random(chosen_seed(20261208));
  for (int round = 0; round < 20; ++round) {
    const RoadGraph graph(
        RandomCity({.columns = 3 + random.below(9), .rows = 3 + random.below(9)}, random).streets(), {});
    const Hierarchy hierarchy(graph);
    for (std::uint32_t v = 0; v < hierarchy.node_count(); ++v) {
      const auto heads = hierarchy.heads_up(v);
      EXPECT_TRUE(std::ranges::is_sorted(heads));
      for (std::size_t i = 0; i < heads.size(); ++i) {
        EXPECT_GT(heads[i], v);
        EXPECT_EQ(hierarchy.head(hierarchy.find(v, heads[i])), heads[i]);
        for (std::size_t j = i + 1; j < heads.size(); ++j)
          EXPECT_NE(hierarchy.find(heads[i], heads[j]), Hierarchy::none);
      }
      for (std::size_t i = 0; i < heads.size(); ++i)
        EXPECT_EQ(hierarchy.tail(hierarchy.first_up(v) + static_cast<std::uint32_t>(i)), v);
    }
    for (std::uint32_t e = 0; e < graph.edge_count(); ++e) {
      const Edge& edge = graph.edge(EdgeId(e));
      const std::uint32_t arc = hierarchy.arc_of(EdgeId(e));
      if (edge.source == edge.target) {
        EXPECT_EQ(arc, Hierarchy::none);
        continue;
      }
      EXPECT_EQ(hierarchy.tail(arc), std::min(edge.source.value, edge.target.value));
      EXPECT_EQ(hierarchy.head(arc), std::max(edge.source.value, edge.target.value));
      EXPECT_TRUE(std::ranges::count(hierarchy.edges_on(arc), EdgeId(e)) == 1);
    }
  }
}

}  // namespace
}  // namespace diary::graph::test
