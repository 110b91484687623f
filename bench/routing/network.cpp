// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <random>
#include <stdexcept>
#include <unordered_map>

#include "import/reader.hpp"

namespace diary::bench {
namespace {

constexpr double radians = std::numbers::pi / 180;
constexpr double metres_per_degree = 6'371'008.8 * radians;

struct Bounds {
  double west = 180, south = 90, east = -180, north = -90;
};

Bounds bounds_of(const std::vector<graph::Street>& city) {
  Bounds b;
  for (const auto& s : city)
    for (const LngLat& p : s.line) {
      b.west = std::min(b.west, p.lng);
      b.east = std::max(b.east, p.lng);
      b.south = std::min(b.south, p.lat);
      b.north = std::max(b.north, p.lat);
    }
  return b;
}

// A file without nodes has its streets' ends instead, as the database does (diary.node_at).
std::int64_t node_at(LngLat p) {
  const auto steps = [](double degrees) { return std::llround(degrees * 1e7); };
  return -1 - (((steps(p.lng) + 1'800'000'000) << 31) | (steps(p.lat) + 900'000'000));
}

// One junction for each 250 m along an edge of the box: the one nearest to it.
std::vector<std::int64_t> facing(const std::map<std::int64_t, LngLat>& junctions, double edge,
                                 bool vertical) {
  constexpr double step_m = 250;
  constexpr double reach_m = 400;
  std::map<long, std::pair<double, std::int64_t>> nearest;
  for (const auto& [node, at] : junctions) {
    const double gap = std::abs((vertical ? at.lng : at.lat) - edge) * metres_per_degree;
    if (gap > reach_m) continue;
    const long bin = std::lround((vertical ? at.lat : at.lng) * metres_per_degree / step_m);
    const auto it = nearest.find(bin);
    if (it == nearest.end() || gap < it->second.first) nearest[bin] = {gap, node};
  }
  std::vector<std::int64_t> nodes;
  for (const auto& [bin, found] : nearest) nodes.push_back(found.second);
  return nodes;
}

}  // namespace

std::vector<graph::Street> lattice() {
  constexpr std::int64_t corners = 160;
  constexpr double spacing = 0.001;
  const auto corner = [](std::int64_t x, std::int64_t y) {
    return LngLat{-75.23 + static_cast<double>(x) * spacing, 39.87 + static_cast<double>(y) * spacing};
  };
  std::vector<graph::Street> streets;
  const auto add = [&](std::int64_t x, std::int64_t y, std::int64_t to_x, std::int64_t to_y) {
    const LngLat from = corner(x, y);
    const LngLat to = corner(to_x, to_y);
    const double metres =
        metres_per_degree * std::hypot((from.lng - to.lng) * std::cos(from.lat * radians), from.lat - to.lat);
    streets.push_back({.id = "g" + std::to_string(streets.size() + 1),
                       .name = {},
                       .source_node = 1 + y * corners + x,
                       .target_node = 1 + to_y * corners + to_x,
                       .length_m = metres,
                       .line = {from, to}});
  };
  for (std::int64_t y = 0; y < corners; ++y)
    for (std::int64_t x = 0; x < corners; ++x) {
      if (x + 1 < corners) add(x, y, x + 1, y);
      if (y + 1 < corners) add(x, y, x, y + 1);
    }
  return streets;
}

std::vector<graph::Street> read_network(const std::filesystem::path& file) {
  std::vector<graph::Street> streets;
  const auto format = import::format_of(file);
  if (!format) throw std::runtime_error(format.error().message);
  const auto sink = [&](const NewSegment& s, std::int64_t) {
    streets.push_back({.id = s.segment_id,
                       .name = s.street,
                       .source_node = s.source_node.value_or(node_at(s.geometry.front())),
                       .target_node = s.target_node.value_or(node_at(s.geometry.back())),
                       .length_m = s.length_m,
                       .access = s.access,
                       .line = s.geometry});
  };
  const auto report = import::read_segments(file, *format, sink, [](double) {});
  if (!report) throw std::runtime_error(report.error().message);
  return streets;
}

std::vector<graph::Street> tiled(const std::vector<graph::Street>& city, int side, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> jitter(-4 / metres_per_degree, 4 / metres_per_degree);
  const Bounds box = bounds_of(city);
  const double width = box.east - box.west;
  const double height = box.north - box.south;
  std::map<std::int64_t, LngLat> junctions;
  for (const auto& s : city) {
    junctions.emplace(s.source_node, s.line.front());
    junctions.emplace(s.target_node, s.line.back());
  }
  std::unordered_map<std::int64_t, std::int64_t> number;
  for (const auto& [node, at] : junctions) number.emplace(node, static_cast<std::int64_t>(number.size()));
  const auto nodes = static_cast<std::int64_t>(number.size());

  std::vector<graph::Street> all;
  all.reserve(city.size() * static_cast<std::size_t>(side * side) * 102 / 100);
  std::vector<std::vector<LngLat>> places;  // by tile, then junction
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) {
      const int tile = row * side + column;
      const auto place = [&](LngLat p) {
        const double x = (column & 1) != 0 ? box.east - p.lng : p.lng - box.west;
        const double y = (row & 1) != 0 ? box.north - p.lat : p.lat - box.south;
        return LngLat{box.west + column * width + x, box.south + row * height + y};
      };
      auto& here = places.emplace_back(static_cast<std::size_t>(nodes));
      for (const auto& [node, at] : junctions) {
        const LngLat p = place(at);
        here[static_cast<std::size_t>(number[node])] = {p.lng + jitter(random), p.lat + jitter(random)};
      }
      for (const auto& s : city) {
        graph::Street copy = s;
        copy.id = std::to_string(tile) + ":" + s.id;
        copy.source_node = tile * nodes + number[s.source_node] + 1;
        copy.target_node = tile * nodes + number[s.target_node] + 1;
        copy.length_m = std::clamp(s.length_m * (1 + 0.05 * std::sin(static_cast<double>(random() % 1000))),
                                   0.01, 999'999.0);
        copy.line = {here[static_cast<std::size_t>(number[s.source_node])],
                     here[static_cast<std::size_t>(number[s.target_node])]};
        all.push_back(std::move(copy));
      }
    }
  const auto join = [&](int a, int b, std::int64_t node, double gap_m) {
    const auto i = static_cast<std::size_t>(number[node]);
    all.push_back({.id = "seam:" + std::to_string(a) + ":" + std::to_string(b) + ":" + std::to_string(node),
                   .name = "seam",
                   .source_node = a * nodes + number[node] + 1,
                   .target_node = b * nodes + number[node] + 1,
                   .length_m = std::max(1.0, 2 * gap_m),
                   .line = {places[static_cast<std::size_t>(a)][i], places[static_cast<std::size_t>(b)][i]}});
  };
  const auto east = facing(junctions, box.east, true);
  const auto west = facing(junctions, box.west, true);
  const auto north = facing(junctions, box.north, false);
  const auto south = facing(junctions, box.south, false);
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) {
      const int tile = row * side + column;
      const bool mirrored = (column & 1) != 0;
      if (column + 1 < side)
        for (const auto node : mirrored ? west : east)
          join(tile, tile + 1, node,
               std::abs(junctions[node].lng - (mirrored ? box.west : box.east)) * metres_per_degree *
                   std::cos(junctions[node].lat * radians));
      const bool upside_down = (row & 1) != 0;
      if (row + 1 < side)
        for (const auto node : upside_down ? south : north)
          join(tile, tile + side, node,
               std::abs(junctions[node].lat - (upside_down ? box.south : box.north)) * metres_per_degree);
    }
  return all;
}

}  // namespace diary::bench
