// SPDX-License-Identifier: Apache-2.0
#include "graph/nearby_routes.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "graph/random_streets.hpp"

namespace diary::graph {
namespace {

// By passing over all edges until nothing gets shorter.
std::vector<std::uint64_t> lengths_from(const RoadGraph& graph, NodeId source, Profile profile) {
  constexpr auto far = std::numeric_limits<std::uint64_t>::max() / 2;
  std::vector<std::uint64_t> length(graph.node_count(), far);
  length[source.value] = 0;
  for (bool shorter = true; shorter;) {
    shorter = false;
    for (std::size_t i = 0; i < graph.edge_count(); ++i)
      for (const bool along : {true, false}) {
        const Edge& edge = graph.edge(EdgeId(i));
        const NodeId from = along ? edge.source : edge.target;
        const NodeId to = along ? edge.target : edge.source;
        if (!graph.passable(EdgeId(i), along, profile) ||
            length[from.value] + edge.length_cm >= length[to.value])
          continue;
        length[to.value] = length[from.value] + edge.length_cm;
        shorter = true;
      }
  }
  return length;
}

TEST(NearbyRoutes, AreTheShortest) {
  test::Random random(test::chosen_seed(11));
  NearbyRoutes routes;
  for (int round = 0; round < 60; ++round) {
    test::CityPlan plan;
    plan.columns = 2 + random.below(25);
    plan.rows = 2 + random.below(25);
    test::RandomCity city(plan, random);
    const RoadGraph graph(city.streets(), {});
    if (graph.node_count() == 0) continue;
    const Profile profile = random.chance(0.5) ? Profile::walk : Profile::bike;
    const NodeId source(random.below(graph.node_count()));
    const auto limit_cm = static_cast<std::uint32_t>(random.between(0, 300'000));
    const auto expected = lengths_from(graph, source, profile);
    const bool some = random.chance(0.5);
    const std::vector<NodeId> targets{NodeId(random.below(graph.node_count())), source};
    routes.find(graph, profile, source, limit_cm, some ? targets : std::vector<NodeId>{});
    for (std::size_t v = 0; v < graph.node_count(); ++v) {
      const auto found = routes.at(NodeId(v));
      const bool asked = !some || NodeId(v) == targets[0] || NodeId(v) == targets[1];
      if (asked) {
        ASSERT_EQ(found.has_value(), expected[v] <= limit_cm);
      }
      if (!found) continue;
      EXPECT_EQ(found->length_cm, expected[v]);
      std::uint64_t length = 0;
      NodeId at = source;
      for (const Stretch& s : routes.way_to(graph, NodeId(v))) {
        const Edge& edge = graph.edge(s.edge);
        EXPECT_EQ(at, s.along ? edge.source : edge.target);
        EXPECT_TRUE(graph.passable(s.edge, s.along, profile));
        at = s.along ? edge.target : edge.source;
        length += edge.length_cm;
      }
      EXPECT_EQ(at, NodeId(v));
      EXPECT_EQ(length, expected[v]);
    }
  }
}

}  // namespace
}  // namespace diary::graph
