// SPDX-License-Identifier: Apache-2.0
#pragma once

// One tile of the city as it is now: layer `segments` from zoom 8 on, from main streets to all of them, and
// layer `coverage` up to zoom 12, squares of what is known. However large the city, a tile is bounded.

#include <string>

#include "base/time.hpp"
#include "snapshot/city.hpp"
#include "snapshot/tile_address.hpp"

namespace diary::snapshot {

namespace tile_limits {
inline constexpr std::size_t features = 10'000;  // of the longest streets, where there are more
inline constexpr std::size_t bytes = std::size_t{1024} * 1024;  // of layer segments, not compressed
inline constexpr int first_zoom_of_segments = 8;
inline constexpr int last_zoom_of_coverage = 12;
}  // namespace tile_limits

// How long a street must be, all that bears its name, to be drawn at this zoom.
[[nodiscard]] double least_street_m(int zoom);

// What MVT and TileJSON call a feature's id: always the same for a segment, and exact in a double.
[[nodiscard]] std::uint64_t feature_id(std::string_view segment_id);

// Empty when there is nothing in it.
[[nodiscard]] std::string encode_tile(const City& city, const TileAddress& address, Time at);

}  // namespace diary::snapshot
