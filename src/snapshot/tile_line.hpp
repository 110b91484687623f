// SPDX-License-Identifier: Apache-2.0
#pragma once

// A line as a tile has it: simplified, cut off at the edges, in whole units. Pure.

#include <cstdint>
#include <span>
#include <vector>

namespace diary::snapshot {

struct TilePoint {
  double x;
  double y;
  bool operator==(const TilePoint&) const = default;
};

struct TileUnit {
  std::int32_t x;
  std::int32_t y;
  bool operator==(const TileUnit&) const = default;
};

// Leaves out what lies nearer than `tolerance` to the line that is left (Douglas and Peucker); the ends stay.
void simplify(std::vector<TilePoint>& line, double tolerance);

// Lines, one behind the other.
struct TileParts {
  std::vector<TileUnit> points;
  std::vector<std::uint32_t> ends;  // of each part, in points
  void clear() {
    points.clear();
    ends.clear();
  }
};

// Adds what of the line lies in the square from `low` to `high`, edges included, in whole units; a part that
// comes to a single point is none.
void clip(std::span<const TilePoint> line, double low, double high, TileParts& out);

}  // namespace diary::snapshot
