// SPDX-License-Identifier: Apache-2.0
#include "domain/line.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace diary {
namespace {

constexpr double radians = std::numbers::pi / 180;
constexpr double metres_per_degree = 6'371'008.8 * radians;

struct Metres {
  double east;
  double north;
};

// As seen from `origin`: flat, which over a few kilometres it is.
Metres seen_from(LngLat origin, LngLat point) {
  return {(point.lng - origin.lng) * metres_per_degree * std::cos(origin.lat * radians),
          (point.lat - origin.lat) * metres_per_degree};
}

double distance_m(LngLat point, LngLat from, LngLat to) {
  const Metres a = seen_from(point, from);
  const Metres b = seen_from(point, to);
  const double east = b.east - a.east;
  const double north = b.north - a.north;
  const double square = east * east + north * north;
  const double part = square > 0 ? std::clamp(-(a.east * east + a.north * north) / square, 0.0, 1.0) : 0.0;
  return std::hypot(a.east + part * east, a.north + part * north);
}

}  // namespace

double line_length_m(std::span<const LngLat> line) {
  double metres = 0;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const LngLat middle{(line[i - 1].lng + line[i].lng) / 2, (line[i - 1].lat + line[i].lat) / 2};
    const Metres from = seen_from(middle, line[i - 1]);
    const Metres to = seen_from(middle, line[i]);
    metres += std::hypot(to.east - from.east, to.north - from.north);
  }
  return metres;
}

// Each point takes the first piece of `other` within reach that is not before the last one taken: taking a
// later one would leave less for the points behind it.
bool follows(std::span<const LngLat> line, std::span<const LngLat> other, double reach_m) {
  std::size_t piece = 1;
  for (const LngLat point : line) {
    while (piece < other.size() && distance_m(point, other[piece - 1], other[piece]) > reach_m) ++piece;
    if (piece >= other.size()) return false;
  }
  return true;
}

}  // namespace diary
