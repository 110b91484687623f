// SPDX-License-Identifier: Apache-2.0
#include "snapshot/world.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace diary::snapshot {
namespace {

constexpr double side = 4294967296.0;
constexpr double pi = std::numbers::pi;

std::uint32_t step(double part) {
  return static_cast<std::uint32_t>(std::clamp(std::floor(part * side), 0.0, side - 1));
}

double lng_of(double x) {
  return std::clamp(x / side * 360 - 180, -180.0, 180.0);
}

double lat_of(double y) {
  const double part = std::clamp(y / side, 0.0, 1.0);
  return std::atan(std::sinh(pi * (1 - 2 * part))) * 180 / pi;
}

}  // namespace

WorldPoint to_world(const LngLat& place) {
  constexpr double end = 85.06;  // behind the square's edge, and still a number at the poles
  const double lat = std::clamp(place.lat, -end, end) * pi / 180;
  return {step(place.lng / 360 + 0.5), step(0.5 - std::asinh(std::tan(lat)) / (2 * pi))};
}

BBox box_of_world(double west, double north, double east, double south) {
  // What was put on the edge is within the outermost tiles.
  return {lng_of(west), south >= side ? -90 : lat_of(south), lng_of(east), north <= 0 ? 90 : lat_of(north)};
}

}  // namespace diary::snapshot
