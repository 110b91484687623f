// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "demo/facts.hpp"

namespace diary::demo {
namespace {

using enum Kind;
using enum Numbering;

// The Parkway is the straight line from City Hall to the Art Museum.
constexpr double parkway_slope = -0.703;
constexpr GridPoint logan_circle{-712, 500};
constexpr GridPoint eakins_oval{-1490, 1047};

const double parkway_turn = std::atan(parkway_slope);

// A closed ellipse with a corner at each end of its axes, for streets to end on.
Path ellipse(GridPoint center, double along_m, double across_m, double turn = parkway_turn) {
  constexpr int corners = 32;
  Path path;
  for (int i = 0; i <= corners; ++i) {
    const double angle = 2 * std::numbers::pi * (i % corners) / corners;
    const double x = along_m * std::cos(angle);
    const double y = across_m * std::sin(angle);
    path.push_back({center.u + x * std::cos(turn) - y * std::sin(turn),
                    center.v + x * std::sin(turn) + y * std::cos(turn)});
  }
  return path;
}

GridPoint on_parkway(GridPoint from, double westward_m) {
  return {from.u - westward_m * std::cos(parkway_turn), from.v - westward_m * std::sin(parkway_turn)};
}

const std::vector<FreeStreet>& all() {
  static const std::vector<FreeStreet> list{
      {"Benjamin Franklin Pkwy", westward, main, {{-290, 203}, on_parkway(logan_circle, -66)}},
      {"Benjamin Franklin Pkwy",
       westward,
       main,
       {on_parkway(logan_circle, 66), on_parkway(eakins_oval, -112)}},
      {"Logan Circle", sequence, main, ellipse(logan_circle, 66, 66, 0)},
      {"Eakins Oval", sequence, main, ellipse(eakins_oval, 112, 70)},
      {"Spring Garden St", westward, main, {{-1330, 1112}, {-1450, 1104}}},
      {"LOVE Park Walk", sequence, walk, {{-150, 95}, {-290, 203}}},
      {"Art Museum Steps", sequence, walk, {on_parkway(eakins_oval, 112), {-1655, 1163}}},
      {"Art Museum Dr", sequence, main, ellipse({-1718, 1207}, 77, 88)},
      {"Kelly Dr",
       sequence,
       main,
       {on_parkway(eakins_oval, 112),
        {-1592, 1195},
        {-1620, 1330},
        {-1720, 1440},
        {-1850, 1550},
        {-2010, 1640}}},
      {"Pennsylvania Ave",
       westward,
       main,
       {{-1100, 770}, {-1128, 868}, {-1330, 1112}, {-1470, 1290}, {-1640, 1445}, {-1730, 1550}}},
      {"Waterworks Dr", sequence, walk, {{-1775, 1247}, {-1880, 1290}}},
      {"Ridge Ave", westward, main, {{727, 625}, {590, 770}, {314, 1112}, {168, 1310}, {-6, 1550}}},
      {"E Passyunk Ave", southward, main, {{1302, -970}, {1128, -1222}, {888, -1565}}},
      {"Grays Ferry Ave", westward, main, {{-1220, -970}, {-1430, -1305}, {-1580, -1565}}},
      {"Dock St", sequence, main, {{1603, -258}, {1660, -300}, {1742, -375}, {1795, -470}, {1850, -593}}},
      {"Columbus Blvd",
       from_market,
       main,
       {{2082, -1565},
        {2062, -1300},
        {2025, -1000},
        {1992, -700},
        {1966, -370},
        {1955, 0},
        {1975, 350},
        {2022, 650},
        {2108, 950},
        {2186, 1112}}},
      {"Penn's Landing Walk",
       sequence,
       walk,
       {{2025, -1000}, {2062, -900}, {2050, -650}, {2038, -370}, {2028, -100}, {2030, 200}, {1982, 410}}},
      {"South St", westward, main, {{-1650, -970}, {-1850, -930}, {-2060, -800}, {-2230, -593}}},
      {"Woodland Walk", sequence, walk, {{-2405, -345}, {-2865, -593}}},
      {"Schuylkill River Trail",
       sequence,
       walk,
       {{-1695, -966},
        {-1668, -880},
        {-1600, -735},
        {-1544, -593},
        {-1500, -450},
        {-1476, -345},
        {-1438, -165},
        {-1405, 0},
        {-1396, 203},
        {-1404, 410},
        {-1428, 585},
        {-1482, 700},
        {-1550, 800},
        {-1705, 950},
        {-1832, 1053},
        {-1885, 1150},
        {-1880, 1290},
        {-1905, 1400},
        {-1850, 1550}}},
      {"Rittenhouse Square Walk", sequence, walk, {{-578, -345}, {-712, -508}}},
      {"Rittenhouse Square Walk", sequence, walk, {{-712, -345}, {-578, -508}}},
      {"Washington Square Walk", sequence, walk, {{1128, -345}, {975, -510}}},
      {"Washington Square Walk", sequence, walk, {{975, -345}, {1128, -510}}},
      {"Franklin Square Walk", sequence, walk, {{1128, 410}, {975, 580}}},
      {"Franklin Square Walk", sequence, walk, {{975, 410}, {1128, 580}}},
  };
  return list;
}

}  // namespace

std::span<const FreeStreet> free_streets() {
  return all();
}

}  // namespace diary::demo
