// SPDX-License-Identifier: Apache-2.0
#include "graph/isochrone.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

#include "graph/geometry.hpp"
#include "graph/plane.hpp"
#include "graph/raster.hpp"

namespace diary::graph {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double most_cells_across = 1'000;
constexpr double least_cell_m = 1;

class Spread {
 public:
  Spread(const RoadGraph& graph, const PenaltyOf& penalty_m, const IsochroneOptions& options)
      : graph_(graph), penalty_m_(penalty_m), options_(options), cost_m_(graph.node_count(), infinite) {}

  [[nodiscard]] std::vector<ReachedStretch> from(const Place& place) {
    for (const bool along : {true, false}) go(place.edge, along, offset_of(place, along), 0);
    while (!open_.empty()) {
      const auto [cost_m, node] = open_.top();
      open_.pop();
      if (cost_m > cost_m_[node]) continue;
      for (const Link& link : graph_.links(NodeId(node))) go(link.edge, link.along, 0, cost_m);
    }
    return merged();
  }

 private:
  [[nodiscard]] std::uint32_t offset_of(const Place& place, bool along) const {
    const std::uint32_t length = graph_.edge(place.edge).length_cm;
    const std::uint32_t offset = std::min(place.offset_cm, length);
    return along ? offset : length - offset;
  }

  // Along the edge, or against it, from `begin_cm` in that direction, as far as the rest of the budget goes.
  void go(EdgeId id, bool along, std::uint32_t begin_cm, double cost_m) {
    if (!graph_.passable(id, along, options_.profile)) return;
    const Edge& edge = graph_.edge(id);
    const double whole_m = edge.length_cm / 100.0 + options_.weight * penalty_m_(id);
    const double per_cm = whole_m / edge.length_cm;
    const double rest_m = per_cm * (edge.length_cm - begin_cm);
    const double left_m = options_.budget_m - cost_m;
    const std::uint32_t end_cm =
        rest_m <= left_m ? edge.length_cm
                         : begin_cm + static_cast<std::uint32_t>(std::max(0.0, std::floor(left_m / per_cm)));
    if (end_cm > begin_cm) {
      if (along)
        reached_.push_back({id, begin_cm, end_cm});
      else
        reached_.push_back({id, edge.length_cm - end_cm, edge.length_cm - begin_cm});
    }
    if (rest_m > left_m) return;
    const std::uint32_t head = (along ? edge.target : edge.source).value;
    if (cost_m + rest_m >= cost_m_[head]) return;
    cost_m_[head] = cost_m + rest_m;
    open_.emplace(cost_m_[head], head);
  }

  [[nodiscard]] std::vector<ReachedStretch> merged() {
    std::ranges::sort(reached_, [](const ReachedStretch& a, const ReachedStretch& b) {
      return std::tuple(a.edge, a.from_cm) < std::tuple(b.edge, b.from_cm);
    });
    std::vector<ReachedStretch> merged;
    for (const ReachedStretch& part : reached_)
      if (!merged.empty() && merged.back().edge == part.edge && part.from_cm <= merged.back().to_cm)
        merged.back().to_cm = std::max(merged.back().to_cm, part.to_cm);
      else
        merged.push_back(part);
    return merged;
  }

  using Open = std::pair<double, std::uint32_t>;
  const RoadGraph& graph_;
  const PenaltyOf& penalty_m_;
  const IsochroneOptions& options_;
  std::vector<double> cost_m_;  // of nodes
  std::priority_queue<Open, std::vector<Open>, std::greater<>> open_;
  std::vector<ReachedStretch> reached_;
};

Ring degrees(const FlatRing& flat, const Plane& plane) {
  Ring ring;
  for (const Metres at : flat) ring.push_back(plane.degrees(at));
  ring.back() = ring.front();
  return ring;
}

std::vector<std::vector<Metres>> flat_lines(const RoadGraph& graph,
                                            const std::vector<ReachedStretch>& streets, const Plane& plane) {
  std::vector<std::vector<Metres>> lines;
  std::vector<Point> points;
  for (const ReachedStretch& part : streets) {
    points.clear();
    append_line(graph, {part.edge, true, part.from_cm, part.to_cm}, points);
    auto& line = lines.emplace_back();
    for (const Point point : points) line.push_back(plane.of(point));
  }
  return lines;
}

Raster raster_for(const std::vector<std::vector<Metres>>& lines, const IsochroneOptions& options) {
  Metres low{infinite, infinite};
  Metres high{-infinite, -infinite};
  for (const auto& line : lines)
    for (const Metres at : line) {
      low = {std::min(low.east, at.east), std::min(low.north, at.north)};
      high = {std::max(high.east, at.east), std::max(high.north, at.north)};
    }
  const double across_m = std::max(high.east - low.east, high.north - low.north);
  const double cell_m = std::max({least_cell_m, options.cell_m, across_m / most_cells_across});
  // A street's own cells must be inside with all of their corners.
  return {low, high, cell_m, std::clamp(options.around_m, 1.5 * cell_m, 100 * cell_m)};
}

}  // namespace

std::vector<ReachedStretch> reached_streets(const RoadGraph& graph, const Place& from,
                                            const PenaltyOf& penalty_m, const IsochroneOptions& options) {
  if (from.edge.value >= graph.edge_count() || !(options.budget_m >= 0) || !(options.weight >= 0)) return {};
  return Spread(graph, penalty_m, options).from(from);
}

std::vector<IsochronePolygon> area_around(const RoadGraph& graph, const std::vector<ReachedStretch>& streets,
                                          const IsochroneOptions& options) {
  if (streets.empty()) return {};
  const Plane plane(graph.line(streets.front().edge).front().degrees());
  const auto lines = flat_lines(graph, streets, plane);
  Raster raster = raster_for(lines, options);
  for (const auto& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) raster.add(line[i > 0 ? i - 1 : 0], line[i]);
  std::vector<IsochronePolygon> area;
  for (const FlatPolygon& flat : raster.polygons(options.least_hole_m2)) {
    IsochronePolygon& polygon = area.emplace_back(1, degrees(flat.outer, plane));
    for (const FlatRing& hole : flat.holes) polygon.push_back(degrees(hole, plane));
  }
  return area;
}

Isochrone isochrone(const RoadGraph& graph, const Place& from, const PenaltyOf& penalty_m,
                    const IsochroneOptions& options) {
  Isochrone result;
  result.streets = reached_streets(graph, from, penalty_m, options);
  for (const ReachedStretch& part : result.streets) result.street_m += (part.to_cm - part.from_cm) / 100.0;
  result.area = area_around(graph, result.streets, options);
  return result;
}

}  // namespace diary::graph
