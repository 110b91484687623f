// SPDX-License-Identifier: Apache-2.0
#pragma once

// The topology of a customizable contraction hierarchy (Dibbelt, Strasser, Wagner: Customizable Contraction
// Hierarchies, JEA 2016): nodes are contracted in the order of their numbers, and whatever that may connect
// is an arc. Knows no costs, and no directions: an arc stands for both.

#include <cstdint>
#include <span>
#include <vector>

#include "graph/road_graph.hpp"

namespace diary::graph {

class Hierarchy {
 public:
  explicit Hierarchy(const RoadGraph& graph);

  static constexpr std::uint32_t none = 0xffffffff;

  [[nodiscard]] std::size_t node_count() const { return first_up_.size() - 1; }
  [[nodiscard]] std::size_t arc_count() const { return head_.size(); }

  // Arcs are numbered by their lower end, then by their upper; those of a node that lead up lie together.
  [[nodiscard]] std::uint32_t first_up(std::uint32_t node) const { return first_up_[node]; }
  [[nodiscard]] std::span<const std::uint32_t> heads_up(std::uint32_t node) const {
    return std::span(head_).subspan(first_up_[node], first_up_[node + 1] - first_up_[node]);
  }
  // In the elimination tree: the head of the node's first arc that leads up; none for a root. In an array of
  // its own, so that a climb waits for one load a step.
  [[nodiscard]] std::uint32_t parent(std::uint32_t node) const { return parent_[node]; }
  [[nodiscard]] std::uint32_t head(std::uint32_t arc) const { return head_[arc]; }
  [[nodiscard]] std::uint32_t tail(std::uint32_t arc) const { return tail_[arc]; }

  // The arc between two nodes, low < high; none when there is none.
  [[nodiscard]] std::uint32_t find(std::uint32_t low, std::uint32_t high) const;

  // The arc that an edge lies on; none for a loop.
  [[nodiscard]] std::uint32_t arc_of(EdgeId edge) const { return arc_of_[edge.value]; }
  [[nodiscard]] std::span<const EdgeId> edges_on(std::uint32_t arc) const {
    return std::span(edges_on_).subspan(first_on_[arc], first_on_[arc + 1] - first_on_[arc]);
  }

  [[nodiscard]] std::size_t bytes() const;

 private:
  void contract(const RoadGraph& graph);
  void place_edges(const RoadGraph& graph);

  std::vector<std::uint32_t> first_up_;
  std::vector<std::uint32_t> parent_;
  std::vector<std::uint32_t> head_;
  std::vector<std::uint32_t> tail_;
  std::vector<std::uint32_t> arc_of_;
  std::vector<std::uint32_t> first_on_;
  std::vector<EdgeId> edges_on_;
};

}  // namespace diary::graph
