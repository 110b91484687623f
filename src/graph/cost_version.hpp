// SPDX-License-Identifier: Apache-2.0
#pragma once

// All that scores decide, as of one moment.

#include <array>
#include <cstdint>
#include <vector>

#include "graph/metric.hpp"
#include "graph/path.hpp"

namespace diary::graph {

// A RoadGraph's link with what it costs, in one piece of memory: what a search reads.
struct CostLink {
  std::uint32_t head = 0;
  std::uint32_t edge : 30 = 0;
  std::uint32_t walk : 1 = 0;  // passable in this direction
  std::uint32_t bike : 1 = 0;
  std::uint32_t length_cm = 0;
  std::uint32_t penalty = 0;

  [[nodiscard]] bool passable(Profile profile) const { return profile == Profile::walk ? walk : bike; }
};

struct CostVersion {
  std::vector<CostLink> links;               // as RoadGraph::links of all nodes, one after the other
  std::vector<double> scores;                // by edge
  std::vector<std::uint32_t> penalties;      // by edge
  std::vector<std::uint32_t> low_penalties;  // by edge: not above the penalty
  std::vector<Metric> metrics;               // one, or one for each profile

  [[nodiscard]] const Metric& metric(Profile profile) const {
    return metrics[metrics.size() == 1 ? 0 : static_cast<std::size_t>(profile)];
  }
};

// length * (5 - score) / 5 in 1/32 cm, rounded to the nearest.
[[nodiscard]] std::uint32_t penalty_of(std::uint32_t length_cm, double score);

}  // namespace diary::graph
