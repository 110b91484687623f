// SPDX-License-Identifier: Apache-2.0
// Lines cut and simplified for tiles: simple cases, and random ones against what must hold and against a slow
// way to the same.
#include "snapshot/tile_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <random>

#include "snapshot/tile_address.hpp"
#include "snapshot/world.hpp"

namespace diary::snapshot {
namespace {

using Points = std::vector<TilePoint>;
using Part = std::vector<TileUnit>;

std::vector<Part> clipped(const Points& line, double low = 0, double high = 10) {
  TileParts parts;
  clip(line, low, high, parts);
  std::vector<Part> made;
  std::size_t begin = 0;
  for (const auto end : parts.ends) {
    made.emplace_back(parts.points.begin() + static_cast<std::ptrdiff_t>(begin),
                      parts.points.begin() + static_cast<std::ptrdiff_t>(end));
    begin = end;
  }
  EXPECT_EQ(begin, parts.points.size());
  return made;
}

unsigned seed() {
  static const unsigned made = [] {
    const unsigned random = std::random_device{}();
    std::printf("seed %u\n", random);
    return random;
  }();
  return made;
}

TEST(TileLine, IsLeftWhereItLiesWithin) {
  EXPECT_EQ(clipped({{1, 1}, {5, 5}, {9, 1}}), (std::vector<Part>{{{1, 1}, {5, 5}, {9, 1}}}));
  EXPECT_EQ(clipped({{0, 0}, {10, 10}}), (std::vector<Part>{{{0, 0}, {10, 10}}})) << "edges belong to it";
}

TEST(TileLine, IsCutAtTheEdges) {
  EXPECT_EQ(clipped({{-5, 5}, {15, 5}}), (std::vector<Part>{{{0, 5}, {10, 5}}}));
  EXPECT_EQ(clipped({{5, -5}, {5, 5}}), (std::vector<Part>{{{5, 0}, {5, 5}}}));
  EXPECT_EQ(clipped({{-5, 0}, {5, 10}}), (std::vector<Part>{{{0, 5}, {5, 10}}}));
}

TEST(TileLine, ComesInPartsWhereItLeavesAndReturns) {
  EXPECT_EQ(clipped({{5, 5}, {15, 5}, {15, 8}, {5, 8}}),
            (std::vector<Part>{{{5, 5}, {10, 5}}, {{10, 8}, {5, 8}}}));
}

TEST(TileLine, IsNothingOutside) {
  EXPECT_TRUE(clipped({{-5, -5}, {-1, 20}}).empty());
  EXPECT_TRUE(clipped({{11, 0}, {11, 10}}).empty());
  EXPECT_TRUE(clipped({{-5, 5}, {5, 15}}).empty()) << "touches a corner: a point is no line";
  EXPECT_TRUE(clipped({{-6, 5}, {5, 16}}).empty()) << "past a corner";
}

TEST(TileLine, IsNothingWithoutALength) {
  EXPECT_TRUE(clipped({{5.1, 5.1}, {5.2, 5.3}, {4.9, 5}}).empty()) << "less than a unit";
  EXPECT_TRUE(clipped({{10, 3}, {20, 3}}).empty()) << "only its end is within";
  EXPECT_TRUE(clipped({{5, 5}}).empty());
  EXPECT_EQ(clipped({{5, 5}, {5, 5}, {6, 5}}), (std::vector<Part>{{{5, 5}, {6, 5}}})) << "no point twice";
}

TEST(TileLine, RunsAlongAnEdge) {
  EXPECT_EQ(clipped({{0, -3}, {0, 13}}), (std::vector<Part>{{{0, 0}, {0, 10}}}));
}

TEST(TileLine, SimplifiedKeepsItsShape) {
  Points straight{{0, 0}, {1, 0.5}, {2, -0.5}, {3, 0}};
  simplify(straight, 1);
  EXPECT_EQ(straight, (Points{{0, 0}, {3, 0}}));
  Points corner{{0, 0}, {5, 0.2}, {10, 0}, {10.2, 5}, {10, 10}};
  simplify(corner, 1);
  EXPECT_EQ(corner, (Points{{0, 0}, {10, 0}, {10, 10}}));
  Points round{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}};
  const Points before = round;
  simplify(round, 1);
  EXPECT_EQ(round, before) << "a ring, whose ends meet";
  Points two{{0, 0}, {0.1, 0}};
  simplify(two, 1);
  EXPECT_EQ(two.size(), 2U) << "ends stay";
}

double distance(const TilePoint& p, const TilePoint& a, const TilePoint& b) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double length2 = dx * dx + dy * dy;
  const double t = length2 > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2, 0.0, 1.0) : 0;
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

