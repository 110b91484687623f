// SPDX-License-Identifier: Apache-2.0
#pragma once

// Between offsets along edges and points on the earth. An offset is a share of the edge's length, and that
// share of its line as it is drawn; the two differ where a length was given and not measured.

#include <cstdint>
#include <span>
#include <vector>

#include "graph/path.hpp"
#include "graph/road_graph.hpp"

namespace diary::graph {

// Metres along the line from its start to each of its points.
[[nodiscard]] std::vector<double> metres_along(std::span<const Point> line);
[[nodiscard]] double piece_length_m(Point a, Point b);

// The point of the edge at that offset, rounded to 1e-7 degrees.
[[nodiscard]] Point point_at(const RoadGraph& graph, EdgeId edge, std::uint32_t offset_cm);

// Adds the line of the stretch in the direction in which it is gone. Leaves out what repeats the last point.
void append_line(const RoadGraph& graph, const Stretch& stretch, std::vector<Point>& to);

[[nodiscard]] inline std::uint32_t length_cm(const Stretch& stretch) {
  return stretch.from_cm < stretch.to_cm ? stretch.to_cm - stretch.from_cm : stretch.from_cm - stretch.to_cm;
}

}  // namespace diary::graph
