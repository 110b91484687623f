// SPDX-License-Identifier: Apache-2.0
#pragma once

// The path along points of a drawn map, whole segments only: "AbCD" is the segments AbC and CD.

#include <stdexcept>
#include <string>

#include "graph/drawn_streets.hpp"
#include "graph/path.hpp"
#include "graph/road_graph.hpp"

namespace diary::graph::test {

inline Stretch drawn_stretch(const RoadGraph& graph, const std::string& points) {
  if (const auto edge = graph.find(points)) return {*edge, true, 0, graph.edge(*edge).length_cm};
  const auto edge = graph.find(std::string(points.rbegin(), points.rend()));
  if (!edge) throw std::logic_error("no segment " + points + " was drawn");
  return {*edge, false, graph.edge(*edge).length_cm, 0};
}

inline Path drawn_path(const RoadGraph& graph, const std::string& points) {
  Path path;
  std::string part;
  for (const char c : points) {
    part += c;
    if (part.size() < 2 || (c >= 'a' && c <= 'z')) continue;
    path.stretches.push_back(drawn_stretch(graph, part));
    path.length_cm += graph.edge(path.stretches.back().edge).length_cm;
    part = c;
  }
  return path;
}

}  // namespace diary::graph::test