double distance(const TilePoint& p, const Points& line) {
  double least = HUGE_VAL;
  for (std::size_t i = 1; i < line.size(); ++i) least = std::min(least, distance(p, line[i - 1], line[i]));
  return least;
}

Points random_line(std::mt19937& random) {
  std::uniform_real_distribution<double> place(-2000, 6000);
  std::normal_distribution<double> step(0, 300);
  Points line{{place(random), place(random)}};
  const std::size_t points = 2 + random() % 20;
  while (line.size() < points) line.push_back({line.back().x + step(random), line.back().y + step(random)});
  return line;
}

TEST(TileLine, RandomOnesStayNearWhenSimplified) {
  std::mt19937 random(seed());
  for (int round = 0; round < 2000; ++round) {
    const Points line = random_line(random);
    const double tolerance = std::uniform_real_distribution<double>(0.1, 200)(random);
    Points simple = line;
    simplify(simple, tolerance);
    ASSERT_LE(simple.size(), line.size());
    ASSERT_EQ(simple.front(), line.front());
    ASSERT_EQ(simple.back(), line.back());
    for (const TilePoint& point : line) ASSERT_LE(distance(point, simple), tolerance * 1.000001) << round;
    for (const TilePoint& point : simple) ASSERT_NE(std::ranges::find(line, point), line.end());
  }
}

// The slow way: walks along the line in small steps and looks which of them lie within.
TEST(TileLine, RandomOnesAreCutAsTheSlowWayDoes) {
  constexpr double low = -64;
  constexpr double high = 4096 + 64;
  constexpr int steps = 400;
  std::mt19937 random(seed());
  std::size_t with_parts = 0;
  for (int round = 0; round < 2000; ++round) {
    const Points line = random_line(random);
    double length = 0;
    for (std::size_t i = 1; i < line.size(); ++i)
      length += std::hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y);
    if (length < 2) continue;
    const auto parts = clipped(line, low, high);
    with_parts += parts.empty() ? 0 : 1;
    std::vector<Points> made;
    for (const Part& part : parts) {
      Points& drawn = made.emplace_back();
      ASSERT_GE(part.size(), 2U);
      for (const TileUnit& unit : part) {
        ASSERT_TRUE(unit.x >= low && unit.x <= high && unit.y >= low && unit.y <= high)
            << unit.x << ' ' << unit.y;
        drawn.push_back({static_cast<double>(unit.x), static_cast<double>(unit.y)});
        ASSERT_LE(distance(drawn.back(), line), 0.75) << "nothing is drawn beside the line";
      }
      for (std::size_t i = 1; i < part.size(); ++i) ASSERT_NE(part[i], part[i - 1]);
    }
    for (std::size_t i = 1; i < line.size(); ++i) {
      for (int step = 0; step <= steps; ++step) {
        const double t = static_cast<double>(step) / steps;
        const TilePoint p{line[i - 1].x + t * (line[i].x - line[i - 1].x),
                          line[i - 1].y + t * (line[i].y - line[i - 1].y)};
        // What is within by a few units is part of something longer than a unit, and so drawn.
        if (p.x < low + 3 || p.x > high - 3 || p.y < low + 3 || p.y > high - 3) continue;
        double least = HUGE_VAL;
        for (const Points& drawn : made) least = std::min(least, distance(p, drawn));
        ASSERT_LE(least, 2) << "round " << round << ": all that lies within is drawn";
      }
    }
  }
  EXPECT_GT(with_parts, 200U);
}

