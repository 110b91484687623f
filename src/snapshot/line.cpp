// SPDX-License-Identifier: Apache-2.0
#include "snapshot/line.hpp"

#include <algorithm>

namespace diary::snapshot {
namespace {

bool contains(const BBox& box, const LngLat& p) {
  return p.lng >= box.west && p.lng <= box.east && p.lat >= box.south && p.lat <= box.north;
}

// On which side of the line from a to b the point lies: -1, 0, 1. 64 bits of mantissa make the differences of
// degrees exact, and leave the product's last bits to chance only where it is nearly nothing.
int side(const LngLat& a, const LngLat& b, double lng, double lat) {
  using Real = long double;
  const Real turn = (Real{b.lng} - a.lng) * (Real{lat} - a.lat) - (Real{b.lat} - a.lat) * (Real{lng} - a.lng);
  return turn > 0 ? 1 : turn < 0 ? -1 : 0;
}

// Neither end lies in the box. A straight piece whose bounds touch the box then passes it by only where both
// corners across its slope lie on one side of it.
bool passes_through(const LngLat& a, const LngLat& b, const BBox& box) {
  if (std::max(a.lng, b.lng) < box.west || std::min(a.lng, b.lng) > box.east ||
      std::max(a.lat, b.lat) < box.south || std::min(a.lat, b.lat) > box.north)
    return false;
  const bool rises = (b.lng > a.lng) == (b.lat > a.lat);
  const int first = rises ? side(a, b, box.west, box.north) : side(a, b, box.west, box.south);
  const int second = rises ? side(a, b, box.east, box.south) : side(a, b, box.east, box.north);
  return first == 0 || first != second;
}

}  // namespace

bool intersects(std::span<const LngLat> line, const BBox& box) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (contains(box, line[i])) return true;
    if (i > 0 && passes_through(line[i - 1], line[i], box)) return true;
  }
  return false;
}

}  // namespace diary::snapshot
