// SPDX-License-Identifier: Apache-2.0
#include "demo/facts.hpp"

namespace diary::demo {
namespace {

// An area between two streets each way. The first that holds a point names it; the last holds the rest.
struct Area {
  std::string_view name;
  double west, east;    // u
  double south, north;  // v
};

constexpr double far = 1e6;
constexpr double front = 1890, sixth = 1128, eighth = 860, eleventh = 452, broad = -6, twenty_second = -1100;
constexpr double south_st = -971, walnut = -346, chestnut = -166, market = -1, arch = 204, vine = 581,
                 spring_garden = 1111;

constexpr Area areas[] = {
    {"University City", -far, -1668, -800, 600},
    {"Penn's Landing", front, far, south_st, vine},
    {"Northern Liberties", sixth, far, vine, far},
    {"Old City", sixth - 1, far, walnut, vine},
    {"Society Hill", eighth, far, south_st, walnut},
    {"Queen Village", sixth - 1, far, -far, south_st},
    {"Bella Vista", eleventh, far, -far, south_st},
    {"Hawthorne", broad, far, -far, south_st},
    {"Graduate Hospital", -far, far, -far, south_st},
    {"Washington Square West", broad, far, south_st, chestnut},
    {"Market East", broad, far, chestnut, arch},
    {"Chinatown", broad, far, arch, vine},
    {"Callowhill", broad, far, vine, spring_garden},
    {"Poplar", broad, far, spring_garden, far},
    {"Fitler Square", -far, twenty_second, south_st, market},
    {"Rittenhouse Square", -far, far, south_st, market},
    {"Fairmount", -far, far, 1500, far},
    {"Fairmount", -far, -1325, 1000, far},
    {"Spring Garden", -far, far, 900, far},
    {"Logan Square", -far, far, -far, far},
};

}  // namespace

std::string_view neighborhood_of(GridPoint point) {
  for (const Area& area : areas) {
    if (point.u > area.west && point.u <= area.east && point.v > area.south && point.v <= area.north)
      return area.name;
  }
  return {};
}

}  // namespace diary::demo
