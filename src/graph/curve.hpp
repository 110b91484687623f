// SPDX-License-Identifier: Apache-2.0
#pragma once

// All paths that are the cheapest at some weight: the lower envelope of length + weight * penalty. A few
// weights give corners of it; what is missing costs less than they at a weight where two neighbours cost the
// same (as in Mote, Murthy, Olson: A parametric approach to solving bicriterion shortest path problems, EJOR
// 1991), and one more search finds all of that. Such a weight is a fraction of integers, so nothing is
// rounded.

#include <vector>

#include "graph/path.hpp"
#include "graph/search.hpp"

namespace diary::graph {

constexpr double max_weight = 5;

// A path and the weights for which none is cheaper.
struct CurvePoint {
  Path path;
  double from_weight = 0;
  double to_weight = max_weight;
};

// Of what `search` was asked. The first is the shortest (of those the one with the least penalty), the last
// the cheapest at max_weight; lengths rise, penalties fall. Paths that are cheapest at one weight only, where
// they cost the same as two others, are left out. Empty: not connected.
[[nodiscard]] std::vector<CurvePoint> trade_off_curve(Search& search);

}  // namespace diary::graph
