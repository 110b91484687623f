// SPDX-License-Identifier: Apache-2.0
#include "graph/raster.hpp"

#include <array>

namespace diary::graph {
namespace {

// Sides of a cell in this order; its corners are bits: 1 south-west, 2 south-east, 4 north-east, 8
// north-west.
enum Side : unsigned { south, east, north, west, none };

// Where the outline that comes in at a side leaves a cell, what is inside being to its left.
constexpr std::array<std::array<Side, 4>, 16> leaves = [] {
  std::array<std::array<Side, 4>, 16> to{};
  for (auto& cell : to) cell.fill(none);
  to[1][south] = west;
  to[2][east] = south;
  to[4][north] = east;
  to[8][west] = north;
  to[3][east] = west;
  to[6][north] = south;
  to[12][west] = east;
  to[9][south] = north;
  to[5][south] = east;  // two corners across: joined
  to[5][north] = west;
  to[10][west] = south;
  to[10][east] = north;
  to[14][west] = south;
  to[13][south] = east;
  to[11][east] = north;
  to[7][north] = west;
  return to;
}();

constexpr unsigned opposite(unsigned side) {
  return (side + 2) % 4;
}

double area_m2(const FlatRing& ring) {
  double twice = 0;
  for (std::size_t i = 1; i < ring.size(); ++i)
    twice += ring[i - 1].east * ring[i].north - ring[i].east * ring[i - 1].north;
  return twice / 2;
}

}  // namespace

Raster::Raster(Metres low, Metres high, double cell_m, double reach_m)
    : low_(low - Metres{reach_m + 2 * cell_m, reach_m + 2 * cell_m}),
      cell_m_(cell_m),
      reach_m_(reach_m),
      columns_(static_cast<std::size_t>((high.east - low_.east + reach_m) / cell_m) + 3),
      rows_(static_cast<std::size_t>((high.north - low_.north + reach_m) / cell_m) + 3),
      samples_(columns_ * rows_) {}

void Raster::add(Metres a, Metres b) {
  const auto first = [&](double metres, double low) {
    return static_cast<std::size_t>(std::max(1.0, std::ceil((metres - reach_m_ - low) / cell_m_)));
  };
  const auto end = [&](double metres, double low, std::size_t size) {
    const double last = std::floor((metres + reach_m_ - low) / cell_m_);
    return std::min(size - 1, static_cast<std::size_t>(std::max(0.0, last)) + 1);
  };
  const std::size_t end_x = end(std::max(a.east, b.east), low_.east, columns_);
  const std::size_t end_y = end(std::max(a.north, b.north), low_.north, rows_);
  for (std::size_t y = first(std::min(a.north, b.north), low_.north); y < end_y; ++y)
    for (std::size_t x = first(std::min(a.east, b.east), low_.east); x < end_x; ++x) {
      if (inside(x, y)) continue;
      const Metres at = low_ + Metres{static_cast<double>(x) * cell_m_, static_cast<double>(y) * cell_m_};
      samples_[y * columns_ + x] = nearest_on_piece(a - at, b - at).square <= reach_m_ * reach_m_ ? 1 : 0;
    }
}

unsigned Raster::corners_inside(std::size_t x, std::size_t y) const {
  return (inside(x, y) ? 1U : 0U) | (inside(x + 1, y) ? 2U : 0U) | (inside(x + 1, y + 1) ? 4U : 0U) |
         (inside(x, y + 1) ? 8U : 0U);
}

void Raster::flood(std::vector<std::uint32_t>& area, std::size_t from, std::uint32_t number) const {
  std::vector<std::size_t> open{from};
  area[from] = number;
  while (!open.empty()) {
    const std::size_t here = open.back();
    open.pop_back();
    // Samples at the rim are never inside, so that all eight neighbours are there.
    for (const std::size_t there : {here - 1, here + 1, here - columns_, here + columns_, here - columns_ - 1,
                                    here - columns_ + 1, here + columns_ - 1, here + columns_ + 1}) {
      if (samples_[there] == 0 || area[there] != 0) continue;
      area[there] = number;
      open.push_back(there);
    }
  }
}

// Numbers from 1 of what hangs together.
std::vector<std::uint32_t> Raster::areas(std::uint32_t& count) const {
  std::vector<std::uint32_t> area(samples_.size());
  for (std::size_t i = 0; i < samples_.size(); ++i)
    if (samples_[i] != 0 && area[i] == 0) flood(area, i, ++count);
  return area;
}

std::vector<Raster::Corner> Raster::follow(std::size_t x, std::size_t y, unsigned side,
                                           std::vector<std::uint8_t>& passed) const {
  constexpr std::array<Corner, 4> middle{{{1, 0}, {2, 1}, {1, 2}, {0, 1}}};
  std::vector<Corner> corners;
  while ((passed[y * columns_ + x] >> side & 1U) == 0) {
    passed[y * columns_ + x] = static_cast<std::uint8_t>(passed[y * columns_ + x] | 1U << side);
    corners.push_back({static_cast<std::int64_t>(2 * x) + middle[side].x,
                       static_cast<std::int64_t>(2 * y) + middle[side].y});
    const Side out = leaves[corners_inside(x, y)][side];
    x = out == east ? x + 1 : out == west ? x - 1 : x;
    y = out == north ? y + 1 : out == south ? y - 1 : y;
    side = opposite(out);
  }
  return corners;
}

FlatRing Raster::ring(const std::vector<Corner>& corners) const {
  FlatRing ring;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Corner& before = corners[(i + corners.size() - 1) % corners.size()];
    const Corner& here = corners[i];
    const Corner& after = corners[(i + 1) % corners.size()];
    if ((here.x - before.x) * (after.y - here.y) == (here.y - before.y) * (after.x - here.x)) continue;
    ring.push_back(
        low_ + Metres{static_cast<double>(here.x) * cell_m_ / 2, static_cast<double>(here.y) * cell_m_ / 2});
  }
  ring.push_back(ring.front());
  return ring;
}

std::vector<FlatPolygon> Raster::polygons(double least_hole_m2) const {
  std::uint32_t count = 0;
  const auto area = areas(count);
  std::vector<FlatPolygon> polygons(count);
  std::vector<std::uint8_t> passed(samples_.size());
  for (std::size_t y = 0; y + 1 < rows_; ++y)
    for (std::size_t x = 0; x + 1 < columns_; ++x) {
      const unsigned corners = corners_inside(x, y);
      for (unsigned side = 0; side < 4; ++side) {
        if (leaves[corners][side] == none || (passed[y * columns_ + x] >> side & 1U) != 0) continue;
        const std::size_t some = (corners & 1U) != 0   ? y * columns_ + x
                                 : (corners & 2U) != 0 ? y * columns_ + x + 1
                                 : (corners & 4U) != 0 ? (y + 1) * columns_ + x + 1
                                                       : (y + 1) * columns_ + x;
        FlatRing outline = ring(follow(x, y, side, passed));
        const double square_m = area_m2(outline);
        FlatPolygon& polygon = polygons[area[some] - 1];
        if (square_m > 0)
          polygon.outer = std::move(outline);
        else if (-square_m >= least_hole_m2)
          polygon.holes.push_back(std::move(outline));
      }
    }
  return polygons;
}

}  // namespace diary::graph
