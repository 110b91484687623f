// SPDX-License-Identifier: Apache-2.0
#pragma once

// Questions that tests ask of the demo city.

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "demo/city.hpp"

namespace diary::demo {

using Corner = std::pair<double, double>;  // lng, lat

inline Corner begin_of(const CitySegment& s) {
  return {s.segment.geometry.front().lng, s.segment.geometry.front().lat};
}
inline Corner end_of(const CitySegment& s) {
  return {s.segment.geometry.back().lng, s.segment.geometry.back().lat};
}

inline std::set<Corner> corners_of(const std::string& street) {
  std::set<Corner> corners;
  for (const CitySegment& s : city()) {
    if (s.segment.street != street) continue;
    corners.insert(begin_of(s));
    corners.insert(end_of(s));
  }
  return corners;
}

// Where two streets meet; the first such place, or nothing.
inline std::optional<LngLat> corner(const std::string& one, const std::string& other) {
  const auto a = corners_of(one);
  const auto b = corners_of(other);
  for (const Corner& c : a) {
    if (b.contains(c)) return LngLat{c.first, c.second};
  }
  return std::nullopt;
}

inline const CitySegment* find(const std::string& id) {
  const auto found = std::ranges::find(city(), id, [](const CitySegment& s) { return s.segment.segment_id; });
  return found == city().end() ? nullptr : &*found;
}

}  // namespace diary::demo
