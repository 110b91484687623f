// SPDX-License-Identifier: Apache-2.0
#pragma once

// Finds the places on edges that are nearest to a point.

#include <memory>
#include <optional>
#include <vector>

#include "graph/path.hpp"
#include "graph/road_graph.hpp"

namespace diary::graph {

class SnapIndex {
 public:
  // Keeps a reference.
  explicit SnapIndex(const RoadGraph& graph);
  ~SnapIndex();
  SnapIndex(const SnapIndex&) = delete;
  SnapIndex& operator=(const SnapIndex&) = delete;

  enum class Parts { main_only, all };  // of the network

  // The nearest place on an edge that the profile may use in some direction, within reach.
  [[nodiscard]] std::optional<Place> nearest(LngLat at, Profile profile, double reach_m,
                                             Parts parts = Parts::main_only) const;

  // One place on each of the nearest edges within reach, nearest first, `most` at the most.
  [[nodiscard]] std::vector<Place> within(LngLat at, Profile profile, double reach_m, std::size_t most,
                                          Parts parts = Parts::main_only) const;

  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Index;
  std::unique_ptr<Index> index_;
};

}  // namespace diary::graph
