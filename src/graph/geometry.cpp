// SPDX-License-Identifier: Apache-2.0
#include "graph/geometry.hpp"

#include <algorithm>

#include "graph/plane.hpp"

namespace diary::graph {
namespace {

// The line of one edge with a measure along it.
class Measured {
 public:
  Measured(const RoadGraph& graph, EdgeId edge)
      : line_(graph.line(edge)), along_m_(metres_along(line_)), length_cm_(graph.edge(edge).length_cm) {}

  [[nodiscard]] Point at(std::uint32_t offset_cm) const {
    const double metres = metres_at(offset_cm);
    const auto after = std::ranges::upper_bound(along_m_, metres);
    if (after == along_m_.end()) return line_.back();
    if (after == along_m_.begin()) return line_.front();
    const auto i = static_cast<std::size_t>(after - along_m_.begin());
    const double part = (metres - along_m_[i - 1]) / (along_m_[i] - along_m_[i - 1]);
    return {between(line_[i - 1].lng, line_[i].lng, part), between(line_[i - 1].lat, line_[i].lat, part)};
  }

  // The line's own points strictly between two offsets, low < high.
  [[nodiscard]] std::span<const Point> inside(std::uint32_t low_cm, std::uint32_t high_cm) const {
    const auto first = std::ranges::upper_bound(along_m_, metres_at(low_cm));
    const auto last = std::lower_bound(first, along_m_.end(), metres_at(high_cm));
    return line_.subspan(static_cast<std::size_t>(first - along_m_.begin()),
                         static_cast<std::size_t>(last - first));
  }

 private:
  [[nodiscard]] double metres_at(std::uint32_t offset_cm) const {
    if (offset_cm >= length_cm_) return along_m_.back();
    return along_m_.back() * offset_cm / length_cm_;
  }
  static std::int32_t between(std::int32_t a, std::int32_t b, double part) {
    return static_cast<std::int32_t>(std::lround(a + part * (static_cast<double>(b) - a)));
  }

  std::span<const Point> line_;
  std::vector<double> along_m_;
  std::uint32_t length_cm_;
};

void append(Point point, std::vector<Point>& to) {
  if (to.empty() || to.back() != point) to.push_back(point);
}

}  // namespace

double piece_length_m(Point a, Point b) {
  const Plane plane({a.degrees().lng, (a.degrees().lat + b.degrees().lat) / 2});
  return length(plane.of(b) - plane.of(a));
}

std::vector<double> metres_along(std::span<const Point> line) {
  std::vector<double> along_m(line.size());
  for (std::size_t i = 1; i < line.size(); ++i)
    along_m[i] = along_m[i - 1] + piece_length_m(line[i - 1], line[i]);
  return along_m;
}

Point point_at(const RoadGraph& graph, EdgeId edge, std::uint32_t offset_cm) {
  if (offset_cm == 0) return graph.line(edge).front();
  return Measured(graph, edge).at(offset_cm);
}

void append_line(const RoadGraph& graph, const Stretch& stretch, std::vector<Point>& to) {
  const auto [low, high] = std::minmax(stretch.from_cm, stretch.to_cm);
  const auto line = graph.line(stretch.edge);
  if (low == 0 && high >= graph.edge(stretch.edge).length_cm) {
    if (stretch.along)
      for (const Point& point : line) append(point, to);
    else
      for (std::size_t i = line.size(); i-- > 0;) append(line[i], to);
    return;
  }
  const Measured measured(graph, stretch.edge);
  const auto inside = measured.inside(low, high);
  append(measured.at(stretch.along ? low : high), to);
  if (stretch.along)
    for (const Point& point : inside) append(point, to);
  else
    for (std::size_t i = inside.size(); i-- > 0;) append(inside[i], to);
  append(measured.at(stretch.along ? high : low), to);
}

}  // namespace diary::graph
