// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which tile: zoom, column from the west, row from the north.

#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/segment_query.hpp"

namespace diary::snapshot {

struct TileAddress {
  static constexpr int max_zoom = 16;
  static constexpr int extent = 4096;  // units along a side
  static constexpr int buffer = 64;    // units around it that are drawn as well

  int z = 0;
  std::uint32_t x = 0;
  std::uint32_t y = 0;

  bool operator==(const TileAddress&) const = default;
  [[nodiscard]] std::uint64_t key() const {
    return static_cast<std::uint64_t>(z) << 32 | static_cast<std::uint64_t>(x) << 16 | y;
  }
  // Steps of the world's square in a unit.
  [[nodiscard]] std::uint32_t unit() const { return std::uint32_t{1} << (20 - z); }
  // With the buffer.
  [[nodiscard]] BBox box() const;
};

// "12", "1205", "1539.mvt"; nothing for what is no tile: numbers written in another way, or that there are
// not at that zoom.
[[nodiscard]] std::optional<TileAddress> parse_tile(std::string_view z, std::string_view x,
                                                    std::string_view y);

}  // namespace diary::snapshot
