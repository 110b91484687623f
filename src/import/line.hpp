// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every line has to satisfy before it may become a segment, and its length on the WGS84 ellipsoid.

#include <optional>
#include <span>

#include "domain/segment.hpp"
#include "import/refusal.hpp"

namespace diary::import {

inline constexpr std::size_t max_points = 10'000;
inline constexpr double max_length_m = 999'999.99;  // numeric(8,2)

// Metres between two points. Up to a kilometre and away from the poles by Gauss's mid-latitude rule, whose
// error there is below a micrometre and which takes a tenth of the time; GeographicLib's geodesic otherwise.
[[nodiscard]] double distance_m(LngLat a, LngLat b);
[[nodiscard]] double geodesic_m(LngLat a, LngLat b);  // always GeographicLib's
[[nodiscard]] double length_m(std::span<const LngLat> line);

[[nodiscard]] bool on_earth(LngLat point);

// A neighbouring pair of points more than 180 degrees of longitude apart: on a map it runs round the whole
// earth.
[[nodiscard]] bool crosses_meridian(std::span<const LngLat> line);

// Of a length rounded to the two decimals that are kept.
[[nodiscard]] std::optional<Refusal> check_length(double metres);

}  // namespace diary::import
