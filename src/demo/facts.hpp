// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the demo city knows of Philadelphia, as tables: where the streets lie on the grid, over which blocks
// they run, and the water's edge. Written down from general knowledge of the city; nothing here was read off
// a map file.

#include <span>
#include <string_view>

#include "demo/grid.hpp"

namespace diary::demo {

enum class Kind { main, minor, walk };  // walk: no cars

// How the pieces of a street are told apart: by the house number where a piece begins, counted westward from
// Front St or away from Market St (from_market puts N or S before the name), or one after the other.
enum class Numbering { westward, from_market, southward, sequence };

// A street along the grid. `at_m` is its v (east-west) or u (north-south). `blocks` names where it runs:
// "Front..Broad, 16th..20th", each name that of a crossing street, or a number in metres.
struct GridStreet {
  std::string_view name;
  double at_m;
  std::string_view blocks;
  Kind kind = Kind::minor;
};

// A street that leaves the grid.
struct FreeStreet {
  std::string_view name;
  Numbering numbering;
  Kind kind;
  Path path;
};

// A house number known at a place: linear in between, and beyond the ends.
struct HouseNumber {
  double at_m;
  double number;
};

[[nodiscard]] std::span<const GridStreet> east_west_streets();
[[nodiscard]] std::span<const GridStreet> north_south_streets();
[[nodiscard]] std::span<const FreeStreet> free_streets();

[[nodiscard]] std::span<const HouseNumber> numbers_westward();      // u
[[nodiscard]] std::span<const HouseNumber> numbers_north_market();  // v >= 0
[[nodiscard]] std::span<const HouseNumber> numbers_south_market();  // v <= 0

// Banks from south to north.
[[nodiscard]] const Path& schuylkill_east_bank();
[[nodiscard]] const Path& schuylkill_west_bank();
[[nodiscard]] const Path& delaware_west_bank();
[[nodiscard]] bool in_water(GridPoint point);

[[nodiscard]] std::string_view neighborhood_of(GridPoint point);

}  // namespace diary::demo
