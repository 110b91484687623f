// SPDX-License-Identifier: Apache-2.0
#include "demo/crossings.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace diary::demo {
namespace {

// A node on a run: `along` counts legs, with the share of the leg behind the point.
struct Stop {
  double along;
  std::size_t node;
};

class Nodes {
 public:
  explicit Nodes(double snap_m) : snap_m_(snap_m) {}

  // The nearest node within reach, or a new one.
  std::size_t at(GridPoint point) {
    const auto [column, row] = cell(point);
    std::optional<std::size_t> best;
    for (long x = column - 1; x <= column + 1; ++x) {
      for (long y = row - 1; y <= row + 1; ++y) {
        const auto found = cells_.find({x, y});
        if (found == cells_.end()) continue;
        for (const std::size_t node : found->second) {
          const double away = distance_m(points[node], point);
          if (away < snap_m_ && (!best || away < distance_m(points[*best], point))) best = node;
        }
      }
    }
    if (best) return *best;
    points.push_back(point);
    cells_[{column, row}].push_back(points.size() - 1);
    return points.size() - 1;
  }

  std::vector<GridPoint> points;

 private:
  [[nodiscard]] std::pair<long, long> cell(GridPoint p) const {
    return {std::lround(std::floor(p.u / snap_m_)), std::lround(std::floor(p.v / snap_m_))};
  }
  double snap_m_;
  std::map<std::pair<long, long>, std::vector<std::size_t>> cells_;
};

struct Meeting {
  double on_first;  // 0..1 along the leg
  double on_second;
};

double share_of(GridPoint p, GridPoint a, GridPoint b) {
  const double du = b.u - a.u;
  const double dv = b.v - a.v;
  return std::clamp(((p.u - a.u) * du + (p.v - a.v) * dv) / (du * du + dv * dv), 0.0, 1.0);
}

GridPoint between(GridPoint a, GridPoint b, double share) {
  return {std::lerp(a.u, b.u, share), std::lerp(a.v, b.v, share)};
}

// Where legs a-b and c-d meet. Parallel ones meet at most at their ends.
std::optional<Meeting> meeting(GridPoint a, GridPoint b, GridPoint c, GridPoint d, double reach_m) {
  const double cross = (b.u - a.u) * (d.v - c.v) - (b.v - a.v) * (d.u - c.u);
  if (std::abs(cross) > 1e-9) {
    const double s = ((c.u - a.u) * (d.v - c.v) - (c.v - a.v) * (d.u - c.u)) / cross;
    const double t = ((c.u - a.u) * (b.v - a.v) - (c.v - a.v) * (b.u - a.u)) / cross;
    if (s >= 0 && s <= 1 && t >= 0 && t <= 1) return Meeting{s, t};
  }
  for (const double end : {0.0, 1.0}) {
    const GridPoint first = end == 0 ? a : b;
    const double on_second = share_of(first, c, d);
    if (distance_m(first, between(c, d, on_second)) < reach_m) return Meeting{end, on_second};
    const GridPoint second = end == 0 ? c : d;
    const double on_first = share_of(second, a, b);
    if (distance_m(second, between(a, b, on_first)) < reach_m) return Meeting{on_first, end};
  }
  return std::nullopt;
}

bool far_apart(const Path& p, std::size_t i, const Path& q, std::size_t j, double reach_m) {
  const auto [pu0, pu1] = std::minmax(p[i].u, p[i + 1].u);
  const auto [qu0, qu1] = std::minmax(q[j].u, q[j + 1].u);
  const auto [pv0, pv1] = std::minmax(p[i].v, p[i + 1].v);
  const auto [qv0, qv1] = std::minmax(q[j].v, q[j + 1].v);
  return pu0 > qu1 + reach_m || qu0 > pu1 + reach_m || pv0 > qv1 + reach_m || qv0 > pv1 + reach_m;
}

using Stops = std::vector<std::vector<Stop>>;

void meet(const std::vector<Run>& runs, std::size_t a, std::size_t b, Nodes& nodes, Stops& stops,
          double reach_m) {
  const Path& p = runs[a].path;
  const Path& q = runs[b].path;
  for (std::size_t i = 0; i + 1 < p.size(); ++i) {
    for (std::size_t j = 0; j + 1 < q.size(); ++j) {
      if (far_apart(p, i, q, j, reach_m)) continue;
      const auto met = meeting(p[i], p[i + 1], q[j], q[j + 1], reach_m);
      if (!met) continue;
      const std::size_t node = nodes.at(between(p[i], p[i + 1], met->on_first));
      stops[a].push_back({static_cast<double>(i) + met->on_first, node});
      stops[b].push_back({static_cast<double>(j) + met->on_second, node});
    }
  }
}

// Long runs without a crossing (a riverside trail, a bridge) are cut at their corners, to the length of a
// block.
bool is_milestone(const Path& path, std::size_t corner) {
  constexpr double block_m = 80;
  return corner == 0 || corner + 1 == path.size() ||
         (distance_m(path[corner - 1], path[corner]) > block_m &&
          distance_m(path[corner], path[corner + 1]) > block_m);
}

void add_milestones(const std::vector<Run>& runs, Nodes& nodes, Stops& stops) {
  for (std::size_t r = 0; r < runs.size(); ++r) {
    for (std::size_t i = 0; i < runs[r].path.size(); ++i) {
      if (is_milestone(runs[r].path, i))
        stops[r].push_back({static_cast<double>(i), nodes.at(runs[r].path[i])});
    }
    std::ranges::stable_sort(stops[r], {}, &Stop::along);
  }
}

// The run's own corners between two stops, without those that snapping has brought to a stop.
Path path_between(const Path& path, const Stop& from, const Stop& to, const std::vector<GridPoint>& nodes,
                  double snap_m) {
  Path out{nodes[from.node]};
  for (std::size_t i = 1; i + 1 < path.size(); ++i) {
    const auto along = static_cast<double>(i);
    if (along <= from.along || along >= to.along) continue;
    if (distance_m(path[i], nodes[from.node]) > snap_m && distance_m(path[i], nodes[to.node]) > snap_m)
      out.push_back(path[i]);
  }
  out.push_back(nodes[to.node]);
  return out;
}

std::vector<Piece> pieces_of(const std::vector<Run>& runs, const Stops& stops,
                             const std::vector<GridPoint>& nodes, double snap_m) {
  std::vector<Piece> pieces;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    for (std::size_t i = 1; i < stops[r].size(); ++i) {
      const Stop& from = stops[r][i - 1];
      const Stop& to = stops[r][i];
      if (from.node != to.node)
        pieces.push_back({r, from.node, to.node, path_between(runs[r].path, from, to, nodes, snap_m)});
    }
  }
  return pieces;
}

void drop_stubs(std::vector<Piece>& pieces, std::size_t node_count, double stub_m) {
  std::vector<int> degree(node_count, 0);
  for (const Piece& piece : pieces) {
    ++degree[piece.from];
    ++degree[piece.to];
  }
  std::erase_if(pieces, [&](const Piece& piece) {
    return (degree[piece.from] == 1 || degree[piece.to] == 1) &&
           distance_m(piece.path.front(), piece.path.back()) < stub_m;
  });
}

}  // namespace

Cut cut_at_crossings(const std::vector<Run>& runs, double snap_m, double stub_m) {
  Nodes nodes(snap_m);
  Stops stops(runs.size());
  for (std::size_t a = 0; a < runs.size(); ++a) {
    for (std::size_t b = a + 1; b < runs.size(); ++b) meet(runs, a, b, nodes, stops, snap_m);
  }
  add_milestones(runs, nodes, stops);
  auto pieces = pieces_of(runs, stops, nodes.points, snap_m);
  drop_stubs(pieces, nodes.points.size(), stub_m);
  return {std::move(nodes.points), std::move(pieces)};
}

}  // namespace diary::demo
