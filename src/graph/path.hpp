// SPDX-License-Identifier: Apache-2.0
#pragma once

// A way through the graph between two places on its edges, and what it costs, exactly.

#include <cstdint>
#include <vector>

#include "domain/segment.hpp"
#include "graph/ids.hpp"

namespace diary::graph {

// A place on an edge.
struct Place {
  EdgeId edge;
  std::uint32_t offset_cm = 0;  // from the start of the edge's line, 0..length_cm
  LngLat point{};               // there
  double distance_m = 0;        // from what was asked for
};

// An edge, or the part of it that is gone along.
struct Stretch {
  EdgeId edge;
  bool along = true;
  std::uint32_t from_cm = 0;  // along the edge's line; from > to when gone against it
  std::uint32_t to_cm = 0;
  bool operator==(const Stretch&) const = default;
};

// Penalties are counted in 1/32 cm: length * (5 - score) / 5, so that cost = length + weight * penalty.
constexpr std::uint32_t penalty_unit = 32;

struct Path {
  std::vector<Stretch> stretches;  // one at least, where a path was found
  std::uint64_t length_cm = 0;
  std::uint64_t penalty = 0;  // in 1/32 cm

  [[nodiscard]] double length_m() const { return static_cast<double>(length_cm) / 100; }
  [[nodiscard]] double cost_m(double weight) const {
    return (static_cast<double>(length_cm) + weight * static_cast<double>(penalty) / penalty_unit) / 100;
  }
};

}  // namespace diary::graph
