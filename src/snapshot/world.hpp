// SPDX-License-Identifier: Apache-2.0
#pragma once

// Places on the square of the web's maps (spherical Mercator), whose sides have 2^32 steps: a tile of zoom z
// is a square of 2^(32 - z) of them, so that cutting the world into tiles is a matter of shifting bits.

#include <cstdint>

#include "domain/segment.hpp"
#include "domain/segment_query.hpp"

namespace diary::snapshot {

struct WorldPoint {
  std::uint32_t x;  // from west to east
  std::uint32_t y;  // from north to south
};

// What lies beyond 85.05 degrees lies on the square's edge.
[[nodiscard]] WorldPoint to_world(const LngLat& place);

// In steps, which may lie outside of the square: then its edge.
[[nodiscard]] BBox box_of_world(double west, double north, double east, double south);

}  // namespace diary::snapshot
