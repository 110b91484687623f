// SPDX-License-Identifier: Apache-2.0
#pragma once

// The largest part of a graph in which one gets from everywhere to everywhere and back.

#include <vector>

#include "graph/road_graph.hpp"

namespace diary::graph {

// By node. The strongly connected part with the most nodes (Tarjan 1972, without recursion).
[[nodiscard]] std::vector<bool> main_part(const RoadGraph& graph, Profile profile);

}  // namespace diary::graph
