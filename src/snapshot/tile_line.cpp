// SPDX-License-Identifier: Apache-2.0
#include "snapshot/tile_line.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace diary::snapshot {
namespace {

// Squared, from p to the stretch between a and b.
double distance2(const TilePoint& p, const TilePoint& a, const TilePoint& b) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double length2 = dx * dx + dy * dy;
  double t = 0;
  if (length2 > 0) t = std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2, 0.0, 1.0);
  const double ex = p.x - (a.x + t * dx);
  const double ey = p.y - (a.y + t * dy);
  return ex * ex + ey * ey;
}

// Which part of the stretch from a to b, 0 to 1, lies in the square; false: none (Liang and Barsky).
bool inside(const TilePoint& a, const TilePoint& b, double low, double high, double& from, double& to) {
  from = 0;
  to = 1;
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  for (const auto& [step, room] : {std::pair{-dx, a.x - low}, std::pair{dx, high - a.x},
                                   std::pair{-dy, a.y - low}, std::pair{dy, high - a.y}}) {
    if (step == 0) {
      if (room < 0) return false;
    } else if (step < 0) {
      from = std::max(from, room / step);
    } else {
      to = std::min(to, room / step);
    }
  }
  return from <= to;
}

class Writer {
 public:
  Writer(double low, double high, TileParts& out) : low_(low), high_(high), out_(out), begin_(size()) {}

  void add(double x, double y) {
    // Rounding must not lead out of the square again.
    const TileUnit unit{static_cast<std::int32_t>(std::lround(std::clamp(x, low_, high_))),
                        static_cast<std::int32_t>(std::lround(std::clamp(y, low_, high_)))};
    if (size() == begin_ || out_.points.back() != unit) out_.points.push_back(unit);
  }
  void finish() {
    if (size() - begin_ < 2) out_.points.resize(begin_);
    if (size() > begin_) out_.ends.push_back(static_cast<std::uint32_t>(size()));
    begin_ = size();
  }

 private:
  [[nodiscard]] std::size_t size() const { return out_.points.size(); }
  double low_;
  double high_;
  TileParts& out_;
  std::size_t begin_;
};

}  // namespace

void simplify(std::vector<TilePoint>& line, double tolerance) {
  if (line.size() < 3) return;
  static thread_local std::vector<char> keep;
  static thread_local std::vector<std::pair<std::size_t, std::size_t>> stretches;
  keep.assign(line.size(), 0);
  keep.front() = keep.back() = 1;
  stretches.assign(1, {0, line.size() - 1});
  while (!stretches.empty()) {
    const auto [from, to] = stretches.back();
    stretches.pop_back();
    double farthest = tolerance * tolerance;
    std::size_t at = 0;
    for (std::size_t i = from + 1; i < to; ++i) {
      const double d = distance2(line[i], line[from], line[to]);
      if (d > farthest) {
        farthest = d;
        at = i;
      }
    }
    if (at == 0) continue;
    keep[at] = 1;
    stretches.emplace_back(from, at);
    stretches.emplace_back(at, to);
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < line.size(); ++i)
    if (keep[i] != 0) line[kept++] = line[i];
  line.resize(kept);
}

void clip(std::span<const TilePoint> line, double low, double high, TileParts& out) {
  Writer writer(low, high, out);
  for (std::size_t i = 1; i < line.size(); ++i) {
    const TilePoint& a = line[i - 1];
    const TilePoint& b = line[i];
    double from = 0;
    double to = 1;
    if (!inside(a, b, low, high, from, to)) {
      writer.finish();
      continue;
    }
    if (from > 0) writer.finish();
    writer.add(a.x + from * (b.x - a.x), a.y + from * (b.y - a.y));
    writer.add(a.x + to * (b.x - a.x), a.y + to * (b.y - a.y));
    if (to < 1) writer.finish();
  }
  writer.finish();
}

}  // namespace diary::snapshot
