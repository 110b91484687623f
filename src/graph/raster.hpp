// SPDX-License-Identifier: Apache-2.0
#pragma once

// Area around lines, on a grid of samples, and its outline as rings.

#include <cstdint>
#include <vector>

#include "graph/plane.hpp"

namespace diary::graph {

using FlatRing = std::vector<Metres>;  // closed: the last point is the first

struct FlatPolygon {
  FlatRing outer;               // counter-clockwise
  std::vector<FlatRing> holes;  // clockwise
};

class Raster {
 public:
  // Samples each `cell_m`, with room for `reach_m` around the box.
  Raster(Metres low, Metres high, double cell_m, double reach_m);

  // All samples within reach of the line from `a` to `b` are inside.
  void add(Metres a, Metres b);

  // By marching squares through the middle between samples: each crossing belongs to one ring, so rings
  // neither cross nor touch, themselves or each other. Samples that meet at a corner are of one polygon.
  // Points in a straight row are left out. Holes smaller than that are filled.
  [[nodiscard]] std::vector<FlatPolygon> polygons(double least_hole_m2) const;

 private:
  // A corner of the outline in half cells.
  struct Corner {
    std::int64_t x = 0;
    std::int64_t y = 0;
  };
  [[nodiscard]] bool inside(std::size_t x, std::size_t y) const { return samples_[y * columns_ + x] != 0; }
  [[nodiscard]] unsigned corners_inside(std::size_t x, std::size_t y) const;
  [[nodiscard]] std::vector<std::uint32_t> areas(std::uint32_t& count) const;
  void flood(std::vector<std::uint32_t>& area, std::size_t from, std::uint32_t number) const;
  [[nodiscard]] std::vector<Corner> follow(std::size_t x, std::size_t y, unsigned side,
                                           std::vector<std::uint8_t>& passed) const;
  [[nodiscard]] FlatRing ring(const std::vector<Corner>& corners) const;

  Metres low_;
  double cell_m_;
  double reach_m_;
  std::size_t columns_;
  std::size_t rows_;
  std::vector<std::uint8_t> samples_;
};

}  // namespace diary::graph
