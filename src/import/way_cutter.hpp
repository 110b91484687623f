// SPDX-License-Identifier: Apache-2.0
#pragma once

// Cuts one way at its junctions into pieces, and names them so that ratings find them again after an update.

#include <functional>
#include <string>
#include <vector>

#include "import/node_index.hpp"
#include "import/osm_source.hpp"

namespace diary::import {

struct Piece {
  std::string id;
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::vector<LngLat> line;
};

// Repeated neighbours are an editing slip, not a way that comes back: they are dropped first.
[[nodiscard]] std::span<const std::int64_t> without_repeats(std::span<const std::int64_t> refs,
                                                            std::vector<std::int64_t>& scratch);

// "w7_1_2": way 7 between the nodes 1 and 2, the smaller first, so that turning a way round keeps the names.
// A way that visits a node more than once can have several pieces between the same two; then the visits'
// numbers follow, "w7_1_2_1_2", which no cut elsewhere in the way changes. Numbers too long for 50 characters
// are written to base 36.
[[nodiscard]] std::string piece_id(std::int64_t way, std::int64_t from, std::int64_t from_visit,
                                   std::int64_t to, std::int64_t to_visit);

class WayCutter {
 public:
  explicit WayCutter(const NodeIndex& nodes) : nodes_(nodes) {}

  // Calls `emit` for each piece of two nodes or more. False: nodes were missing, and the way ends there and
  // begins anew behind them.
  bool cut(std::int64_t way, std::span<const std::int64_t> refs,
           const std::function<void(const Piece&)>& emit);

 private:
  void count_visits(std::span<const std::int64_t> refs);
  [[nodiscard]] std::int64_t visit(std::int64_t ref, std::size_t position) const;
  void flush(std::int64_t way, std::span<const std::int64_t> refs, std::size_t end,
             const std::function<void(const Piece&)>& emit);

  const NodeIndex& nodes_;
  std::vector<std::pair<std::int64_t, std::size_t>> visits_;  // (node, position), sorted
  std::size_t begin_ = 0;                                     // position of the piece's first node
  Piece piece_;
};

}  // namespace diary::import
