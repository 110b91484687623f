// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which neighbourhood a point is in: of the areas around it the one with the smallest bounding box, else the
// nearest marked place within 1.5 km, else none. Areas are sets of edges (even-odd rule), so that no ring has
// to be put together; the caller vouches that the edges close. Order: add..., freeze(), name_at().

#include <cstdint>
#include <string>
#include <vector>

#include "domain/segment.hpp"

namespace diary::import {

class Neighborhoods {
 public:
  static constexpr double place_radius_m = 1500;
  static constexpr double max_extent_degrees = 2;  // wider areas are no neighbourhoods and are left out

  struct Edge {
    LngLat a;
    LngLat b;
  };

  void add_area(std::string name, std::vector<Edge> edges);
  void add_place(std::string name, LngLat at);
  void freeze();
  [[nodiscard]] const std::string* name_at(LngLat point) const;  // nullptr: none
  [[nodiscard]] std::size_t areas() const { return areas_.size(); }

 private:
  struct Area {
    std::string name;
    LngLat low;
    LngLat high;
    std::vector<Edge> edges;               // sorted into bands of latitude, once for each band they touch
    std::vector<std::uint32_t> band_ends;  // into edges
    [[nodiscard]] std::size_t band_of(double lat) const;
    [[nodiscard]] bool contains(LngLat point) const;
  };
  struct Place {
    std::string name;
    LngLat at;
  };
  struct Cell {  // of a grid over the earth; which area or place has to do with it
    std::uint64_t cell;
    std::uint32_t item;
    auto operator<=>(const Cell&) const = default;
  };

  static void cut_into_bands(Area& area);
  [[nodiscard]] const std::string* nearest_place(LngLat point) const;

  std::vector<Area> areas_;
  std::vector<Place> places_;
  std::vector<Cell> area_cells_;
  std::vector<Cell> place_cells_;
};

}  // namespace diary::import
