// SPDX-License-Identifier: Apache-2.0
#include "demo/grid.hpp"

#include <GeographicLib/Geodesic.hpp>
#include <GeographicLib/LocalCartesian.hpp>
#include <cmath>
#include <numbers>

namespace diary::demo {
namespace {

constexpr double city_hall_lat = 39.9524;
constexpr double city_hall_lng = -75.1636;

// Broad St leaves true north by this much, clockwise: the angle between Broad & South and Broad & Spring
// Garden, and (as its right angle) between Rittenhouse and Washington Squares.
constexpr double grid_bearing_deg = 9.45;
const double cosine = std::cos(grid_bearing_deg * std::numbers::pi / 180);
const double sine = std::sin(grid_bearing_deg * std::numbers::pi / 180);

const GeographicLib::LocalCartesian& tangent_plane() {
  static const GeographicLib::LocalCartesian plane(city_hall_lat, city_hall_lng);
  return plane;
}

double rounded(double degrees) {
  return std::round(degrees * 1e7) / 1e7;
}

}  // namespace

double distance_m(GridPoint a, GridPoint b) {
  return std::hypot(a.u - b.u, a.v - b.v);
}

LngLat to_lng_lat(GridPoint point) {
  const double east = point.u * cosine + point.v * sine;
  const double north = point.v * cosine - point.u * sine;
  double lat = 0;
  double lng = 0;
  double height = 0;
  tangent_plane().Reverse(east, north, 0, lat, lng, height);
  return {.lng = rounded(lng), .lat = rounded(lat)};
}

GridPoint to_grid(LngLat point) {
  double east = 0;
  double north = 0;
  double up = 0;
  tangent_plane().Forward(point.lat, point.lng, 0, east, north, up);
  return {.u = east * cosine - north * sine, .v = east * sine + north * cosine};
}

double length_m(const std::vector<LngLat>& line) {
  double total = 0;
  for (std::size_t i = 1; i < line.size(); ++i) {
    double piece = 0;
    GeographicLib::Geodesic::WGS84().Inverse(line[i - 1].lat, line[i - 1].lng, line[i].lat, line[i].lng,
                                             piece);
    total += piece;
  }
  return total;
}

}  // namespace diary::demo
