// SPDX-License-Identifier: Apache-2.0
#pragma once

// Random cities: jittered blocks with bent streets, one-ways for bikes, gaps, now and then a loop, an island
// and points that are there twice. And the seed of a test, printed.

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "graph/plane.hpp"
#include "graph/street.hpp"

namespace diary::graph::test {

inline std::uint64_t chosen_seed(std::uint64_t usual) {
  const char* given = std::getenv("DIARY_TEST_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : usual;
  std::printf("DIARY_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  double unit() { return static_cast<double>(engine_() >> 11U) * 0x1p-53; }
  double between(double low, double high) { return low + (high - low) * unit(); }
  bool chance(double probability) { return unit() < probability; }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(unit() * static_cast<double>(n)); }
  double bell() {  // deviation 1, by Box and Muller
    return std::sqrt(-2 * std::log(1 - unit())) * std::cos(2 * std::numbers::pi * unit());
  }

 private:
  std::mt19937_64 engine_;
};

struct CityPlan {
  std::size_t columns = 12;
  std::size_t rows = 12;
  double block_m = 90;
  LngLat corner{-8.62, 41.14};
  double missing = 0.12;
  double one_way = 0.2;  // for bikes
  double odd = 0.03;     // loops, doubled points, no entry for walkers
};

class RandomCity {
 public:
  RandomCity(const CityPlan& plan, Random& random) : plan_(plan), random_(random), plane_(plan.corner) {
    for (std::size_t i = 0; i < plan.columns * plan.rows; ++i)
      corners_.push_back(
          {(static_cast<double>(i % plan.columns) + random.between(-0.3, 0.3)) * plan.block_m,
           (static_cast<double>(i / plan.columns) + random.between(-0.3, 0.3)) * plan.block_m});
    for (std::size_t row = 0; row < plan.rows; ++row)
      for (std::size_t column = 0; column < plan.columns; ++column) add_around(column, row);
    if (random.chance(0.5)) add_island();
  }
  [[nodiscard]] const std::vector<Street>& streets() const { return streets_; }
  [[nodiscard]] LngLat some_place(double margin_m = 150) {
    return plane_.degrees(
        {random_.between(-margin_m, static_cast<double>(plan_.columns) * plan_.block_m + margin_m),
         random_.between(-margin_m, static_cast<double>(plan_.rows) * plan_.block_m + margin_m)});
  }

 private:
  void add_around(std::size_t column, std::size_t row) {
    const std::size_t here = row * plan_.columns + column;
    if (column + 1 < plan_.columns && !random_.chance(plan_.missing))
      add(here, here + 1, "East " + std::to_string(row));
    if (row + 1 < plan_.rows && !random_.chance(plan_.missing))
      add(here, here + plan_.columns, "North " + std::to_string(column));
    if (random_.chance(plan_.odd)) add(here, here, "Loop");
  }

  void add_island() {
    corners_.push_back({-300, -300});
    corners_.push_back({-220, -280});
    add(corners_.size() - 2, corners_.size() - 1, "Island");
  }

  void add(std::size_t from, std::size_t to, const std::string& name) {
    std::vector<Metres> line{corners_[from]};
    const std::size_t bends = from == to ? 3 : random_.below(3);
    for (std::size_t i = 1; i <= bends; ++i) {
      const double part = static_cast<double>(i) / static_cast<double>(bends + 1);
      const Metres on = corners_[from] + scaled(corners_[to] - corners_[from], part);
      const double reach = from == to ? 30 : 8;
      line.push_back(on + Metres{random_.between(-reach, reach), random_.between(-reach, reach)});
      if (random_.chance(plan_.odd)) line.push_back(line.back());
    }
    line.push_back(corners_[to]);
    double length_m = 0;
    std::vector<LngLat> places;
    for (std::size_t i = 0; i < line.size(); ++i) {
      length_m += i > 0 ? length(line[i] - line[i - 1]) : 0;
      places.push_back(plane_.degrees(line[i]));
    }
    streets_.push_back({"s" + std::to_string(streets_.size()), name, static_cast<std::int64_t>(from),
                        static_cast<std::int64_t>(to), std::max(0.01, length_m), some_access(), places});
  }

  std::uint8_t some_access() {
    if (random_.chance(plan_.odd)) return access::walk_along | access::bike_along;
    if (random_.chance(plan_.odd)) return access::bike_along | access::bike_against;
    if (!random_.chance(plan_.one_way)) return access::all;
    return static_cast<std::uint8_t>(access::walk_along | access::walk_against |
                                     (random_.chance(0.5) ? access::bike_along : access::bike_against));
  }
  static Metres scaled(Metres m, double by) { return {m.east * by, m.north * by}; }

  CityPlan plan_;
  Random& random_;
  Plane plane_;
  std::vector<Metres> corners_;
  std::vector<Street> streets_;
};

}  // namespace diary::graph::test
