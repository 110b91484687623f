// SPDX-License-Identifier: Apache-2.0
#pragma once

// Streets from a map drawn as text. A letter or digit is a point where it stands, a cell being `cell_m` wide
// and high, north up; all else is for the eye. A way is the points it runs through: capitals and digits are
// junctions and part it into segments, small letters only bend it. The segment from A over b to C has the id
// "AbC".

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/plane.hpp"
#include "graph/street.hpp"

namespace diary::graph::test {

struct DrawnWay {
  std::string points;
  std::string street;
  std::uint8_t access = access::all;
};

class DrawnStreets {
 public:
  static constexpr LngLat origin{-8.61, 41.15};

  DrawnStreets(std::string_view map, const std::vector<DrawnWay>& ways, double cell_m = 10) {
    place_points(map, cell_m);
    for (const DrawnWay& way : ways) add(way);
  }

  [[nodiscard]] LngLat at(char point) const { return points_.at(point); }
  [[nodiscard]] const std::vector<Street>& streets() const { return streets_; }

 private:
  static bool is_small(char c) { return c >= 'a' && c <= 'z'; }
  static bool is_junction(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

  void place_points(std::string_view map, double cell_m) {
    const Plane plane(origin);
    double column = 0;
    double row = 0;
    for (const char c : map) {
      if (is_small(c) || is_junction(c)) points_[c] = plane.degrees({column * cell_m, -row * cell_m});
      column = c == '\n' ? 0 : column + 1;
      row += c == '\n' ? 1 : 0;
    }
  }

  void add(const DrawnWay& way) {
    std::string ids;
    std::vector<LngLat> line;
    for (const char c : way.points) {
      ids += c;
      line.push_back(at(c));
      if (ids.size() < 2 || !is_junction(c)) continue;
      streets_.push_back({ids, way.street, ids.front(), c, length_m(line), way.access, line});
      ids = c;
      line = {at(c)};
    }
  }

  static double length_m(const std::vector<LngLat>& line) {
    const Plane plane(origin);
    double metres = 0;
    for (std::size_t i = 1; i < line.size(); ++i) metres += length(plane.of(line[i]) - plane.of(line[i - 1]));
    return metres;
  }

  std::unordered_map<char, LngLat> points_;
  std::vector<Street> streets_;
};

}  // namespace diary::graph::test
