// SPDX-License-Identifier: Apache-2.0
#pragma once

// A path told street by street: how far along each, and which way to turn into it. Turns are judged by the
// lines about twelve metres before and after, so that how a corner was digitised does not matter.

#include <cstddef>
#include <string_view>
#include <vector>

#include "graph/path.hpp"
#include "graph/road_graph.hpp"

namespace diary::graph {

enum class Maneuver {
  depart,
  straight,
  slight_left,
  left,
  sharp_left,
  slight_right,
  right,
  sharp_right,
  u_turn,
  arrive
};
[[nodiscard]] std::string_view name_of(Maneuver maneuver);

struct Step {
  std::string_view street;  // the graph's
  Maneuver maneuver = Maneuver::depart;
  double length_m = 0;
  double heading_degrees = 0;     // clockwise from north, after the maneuver
  LngLat location{};              // of the maneuver
  std::size_t first_segment = 0;  // counted as in segments_of()
};

// Stretches of one street are one step, with unnamed pieces of less than 15 m between them; but a turn of 50
// degrees or more where there was a choice, and a turning back, begin another. The last step is to arrive.
[[nodiscard]] std::vector<Step> steps_of(const RoadGraph& graph, const Path& path);

// The same, beside the line that it was told by.
struct Told {
  std::vector<Point> line;
  std::vector<Step> steps;
};
[[nodiscard]] Told tell(const RoadGraph& graph, const Path& path);

// The edges in order; one that comes twice in a row, as where one turns back on it, once.
[[nodiscard]] std::vector<EdgeId> segments_of(const Path& path);

// Streets without a name are called "(unnamed ...)" by the import.
[[nodiscard]] bool is_unnamed(std::string_view street);

}  // namespace diary::graph
