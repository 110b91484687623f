// SPDX-License-Identifier: Apache-2.0
// Costs under many readers and one writer; and the bounds that changes leave behind against a customization
// from nothing.
#include "graph/live_costs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "graph/cost_version.hpp"
#include "graph/hierarchy.hpp"
#include "graph/random_streets.hpp"
#include "support/eventually.hpp"

namespace diary::graph::test {
namespace {

bool same(const Costs& a, const Costs& b) {
  const Costs differs = a != b;
  return (differs[0] | differs[1] | differs[2] | differs[3]) == 0;
}

bool any(const Costs& mask) {
  return (mask[0] | mask[1] | mask[2]) != 0;
}

// The arc between two nodes, low < high.
Costs arc_of(const Metric& metric, std::uint32_t low, std::uint32_t high) {
  const auto up = metric.up(low);
  const auto at = std::ranges::lower_bound(up, high, {}, head_of);
  EXPECT_TRUE(at != up.end() && head_of(*at) == high);
  return *at;
}

// No edge costs less than its arc, and no two arcs less than the one that leads the same way: so every
// distance in the hierarchy is a consistent lower bound.
void expect_consistent(const RoadGraph& graph, const Hierarchy& hierarchy, const CostVersion& version) {
  std::size_t dearer = 0;
  for (const Profile profile : {Profile::walk, Profile::bike}) {
    const Metric& metric = version.metric(profile);
    for (std::uint32_t e = 0; e < graph.edge_count(); ++e) {
      const Edge& edge = graph.edge(EdgeId(e));
      const auto [low, high] = std::minmax(edge.source.value, edge.target.value);
      if (low == high) continue;
      if (!graph.passable(EdgeId(e), true, profile) && !graph.passable(EdgeId(e), false, profile)) continue;
      const Costs cost = costs_of(edge.length_cm, version.penalties[e]);
      dearer += any(arc_of(metric, low, high) > cost) ? 1 : 0;
    }
    for (std::uint32_t v = 0; v < hierarchy.node_count(); ++v) {
      const auto up = metric.up(v);
      for (std::size_t i = 0; i < up.size(); ++i)
        for (std::size_t j = i + 1; j < up.size(); ++j)
          dearer += any(arc_of(metric, head_of(up[i]), head_of(up[j])) > sum(up[i], up[j])) ? 1 : 0;
    }
  }
  ASSERT_EQ(dearer, 0U);
  for (std::size_t e = 0; e < graph.edge_count(); ++e) {
    ASSERT_LE(version.low_penalties[e], version.penalties[e]);
    ASSERT_EQ(version.penalties[e], penalty_of(graph.edge(EdgeId(e)).length_cm, version.scores[e]));
  }
}

void expect_as_from_nothing(const RoadGraph& graph, const Hierarchy& hierarchy, const CostVersion& version) {
  for (const Profile profile : {Profile::walk, Profile::bike}) {
    Metric fresh(graph, hierarchy, profile);
    fresh.customize(version.low_penalties);
    std::size_t differ = 0;
    for (std::uint32_t v = 0; v < hierarchy.node_count(); ++v) {
      const auto expected = fresh.up(v);
      const auto got = version.metric(profile).up(v);
      for (std::size_t i = 0; i < expected.size(); ++i) differ += same(expected[i], got[i]) ? 0 : 1;
    }
    ASSERT_EQ(differ, 0U);
  }
}

TEST(LiveCosts, ChangesLeaveConsistentBounds) {
  Random random(chosen_seed(20261201));
  for (int round = 0; round < 15; ++round) {
    const RoadGraph graph(
        RandomCity({.columns = 4 + random.below(16), .rows = 4 + random.below(16)}, random).streets(), {});
    const Hierarchy hierarchy(graph);
    LiveCosts costs(graph, hierarchy);
    for (int batch = 0; batch < 60; ++batch) {
      std::vector<ScoreChange> changes;
      const std::size_t size = random.chance(0.1) ? graph.edge_count() : 1 + random.below(6);
      for (std::size_t i = 0; i < size; ++i)
        changes.push_back({EdgeId(random.below(graph.edge_count())), random.between(1, 5)});
      costs.apply(changes);
      const LiveCosts::Reader reader(costs);  // the last word on an edge counts
      EXPECT_EQ(reader.version().scores[changes.back().edge.value], changes.back().score);
    }
    for (int side = 0; side < 2; ++side) {  // each change turns to the other version
      {
        const LiveCosts::Reader reader(costs);
        expect_consistent(graph, hierarchy, reader.version());
      }
      const std::vector<ScoreChange> one{{EdgeId(0), 3}};
      costs.apply(one);
    }
  }
}

// However far the scores fell, the bounds follow them by themselves, in both versions.
TEST(LiveCosts, BoundsAreDrawnUpToTheCosts) {
  Random random(chosen_seed(20261203));
  for (int round = 0; round < 5; ++round) {
    const RoadGraph graph(RandomCity({.columns = 12, .rows = 12}, random).streets(), {});
    const Hierarchy hierarchy(graph);
    LiveCosts costs(graph, hierarchy);
    std::vector<ScoreChange> worse;
    for (std::uint32_t e = 0; e < graph.edge_count(); ++e) worse.push_back({EdgeId(e), random.between(1, 2)});
    costs.apply(worse);
    const auto drawn_up = [&] {
      const LiveCosts::Reader reader(costs);
      const CostVersion& version = reader.version();
      for (std::uint32_t e = 0; e < graph.edge_count(); ++e) {
        const double gap = static_cast<double>(version.penalties[e]) - version.low_penalties[e];
        if (gap > 0.05 / 5 * graph.edge(EdgeId(e)).length_cm * penalty_unit + 1) return false;
      }
      return true;
    };
    ASSERT_TRUE(support::eventually(drawn_up));
    for (int side = 0; side < 2; ++side) {
      {
        const LiveCosts::Reader reader(costs);
        expect_as_from_nothing(graph, hierarchy, reader.version());
      }
      const std::vector<ScoreChange> same{worse.front()};
      costs.apply(same);
    }
    EXPECT_GE(costs.customizations(), 1U);
  }
}

// Scores change on while bounds are made from those of before: what improved meanwhile is not lost.
TEST(LiveCosts, ChangesDuringACustomizationAreInIt) {
  Random random(chosen_seed(20261204));
  const RoadGraph graph(RandomCity({.columns = 30, .rows = 30}, random).streets(), {});
  const Hierarchy hierarchy(graph);
  LiveCosts costs(graph, hierarchy);
  const auto step = [&] {
    std::vector<ScoreChange> some;
    for (int i = 0; i < 20; ++i)
      some.push_back({EdgeId(random.below(graph.edge_count())), random.between(1, 5)});
    costs.apply(some);
  };
  for (int i = 0; i < 2000 || costs.customizations() < 5; ++i) step();
  for (int i = 0; i < 200; ++i) {
    step();
    const LiveCosts::Reader reader(costs);
    if (i % 20 == 0) expect_consistent(graph, hierarchy, reader.version());
  }
}

// A writer gives all edges one score after the other. Whoever reads sees one score everywhere, and never an
// older one than before.
TEST(LiveCosts, EachReaderSeesOneMoment) {
  Random random(chosen_seed(20261202));
  const RoadGraph graph(RandomCity({.columns = 8, .rows = 8}, random).streets(), {});
  const Hierarchy hierarchy(graph);
  LiveCosts costs(graph, hierarchy);
  constexpr int steps = 100;
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  std::atomic<long> reads = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i)
    readers.emplace_back([&] {
      double newest = 0;
      while (!done || reads < 100) {
        const LiveCosts::Reader reader(costs);
        const auto& scores = reader.version().scores;
        if (std::ranges::any_of(scores, [&](double s) { return s != scores[0]; })) ++torn;
        if (scores[0] != 3 && scores[0] < newest) ++torn;
        if (scores[0] != 3) newest = scores[0];
        ++reads;
      }
    });
  for (int step = 1; step <= steps; ++step) {
    std::vector<ScoreChange> all;
    for (std::size_t e = 0; e < graph.edge_count(); ++e) all.push_back({EdgeId(e), 3.5 + step * 0.001});
    costs.apply(all);
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(torn, 0);
  EXPECT_GT(reads, 0);
}

}  // namespace
}  // namespace diary::graph::test
