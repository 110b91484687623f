// SPDX-License-Identifier: Apache-2.0
#pragma once

// Dijkstra's algorithm as in a textbook, with a binary heap, stopped as soon as the target is settled: what
// the engine is held against. Knows none of the engine's shortcuts.

#include <cstdint>
#include <optional>
#include <vector>

#include "graph/engine.hpp"

namespace diary::bench {

class Dijkstra {
 public:
  // Keeps a reference.
  explicit Dijkstra(const graph::RoadGraph& graph);

  // On foot, in units of graph::Scale::of_weight(weight). None: not connected.
  [[nodiscard]] std::optional<std::int64_t> cost(const graph::Engine::Inquiry& inquiry,
                                                 const graph::Place& from, const graph::Place& to,
                                                 double weight);

 private:
  const graph::RoadGraph& graph_;
  std::vector<std::int64_t> best_;  // by junction; all without one between two calls
  std::vector<std::uint32_t> touched_;
};

}  // namespace diary::bench
