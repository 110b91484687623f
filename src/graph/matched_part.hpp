// SPDX-License-Identifier: Apache-2.0
#pragma once

// The likeliest chain through the columns of a trellis as stretches of streets, each with its confidence.

#include <span>

#include "graph/matching.hpp"
#include "graph/trellis.hpp"

namespace diary::graph {

// The columns must hold the forward and backward probabilities; `turning_back` as in MatchOptions.
[[nodiscard]] MatchedPart matched_part(const RoadGraph& graph, std::span<const Column> columns, Ways& ways,
                                       double slip_m, double limit_m, double turning_back);

}  // namespace diary::graph
