// SPDX-License-Identifier: Apache-2.0
#pragma once

// The earth around one point as a plane in metres, right on the WGS84 ellipsoid at that latitude and good to
// a few parts in ten thousand over a city. Not for points across the antimeridian or at the poles.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "graph/road_graph.hpp"

namespace diary::graph {

struct Metres {
  double east = 0;
  double north = 0;
};

inline Metres operator-(Metres a, Metres b) {
  return {a.east - b.east, a.north - b.north};
}
inline Metres operator+(Metres a, Metres b) {
  return {a.east + b.east, a.north + b.north};
}
inline double dot(Metres a, Metres b) {
  return a.east * b.east + a.north * b.north;
}
inline double length(Metres a) {
  return std::sqrt(dot(a, a));
}

class Plane {
 public:
  explicit Plane(LngLat origin) : origin_(origin) {
    constexpr double radians = std::numbers::pi / 180;
    constexpr double equator_m = 6'378'137;
    constexpr double squashed = 0.00669437999014;  // the square of the eccentricity
    const double sine = std::sin(origin.lat * radians);
    const double bent = 1 - squashed * sine * sine;
    const double normal_m = equator_m / std::sqrt(bent);
    per_lng_ = normal_m * std::cos(origin.lat * radians) * radians;
    per_lat_ = normal_m * (1 - squashed) / bent * radians;
  }
  [[nodiscard]] Metres of(LngLat at) const {
    return {(at.lng - origin_.lng) * per_lng_, (at.lat - origin_.lat) * per_lat_};
  }
  [[nodiscard]] Metres of(Point at) const { return of(at.degrees()); }
  [[nodiscard]] LngLat degrees(Metres at) const {
    return {origin_.lng + at.east / per_lng_, origin_.lat + at.north / per_lat_};
  }
  [[nodiscard]] double metres_per_lng() const { return per_lng_; }
  [[nodiscard]] double metres_per_lat() const { return per_lat_; }

 private:
  LngLat origin_;
  double per_lng_;
  double per_lat_;
};

// Where on the piece from `a` to `b` (0..1) it is nearest to the origin, and how near, squared.
struct Nearest {
  double part = 0;
  double square = 0;
};

// At the ends exactly their own distance, so that pieces that meet there tie.
inline Nearest nearest_on_piece(Metres a, Metres b) {
  const Metres along = b - a;
  const double reach = -dot(a, along);
  const double square = dot(along, along);
  if (!(reach > 0)) return {0, dot(a, a)};
  if (reach >= square) return {1, dot(b, b)};
  const double part = reach / square;
  const Metres foot{a.east + part * along.east, a.north + part * along.north};
  return {part, dot(foot, foot)};
}

// Clockwise from north, 0..360.
inline double bearing_degrees(Metres towards) {
  const double degrees = std::atan2(towards.east, towards.north) * 180 / std::numbers::pi;
  return degrees < 0 ? degrees + 360 : degrees;
}

[[nodiscard]] inline bool usable_place(LngLat at) {  // false for NaN
  return std::abs(at.lng) <= 180 && std::abs(at.lat) <= 89;
}

}  // namespace diary::graph
