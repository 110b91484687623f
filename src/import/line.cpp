// SPDX-License-Identifier: Apache-2.0
#include "import/line.hpp"

#include <GeographicLib/Geodesic.hpp>
#include <cmath>
#include <numbers>

namespace diary::import {
namespace {

constexpr double radians = std::numbers::pi / 180;

const GeographicLib::Geodesic& wgs84() {
  return GeographicLib::Geodesic::WGS84();
}

}  // namespace

double geodesic_m(LngLat a, LngLat b) {
  double metres = 0;
  wgs84().Inverse(a.lat, a.lng, b.lat, b.lng, metres);
  return metres;
}

double distance_m(LngLat a, LngLat b) {
  constexpr double near_degrees = 0.008;  // under 900 m each way
  const double mid_lat = (a.lat + b.lat) / 2;
  if (std::abs(a.lat - b.lat) > near_degrees || std::abs(a.lng - b.lng) > near_degrees ||
      std::abs(mid_lat) > 85)
    return geodesic_m(a, b);
  static const double radius = wgs84().EquatorialRadius();
  static const double e2 = wgs84().Flattening() * (2 - wgs84().Flattening());
  const double sine = std::sin(mid_lat * radians);
  const double cosine = std::sqrt(1 - sine * sine);
  const double q = 1 - e2 * sine * sine;
  const double prime_vertical = radius / std::sqrt(q);
  const double meridian = prime_vertical * (1 - e2) / q;
  const double north = meridian * (b.lat - a.lat) * radians;
  const double east = prime_vertical * cosine * (b.lng - a.lng) * radians;
  return std::sqrt(north * north + east * east);
}

double length_m(std::span<const LngLat> line) {
  double metres = 0;
  for (std::size_t i = 1; i < line.size(); ++i) metres += distance_m(line[i - 1], line[i]);
  return metres;
}

bool on_earth(LngLat point) {
  return std::abs(point.lng) <= 180 && std::abs(point.lat) <= 90;
}

bool crosses_meridian(std::span<const LngLat> line) {
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (std::abs(line[i].lng - line[i - 1].lng) > 180) return true;
  }
  return false;
}

std::optional<Refusal> check_length(double metres) {
  const double centimetres = std::round(metres * 100);
  if (centimetres < 1) return Refusal::zero_length;
  if (centimetres > std::round(max_length_m * 100)) return Refusal::too_long;
  return std::nullopt;
}

}  // namespace diary::import
