// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shortest ways by length from one junction to those around it, by Dijkstra's algorithm up to a limit. What
// it found stays, compactly, for as many look-ups as one likes.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "graph/path.hpp"
#include "graph/road_graph.hpp"

namespace diary::graph {

class NearbyRoutes {
 public:
  struct Arrival {
    std::uint32_t length_cm = 0;
    EdgeId first;  // none at the source itself
    EdgeId last;
  };

  // Forgets what was. With targets it ends as soon as it has the way to each of them.
  void find(const RoadGraph& graph, Profile profile, NodeId source, std::uint32_t limit_cm,
            std::span<const NodeId> targets = {});

  [[nodiscard]] NodeId source() const { return source_; }
  [[nodiscard]] std::uint32_t limit_cm() const { return limit_cm_; }
  [[nodiscard]] std::size_t settled() const { return settled_; }

  [[nodiscard]] std::optional<Arrival> at(NodeId node) const;
  // Whole edges from the source to there; the node must have been found.
  [[nodiscard]] std::vector<Stretch> way_to(const RoadGraph& graph, NodeId node) const;

 private:
  static constexpr std::uint32_t empty = 0xffffffff;
  struct Slot {
    std::uint32_t node = empty;
    std::uint32_t length_cm = 0;
    std::uint32_t from = empty;  // node
    EdgeId first;
    EdgeId last;
    bool along = true;
    bool final = false;
  };
  struct Open {
    std::uint32_t length_cm;
    std::uint32_t node;
  };
  Slot& slot(std::uint32_t node);
  [[nodiscard]] const Slot* known(std::uint32_t node) const;
  void grow();
  void settle(const RoadGraph& graph, Profile profile, const Slot& here);
  [[nodiscard]] std::size_t place_of(std::uint32_t node) const {
    return (node * 0x9e3779b1U) >> (32U - bits_);
  }

  NodeId source_;
  std::uint32_t limit_cm_ = 0;
  std::size_t settled_ = 0;
  std::size_t used_ = 0;
  unsigned bits_ = 8;
  std::vector<Slot> slots_;  // by hash, open addressing
  std::vector<Open> open_;   // a heap
};

}  // namespace diary::graph
