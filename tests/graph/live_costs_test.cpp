// SPDX-License-Identifier: Apache-2.0
// Costs under many readers and one writer; and the bounds that changes leave behind against a customization
// from nothing.
#include "graph/live_costs.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "graph/cost_version.hpp"
#include "graph/hierarchy.hpp"
#include "graph/random_streets.hpp"

namespace diary::graph::test {
namespace {

bool same(const Costs& a, const Costs& b) {
  const Costs differs = a != b;
  return (differs[0] | differs[1] | differs[2] | differs[3]) == 0;
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
  for (std::size_t e = 0; e < graph.edge_count(); ++e) {
    ASSERT_LE(version.low_penalties[e], version.penalties[e]);
    ASSERT_EQ(version.penalties[e], penalty_of(graph.edge(EdgeId(e)).length_cm, version.scores[e]));
  }
}

TEST(LiveCosts, ChangesLeaveWhatACustomizationFromNothingGives) {
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
        expect_as_from_nothing(graph, hierarchy, reader.version());
      }
      const std::vector<ScoreChange> one{{EdgeId(0), 3}};
      costs.apply(one);
    }
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
