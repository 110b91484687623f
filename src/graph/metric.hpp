// SPDX-License-Identifier: Apache-2.0
#pragma once

// Costs on a hierarchy's arcs, at three weights at once: what distances to a target are read from. They bound
// the true costs from below: directions are left out (the street that may be used one way counts both ways),
// and a penalty is taken as the `low` one of its edge, so that most changes of a score change nothing here.
// Arcs between the nodes of wide cuts are bounds with room of their own, in which the improvements of single
// streets end. No arc costs more than two that lead the same way round: distances stay consistent.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "graph/hierarchy.hpp"

namespace diary::graph {

// Costs in centimetres at weights 0, 1 and 5, each rounded down, side by side in a register. The fourth
// number is no cost: what it is depends on whose costs they are.
using Costs = std::int32_t __attribute__((vector_size(16)));

constexpr std::size_t lanes = 3;
constexpr std::array<std::int64_t, lanes> metric_weights{0, 1, 5};
constexpr std::int32_t unreachable = 0x3fffffff;  // two of them can be added
constexpr Costs all_unreachable{unreachable, unreachable, unreachable, 0};

// The fourth number comes from a.
inline Costs sum(const Costs& a, const Costs& b) {
  constexpr Costs costs_alone{-1, -1, -1, 0};
  return a + (b & costs_alone);
}
inline Costs lesser(const Costs& a, const Costs& b) {
  return a < b ? a : b;
}

// The fourth number is the node that the arc leads up to.
using MetricArc = Costs;
inline std::uint32_t head_of(const MetricArc& arc) {
  return static_cast<std::uint32_t>(arc[3]);
}

// The fourth number is 0.
[[nodiscard]] Costs costs_of(std::uint32_t length_cm, std::uint32_t low_penalty);

class Metric {
 public:
  // Keeps references. `usable(edge)`: in either direction.
  Metric(const RoadGraph& graph, const Hierarchy& hierarchy, Profile profile);

  [[nodiscard]] std::span<const MetricArc> up(std::uint32_t node) const {
    const std::uint32_t first = hierarchy_->first_up(node);
    return std::span(arcs_).subspan(first, hierarchy_->first_up(node + 1) - first);
  }

  // Hierarchy::parent.
  [[nodiscard]] std::uint32_t parent(std::uint32_t node) const { return hierarchy_->parent(node); }

  // Computes all arcs from the edges' low penalties.
  void customize(std::span<const std::uint32_t> low_penalties);

  // An arc that changed, and what it is now.
  struct Change {
    std::uint32_t arc;
    Costs cost;
  };
  // The same for edges whose low penalties fell, each arc once; appends the arcs that changed. Low penalties
  // that rose are left to customize(): until then the arcs are lower bounds still.
  void lower(std::span<const EdgeId> edges, std::span<const std::uint32_t> low_penalties,
             std::vector<Change>& changes);
  void repeat(std::span<const Change> changes) {
    for (const Change& change : changes) arcs_[change.arc] = change.cost;
  }

  [[nodiscard]] std::size_t bytes() const { return arcs_.capacity() * sizeof(MetricArc); }

 private:
  [[nodiscard]] bool usable(EdgeId edge) const {
    return graph_->passable(edge, true, profile_) || graph_->passable(edge, false, profile_);
  }
  [[nodiscard]] Costs base(std::uint32_t arc, std::span<const std::uint32_t> low_penalties) const;
  [[nodiscard]] bool is_wide(std::uint32_t node) const;
  bool lessen(std::uint32_t arc, const Costs& by);  // whether anything became less
  void put_in_line(std::uint32_t arc);
  std::uint32_t next_in_line();

  const RoadGraph* graph_;
  const Hierarchy* hierarchy_;
  Profile profile_;
  std::vector<MetricArc> arcs_;
  std::vector<std::uint32_t> line_;  // a heap: lowest first
  std::vector<bool> in_line_;
};

}  // namespace diary::graph
