// SPDX-License-Identifier: Apache-2.0
#pragma once

// Cuts runs wherever two of them meet, so that streets which cross share a node. Knows nothing of names or
// numbers.

#include <cstddef>
#include <vector>

#include "demo/blocks.hpp"

namespace diary::demo {

// A run between two neighbouring nodes; `path` starts and ends exactly on them.
struct Piece {
  std::size_t run;
  std::size_t from;
  std::size_t to;
  Path path;
};

struct Cut {
  std::vector<GridPoint> nodes;
  std::vector<Piece> pieces;
};

// Meeting points less than `snap_m` apart become one node, and an end that stops this close to another street
// joins it. Loose ends shorter than `stub_m` are dropped.
[[nodiscard]] Cut cut_at_crossings(const std::vector<Run>& runs, double snap_m = 8, double stub_m = 18);

}  // namespace diary::demo
