// SPDX-License-Identifier: Apache-2.0
#include "demo/city.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "demo/streets.hpp"

namespace diary::demo {
namespace {

double metres_between(LngLat a, LngLat b) {
  return length_m({a, b});
}

TEST(City, HasTheSizeOfANeighborhoodMap) {
  EXPECT_GE(city().size(), 2500U);
  EXPECT_LE(city().size(), 5000U);
}

TEST(City, KeepsToTheLimitsOfASegment) {
  std::set<std::string> ids;
  for (const CitySegment& s : city()) {
    const NewSegment& segment = s.segment;
    EXPECT_TRUE(ids.insert(segment.segment_id).second) << segment.segment_id;
    EXPECT_LE(segment.segment_id.size(), 50U) << segment.segment_id;
    EXPECT_EQ(segment.segment_id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos)
        << segment.segment_id;
    EXPECT_FALSE(segment.street.empty());
    EXPECT_FALSE(segment.neighborhood.value_or("").empty()) << segment.segment_id;
    EXPECT_GE(segment.geometry.size(), 2U);
    EXPECT_GT(segment.length_m, 5) << segment.segment_id;
    EXPECT_LT(segment.length_m, 400) << segment.segment_id;
    EXPECT_NEAR(segment.length_m, length_m(segment.geometry), 0.006) << segment.segment_id;
  }
}

TEST(City, IsOnePiece) {
  std::map<Corner, std::vector<Corner>> next;
  for (const CitySegment& s : city()) {
    next[begin_of(s)].push_back(end_of(s));
    next[end_of(s)].push_back(begin_of(s));
  }
  std::set<Corner> seen{next.begin()->first};
  std::vector<Corner> open{next.begin()->first};
  while (!open.empty()) {
    const Corner here = open.back();
    open.pop_back();
    for (const Corner& there : next[here]) {
      if (seen.insert(there).second) open.push_back(there);
    }
  }
  EXPECT_EQ(seen.size(), next.size());
}

// Legs of two segments may touch only where both segments end.
struct Leg {
  GridPoint a, b;
  std::size_t segment;
};

double side(GridPoint a, GridPoint b, GridPoint p) {
  return (b.u - a.u) * (p.v - a.v) - (b.v - a.v) * (p.u - a.u);
}

bool cross(const Leg& x, const Leg& y) {
  return side(x.a, x.b, y.a) * side(x.a, x.b, y.b) < 0 && side(y.a, y.b, x.a) * side(y.a, y.b, x.b) < 0;
}

double gap_m(const Leg& leg, GridPoint p) {
  const double du = leg.b.u - leg.a.u;
  const double dv = leg.b.v - leg.a.v;
  const double t = std::clamp(((p.u - leg.a.u) * du + (p.v - leg.a.v) * dv) / (du * du + dv * dv), 0.0, 1.0);
  return distance_m(p, {leg.a.u + t * du, leg.a.v + t * dv});
}

std::vector<Leg> all_legs() {
  std::vector<Leg> legs;
  for (std::size_t i = 0; i < city().size(); ++i) {
    const auto& line = city()[i].segment.geometry;
    for (std::size_t j = 1; j < line.size(); ++j) legs.push_back({to_grid(line[j - 1]), to_grid(line[j]), i});
  }
  return legs;
}

bool share_an_end(const CitySegment& s, const CitySegment& t) {
  return begin_of(s) == begin_of(t) || begin_of(s) == end_of(t) || end_of(s) == begin_of(t) ||
         end_of(s) == end_of(t);
}

TEST(City, StreetsThatCrossShareAnEndPoint) {
  const auto legs = all_legs();
  for (std::size_t i = 0; i < legs.size(); ++i) {
    for (std::size_t j = i + 1; j < legs.size(); ++j) {
      const Leg& x = legs[i];
      const Leg& y = legs[j];
      if (x.segment == y.segment) continue;
      if (std::min(x.a.u, x.b.u) > std::max(y.a.u, y.b.u) + 1 ||
          std::min(y.a.u, y.b.u) > std::max(x.a.u, x.b.u) + 1)
        continue;
      if (std::min(x.a.v, x.b.v) > std::max(y.a.v, y.b.v) + 1 ||
          std::min(y.a.v, y.b.v) > std::max(x.a.v, x.b.v) + 1)
        continue;
      const auto& s = city()[x.segment];
      const auto& t = city()[y.segment];
      const std::string both = s.segment.segment_id + " and " + t.segment.segment_id;
      // The crossing of the rounded coordinates may lie a centimetre beside the shared end.
      if (share_an_end(s, t)) continue;
      EXPECT_FALSE(cross(x, y)) << both;
      EXPECT_GT(std::min({gap_m(x, y.a), gap_m(x, y.b), gap_m(y, x.a), gap_m(y, x.b)}), 1) << both;
    }
  }
}

TEST(City, NoTwoSegmentsLieOnEachOther) {
  std::set<std::pair<Corner, Corner>> straight;
  for (const CitySegment& s : city()) {
    if (s.segment.geometry.size() > 2) continue;
    const Corner a = begin_of(s);
    const Corner b = end_of(s);
    EXPECT_TRUE(straight.insert(std::minmax(a, b)).second) << s.segment.segment_id;
  }
}

TEST(City, EndPointsKeepTheirDistance) {
  std::vector<GridPoint> nodes;
  std::set<Corner> seen;
  for (const CitySegment& s : city()) {
    for (const Corner& c : {begin_of(s), end_of(s)}) {
      if (seen.insert(c).second) nodes.push_back(to_grid({c.first, c.second}));
    }
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (std::size_t j = i + 1; j < nodes.size(); ++j)
      EXPECT_GT(distance_m(nodes[i], nodes[j]), 5) << i << ' ' << j;
  }
}

struct Anchor {
  const char* one;
  const char* other;
  LngLat known;
};

// From general knowledge of the city; none of these numbers went into the tables as they stand.
TEST(City, CornersLieWhereTheyAre) {
  const Anchor anchors[] = {
      {"S Broad St", "South St", {-75.1656, 39.9437}},         {"S 2nd St", "South St", {-75.1452, 39.9413}},
      {"N Broad St", "Spring Garden St", {-75.1616, 39.9623}}, {"N 2nd St", "Market St", {-75.1436, 39.9497}},
      {"N 30th St", "Market St", {-75.1833, 39.9549}},
  };
  for (const Anchor& anchor : anchors) {
    const auto found = corner(anchor.one, anchor.other);
    ASSERT_TRUE(found) << anchor.one << " & " << anchor.other;
    EXPECT_LT(metres_between(*found, anchor.known), 40) << anchor.one << " & " << anchor.other;
  }
}

GridPoint middle_of_block(const std::string& west, const std::string& east, const std::string& north,
                          const std::string& south) {
  GridPoint sum{0, 0};
  for (const auto& [a, b] : {std::pair{west, north}, {east, north}, {west, south}, {east, south}}) {
    const auto found = corner(a, b);
    EXPECT_TRUE(found) << a << " & " << b;
    if (!found) continue;
    const GridPoint p = to_grid(*found);
    sum = {sum.u + p.u / 4, sum.v + p.v / 4};
  }
  return sum;
}

TEST(City, SquaresLieWhereTheyAre) {
  const GridPoint rittenhouse =
      middle_of_block("S 19th St", "S 18th St", "Walnut St", "Rittenhouse Square St");
  EXPECT_LT(metres_between(to_lng_lat(rittenhouse), {-75.1719, 39.9496}), 40);
  const GridPoint washington = middle_of_block("S 7th St", "S 6th St", "Walnut St", "S Washington Sq");
  EXPECT_LT(metres_between(to_lng_lat(washington), {-75.1525, 39.9471}), 40);
  const GridPoint franklin = middle_of_block("N 7th St", "N 6th St", "Vine St", "Race St");
  EXPECT_LT(metres_between(to_lng_lat(franklin), {-75.1506, 39.9553}), 40);
  const GridPoint penn = middle_of_block("N 15th St", "N Juniper St", "N Penn Sq", "N Penn Sq");
  EXPECT_LT(std::abs(penn.u), 40);  // City Hall stands in the middle of Penn Square
}

double nearest_corner_m(const std::string& street, LngLat to) {
  double best = 1e9;
  for (const CitySegment& s : city()) {
    if (s.segment.street != street) continue;
    for (const LngLat p : s.segment.geometry) best = std::min(best, metres_between(p, to));
  }
  return best;
}

TEST(City, LandmarksStandByTheirStreets) {
  GridPoint circle{0, 0};
  const auto around = corners_of("Logan Circle");
  for (const auto& [lng, lat] : around) {
    const GridPoint p = to_grid({lng, lat});
    circle = {circle.u + p.u / static_cast<double>(around.size()),
              circle.v + p.v / static_cast<double>(around.size())};
  }
  EXPECT_LT(metres_between(to_lng_lat(circle), {-75.1709, 39.9579}), 40);
  EXPECT_LT(nearest_corner_m("Penn's Landing Walk", {-75.1408, 39.9461}), 40);
  // The museum's drive goes round it, some 80 m from its middle.
  EXPECT_LT(nearest_corner_m("Art Museum Dr", {-75.1810, 39.9656}), 100);
  // Independence Hall stands a few steps south of Chestnut St between 5th and 6th.
  const GridPoint hall = to_grid({-75.1500, 39.9489});
  const GridPoint west = to_grid(*corner("S 6th St", "Chestnut St"));
  const GridPoint east = to_grid(*corner("S 5th St", "Chestnut St"));
  EXPECT_LT(std::abs(hall.u - (west.u + east.u) / 2), 40);
  EXPECT_GT(west.v, hall.v);
  EXPECT_LT(west.v - hall.v, 60);
  // 30th Street Station is the block west of the river.
  const GridPoint station = to_grid({-75.1820, 39.9557});
  EXPECT_FALSE(in_water(station));
  EXPECT_GT(station.u, to_grid(*corner("N 30th St", "Market St")).u);
}

TEST(City, NumberedStreetsComeInOrder) {
  const std::vector<std::string> going_west{
      "Front St", "2nd St",  "3rd St",  "4th St",  "5th St",  "6th St",   "7th St",  "8th St",
      "9th St",   "10th St", "11th St", "12th St", "13th St", "Broad St", "15th St", "16th St",
      "17th St",  "18th St", "19th St", "20th St", "21st St", "22nd St",  "23rd St"};
  double last = 1e9;
  for (const std::string& street : going_west) {
    const auto found = corner("S " + street, "Lombard St");
    ASSERT_TRUE(found) << street;
    EXPECT_LT(to_grid(*found).u, last - 90) << street;
    last = to_grid(*found).u;
  }
}

TEST(City, CrossStreetsComeInOrder) {
  const std::vector<std::string> going_north{
      "Washington Ave",   "Carpenter St", "Christian St",    "Catharine St", "Fitzwater St",
      "Bainbridge St",    "South St",     "Lombard St",      "Pine St",      "Spruce St",
      "Locust St",        "Walnut St",    "Sansom St",       "Chestnut St",  "Market St",
      "Filbert St",       "Arch St",      "Race St",         "Vine St",      "Callowhill St",
      "Spring Garden St", "Green St",     "Mount Vernon St", "Wallace St",   "Fairmount Ave"};
  double last = -1e9;
  for (const std::string& street : going_north) {
    auto found = corner("S 12th St", street);
    if (!found) found = corner("N 12th St", street);
    ASSERT_TRUE(found) << street;
    EXPECT_GT(to_grid(*found).v, last) << street;
    last = to_grid(*found).v;
  }
}

TEST(City, BlocksAreNumberedAsThePostmanDoes) {
  const CitySegment* block = find("phl_market-st_1500");
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(block->segment.street, "Market St");
  const auto fifteenth = corner("Market St", "N 15th St");
  const auto sixteenth = corner("Market St", "N 16th St");
  ASSERT_TRUE(fifteenth && sixteenth);
  EXPECT_EQ(block->segment.geometry.front(), *fifteenth);
  EXPECT_EQ(block->segment.geometry.back(), *sixteenth);
  for (const char* id :
       {"phl_market-st_200", "phl_walnut-st_1600", "phl_s-broad-st_500", "phl_n-broad-st_200",
        "phl_s-2nd-st_300", "phl_south-st_600", "phl_elfreths-alley_100", "phl_pine-st_2200"})
    EXPECT_NE(find(id), nullptr) << id;
}

TEST(City, IsInterruptedWhereTheCityIs) {
  EXPECT_EQ(corner("S Broad St", "Market St"), std::nullopt);  // City Hall
  EXPECT_EQ(corner("N Broad St", "Market St"), std::nullopt);
  EXPECT_EQ(find("phl_locust-st_1800"), nullptr);  // Rittenhouse Square
  EXPECT_EQ(find("phl_market-st_1400"), nullptr);
  EXPECT_TRUE(corner("Benjamin Franklin Pkwy", "Logan Circle"));
  EXPECT_TRUE(corner("Ridge Ave", "Spring Garden St"));
  EXPECT_TRUE(corner("E Passyunk Ave", "South St"));
  EXPECT_EQ(corner("N 19th St", "Benjamin Franklin Pkwy"), std::nullopt);  // they meet by way of the circle
}

TEST(City, KnowsItsNeighborhoods) {
  const std::pair<const char*, const char*> known[] = {
      {"phl_elfreths-alley_100", "Old City"},    {"phl_market-st_200", "Old City"},
      {"phl_pine-st_2200", "Fitler Square"},     {"phl_walnut-st_1600", "Rittenhouse Square"},
      {"phl_s-2nd-st_300", "Society Hill"},      {"phl_race-st_1000", "Chinatown"},
      {"phl_green-st_1700", "Spring Garden"},    {"phl_catharine-st_900", "Bella Vista"},
      {"phl_queen-st_300", "Queen Village"},     {"phl_christian-st_2000", "Graduate Hospital"},
      {"phl_walnut-st_3600", "University City"}, {"phl_catharine-st_1300", "Hawthorne"}};
  for (const auto& [id, neighborhood] : known) {
    const CitySegment* segment = find(id);
    ASSERT_NE(segment, nullptr) << id;
    EXPECT_EQ(segment->segment.neighborhood, neighborhood) << id;
  }
}

TEST(City, OnlyBridgesStandInTheWater) {
  const std::set<std::string> bridges{"Market St", "Chestnut St", "Walnut St", "South St",
                                      "John F Kennedy Blvd"};
  std::set<std::string> crossed;
  for (const CitySegment& s : city()) {
    bool wet = false;
    for (std::size_t i = 1; i < s.segment.geometry.size(); ++i) {
      const GridPoint a = to_grid(s.segment.geometry[i - 1]);
      const GridPoint b = to_grid(s.segment.geometry[i]);
      for (double t = 0; t <= 1; t += 0.05)
        wet = wet || in_water({std::lerp(a.u, b.u, t), std::lerp(a.v, b.v, t)});
    }
    if (!wet) continue;
    EXPECT_TRUE(bridges.contains(s.segment.street)) << s.segment.segment_id;
    crossed.insert(s.segment.street);
  }
  EXPECT_EQ(crossed, bridges);
}

}  // namespace
}  // namespace diary::demo
