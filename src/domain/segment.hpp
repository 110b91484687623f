// SPDX-License-Identifier: Apache-2.0
#pragma once

// A street segment as it is loaded: what identifies it and where it lies. Its score lives elsewhere.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/access.hpp"

namespace diary {

// WGS84 degrees.
struct LngLat {
  double lng;
  double lat;
  bool operator==(const LngLat&) const = default;
};

struct NewSegment {
  std::string segment_id;                   // 1..50 characters, stable over re-imports
  std::string street;                       // 1..200 characters
  std::optional<std::string> neighborhood;  // at most 100 characters
  double length_m = 0;                      // on the ellipsoid, > 0, two decimals are kept
  std::vector<LngLat> geometry;             // two points or more
  std::optional<std::int64_t>
      source_node;  // of the network; absent: the database derives them from end points
  std::optional<std::int64_t> target_node;
  std::uint8_t access = access::all;
};

}  // namespace diary