TEST(TileAddress, IsReadAsItIsWritten) {
  EXPECT_EQ(parse_tile("0", "0", "0.mvt"), (TileAddress{0, 0, 0}));
  EXPECT_EQ(parse_tile("16", "65535", "65535.mvt"), (TileAddress{16, 65535, 65535}));
  for (const auto& [z, x, y] :
       std::vector<std::array<const char*, 3>>{{"17", "0", "0.mvt"},
                                               {"0", "1", "0.mvt"},
                                               {"0", "0", "1.mvt"},
                                               {"3", "8", "0.mvt"},
                                               {"-1", "0", "0.mvt"},
                                               {"1", "-1", "0.mvt"},
                                               {"1", "0", "-1.mvt"},
                                               {"01", "0", "0.mvt"},
                                               {"1", "00", "0.mvt"},
                                               {"1", "0", "00.mvt"},
                                               {"", "0", "0.mvt"},
                                               {"1", "", "0.mvt"},
                                               {"1", "0", ".mvt"},
                                               {"1", "0", "0"},
                                               {"1", "0", "0.pbf"},
                                               {"1", "0", "0.mvt.mvt"},
                                               {"+1", "0", "0.mvt"},
                                               {" 1", "0", "0.mvt"},
                                               {"1", "0x0", "0.mvt"},
                                               {"1", "0", "0.MVT"},
                                               {"1.0", "0", "0.mvt"},
                                               {"4294967296", "0", "0.mvt"},
                                               {"16", "99999999999999999999", "0.mvt"}})
    EXPECT_FALSE(parse_tile(z, x, y)) << z << '/' << x << '/' << y;
}

// Random texts, most of them near to what is right: none is taken that is not written in the one way.
TEST(TileAddress, TakesNothingElse) {
  std::mt19937 random(seed());
  constexpr std::string_view signs = "00112345678996+- .mvtx";
  const auto text = [&] {
    std::string made;
    for (std::size_t n = random() % 7; n > 0; --n) made += signs[random() % signs.size()];
    return made;
  };
  int taken = 0;
  for (int round = 0; round < 200'000; ++round) {
    const std::string z = text();
    const std::string x = text();
    const std::string y = text() + (random() % 4 == 0 ? "" : ".mvt");
    const auto address = parse_tile(z, x, y);
    if (!address) continue;
    ++taken;
    ASSERT_TRUE(address->z >= 0 && address->z <= 16);
    ASSERT_LT(address->x, 1U << address->z);
    ASSERT_LT(address->y, 1U << address->z);
    ASSERT_EQ(std::to_string(address->z), z);
    ASSERT_EQ(std::to_string(address->x), x);
    ASSERT_EQ(std::to_string(address->y) + ".mvt", y);
  }
  EXPECT_GT(taken, 100);
}

TEST(World, IsTheSquareOfTheWebsMaps) {
  const auto middle = to_world({0, 0});
  EXPECT_EQ(middle.x, 1U << 31);
  EXPECT_NEAR(middle.y, 2147483648.0, 1);
  EXPECT_EQ(to_world({-180, 86}).x, 0U);
  EXPECT_EQ(to_world({-180, 90}).y, 0U);
  EXPECT_EQ(to_world({180, -90}).x, 0xffffffffU);
  EXPECT_EQ(to_world({180, -90}).y, 0xffffffffU);
  // Philadelphia's City Hall, in the tile that every map has it in.
  const auto hall = to_world({-75.1636, 39.9523});
  EXPECT_EQ(hall.x >> 18, 4771U);
  EXPECT_EQ(hall.y >> 18, 6205U);
  const BBox box = TileAddress{14, 4771, 6205}.box();
  EXPECT_TRUE(box.west < -75.1636 && box.east > -75.1636 && box.south < 39.9523 && box.north > 39.9523);
  const BBox all = TileAddress{0, 0, 0}.box();
  EXPECT_TRUE(all.west == -180 && all.east == 180 && all.south == -90 && all.north == 90);
}

}  // namespace
}  // namespace diary::snapshot
