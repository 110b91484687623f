// SPDX-License-Identifier: Apache-2.0
#pragma once

// What can be reached from a place for a cost: the streets, exactly, and the area around them for a map. The
// caller limits the budget: time and memory grow with what is reached.

#include <functional>
#include <vector>

#include "graph/path.hpp"
#include "graph/road_graph.hpp"

namespace diary::graph {

// What the whole edge adds at weight 1, in metres: length * (5 - score) / 5.
using PenaltyOf = std::function<double(EdgeId)>;

struct IsochroneOptions {
  Profile profile = Profile::walk;
  // Of length + weight * penalty. For a time: seconds * metres_per_second(profile), at weight 0.
  double budget_m = 1'000;
  double weight = 0;
  double around_m = 30;           // how far from a reached street its area goes
  double cell_m = 15;             // how finely; made coarser where the area is too large for it
  double least_hole_m2 = 10'000;  // smaller holes, as inside of a block, are filled
};

// A part of an edge, from < to.
struct ReachedStretch {
  EdgeId edge;
  std::uint32_t from_cm = 0;
  std::uint32_t to_cm = 0;
  bool operator==(const ReachedStretch&) const = default;
};

using Ring = std::vector<LngLat>;  // closed: the last point is the first
using IsochronePolygon =
    std::vector<Ring>;  // outer one counter-clockwise, then holes clockwise: as in RFC 7946

struct Isochrone {
  std::vector<ReachedStretch> streets;  // by edge; no edge's parts overlap
  double street_m = 0;
  // Every point of the streets is inside by `around_m` less a cell's diagonal; nothing is inside that is
  // further away than both together, but for filled holes.
  std::vector<IsochronePolygon> area;
};

// A place that is none, or a budget below 0: nothing.
[[nodiscard]] std::vector<ReachedStretch> reached_streets(const RoadGraph& graph, const Place& from,
                                                          const PenaltyOf& penalty_m,
                                                          const IsochroneOptions& options);
[[nodiscard]] std::vector<IsochronePolygon> area_around(const RoadGraph& graph,
                                                        const std::vector<ReachedStretch>& streets,
                                                        const IsochroneOptions& options);
[[nodiscard]] Isochrone isochrone(const RoadGraph& graph, const Place& from, const PenaltyOf& penalty_m,
                                  const IsochroneOptions& options);

}  // namespace diary::graph
