// SPDX-License-Identifier: Apache-2.0
#pragma once

// Philadelphia's grid as a plane in metres: u grows eastward along Market St, v northward along Broad St,
// both from the tower of City Hall. Owns the turn of the grid and the way back to degrees; knows no street.

#include <vector>

#include "domain/segment.hpp"

namespace diary::demo {

struct GridPoint {
  double u;
  double v;
  bool operator==(const GridPoint&) const = default;
};

using Path = std::vector<GridPoint>;

[[nodiscard]] double distance_m(GridPoint a, GridPoint b);

// Rounded to 1e-7 degrees, about a centimetre, so that the text of a coordinate reads back to the same point.
[[nodiscard]] LngLat to_lng_lat(GridPoint point);
[[nodiscard]] GridPoint to_grid(LngLat point);

// On the WGS84 ellipsoid.
[[nodiscard]] double length_m(const std::vector<LngLat>& line);

}  // namespace diary::demo
