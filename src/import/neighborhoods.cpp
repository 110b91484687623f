// SPDX-License-Identifier: Apache-2.0
#include "import/neighborhoods.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace diary::import {
namespace {

constexpr double cell_degrees = 0.02;  // about two kilometres
constexpr double metres_per_degree = 111'320;
constexpr std::size_t edges_per_band = 8;
constexpr std::size_t max_bands = 1024;

std::uint32_t column(double lng) {
  return static_cast<std::uint32_t>((lng + 180) / cell_degrees);
}
std::uint32_t row(double lat) {
  return static_cast<std::uint32_t>((lat + 90) / cell_degrees);
}
std::uint64_t cell(std::uint32_t x, std::uint32_t y) {
  return std::uint64_t{y} << 32 | x;
}

double metres_east(double degrees, double lat) {
  return degrees * metres_per_degree * std::cos(lat * std::numbers::pi / 180);
}

// Only compared with its like and with the radius: a plane is good enough.
double square_distance(LngLat a, LngLat b) {
  const double north = (b.lat - a.lat) * metres_per_degree;
  const double east = metres_east(b.lng - a.lng, (a.lat + b.lat) / 2);
  return north * north + east * east;
}

double size_of(LngLat low, LngLat high) {
  return metres_east(high.lng - low.lng, (low.lat + high.lat) / 2) * (high.lat - low.lat) * metres_per_degree;
}

}  // namespace

std::size_t Neighborhoods::Area::band_of(double lat) const {
  const double height = high.lat - low.lat;
  const auto bands = static_cast<double>(band_ends.size());
  const double band = height > 0 ? std::floor((lat - low.lat) / height * bands) : 0;
  return static_cast<std::size_t>(std::clamp(band, 0.0, bands - 1));
}

bool Neighborhoods::Area::contains(LngLat point) const {
  if (point.lng < low.lng || point.lng > high.lng || point.lat < low.lat || point.lat > high.lat)
    return false;
  const std::size_t band = band_of(point.lat);
  bool inside = false;
  for (std::size_t i = band == 0 ? 0 : band_ends[band - 1]; i < band_ends[band]; ++i) {
    const auto& [a, b] = edges[i];
    if ((a.lat > point.lat) == (b.lat > point.lat)) continue;
    if (point.lng < a.lng + (point.lat - a.lat) / (b.lat - a.lat) * (b.lng - a.lng)) inside = !inside;
  }
  return inside;
}

void Neighborhoods::cut_into_bands(Area& area) {
  area.band_ends.resize(std::clamp<std::size_t>(area.edges.size() / edges_per_band, 1, max_bands));
  const std::vector<Edge> edges = std::move(area.edges);
  const auto bands_of = [&](const Edge& edge) {
    const double low = std::min(edge.a.lat, edge.b.lat);
    const double high = std::max(edge.a.lat, edge.b.lat);
    return std::pair{area.band_of(low), area.band_of(high)};
  };
  std::vector<std::uint32_t> counts(area.band_ends.size());
  for (const Edge& edge : edges) {
    const auto [first, last] = bands_of(edge);
    for (std::size_t band = first; band <= last; ++band) ++counts[band];
  }
  std::uint32_t sum = 0;
  for (std::size_t band = 0; band < counts.size(); ++band) {
    area.band_ends[band] = sum;  // its beginning, until the edges have moved it to the end
    sum += counts[band];
  }
  area.edges.resize(sum);
  for (const Edge& edge : edges) {
    const auto [first, last] = bands_of(edge);
    for (std::size_t band = first; band <= last; ++band) area.edges[area.band_ends[band]++] = edge;
  }
}

void Neighborhoods::add_area(std::string name, std::vector<Edge> edges) {
  if (edges.empty()) return;
  Area area{std::move(name), edges[0].a, edges[0].a, std::move(edges), {}};
  for (const Edge& edge : area.edges) {
    for (const LngLat& p : {edge.a, edge.b}) {
      area.low = {std::min(area.low.lng, p.lng), std::min(area.low.lat, p.lat)};
      area.high = {std::max(area.high.lng, p.lng), std::max(area.high.lat, p.lat)};
    }
  }
  if (area.high.lng - area.low.lng > max_extent_degrees || area.high.lat - area.low.lat > max_extent_degrees)
    return;
  areas_.push_back(std::move(area));
}

void Neighborhoods::add_place(std::string name, LngLat at) {
  places_.push_back({std::move(name), at});
}

void Neighborhoods::freeze() {
  std::stable_sort(areas_.begin(), areas_.end(), [](const Area& a, const Area& b) {
    return size_of(a.low, a.high) < size_of(b.low, b.high);
  });
  for (std::uint32_t i = 0; i < areas_.size(); ++i) {
    cut_into_bands(areas_[i]);
    for (std::uint32_t y = row(areas_[i].low.lat); y <= row(areas_[i].high.lat); ++y) {
      for (std::uint32_t x = column(areas_[i].low.lng); x <= column(areas_[i].high.lng); ++x)
        area_cells_.push_back({cell(x, y), i});
    }
  }
  for (std::uint32_t i = 0; i < places_.size(); ++i)
    place_cells_.push_back({cell(column(places_[i].at.lng), row(places_[i].at.lat)), i});
  std::sort(area_cells_.begin(), area_cells_.end());
  std::sort(place_cells_.begin(), place_cells_.end());
}

const std::string* Neighborhoods::name_at(LngLat point) const {
  const std::uint64_t here = cell(column(point.lng), row(point.lat));
  // Areas are numbered from the smallest on, so the first that contains the point is the answer.
  for (auto it = std::lower_bound(area_cells_.begin(), area_cells_.end(), Cell{here, 0});
       it != area_cells_.end() && it->cell == here; ++it) {
    if (areas_[it->item].contains(point)) return &areas_[it->item].name;
  }
  return nearest_place(point);
}

const std::string* Neighborhoods::nearest_place(LngLat point) const {
  const double up = place_radius_m / metres_per_degree;
  const double metres_a_degree = std::max(1.0, metres_east(1, point.lat));
  const double side = std::min(place_radius_m / metres_a_degree, 5.0);
  const auto first_column = column(std::max(point.lng - side, -180.0));
  const auto last_column = column(std::min(point.lng + side, 180.0));
  const Place* best = nullptr;
  double best_distance = place_radius_m * place_radius_m;
  for (auto y = row(std::max(point.lat - up, -90.0)); y <= row(std::min(point.lat + up, 90.0)); ++y) {
    auto it = std::lower_bound(place_cells_.begin(), place_cells_.end(), Cell{cell(first_column, y), 0});
    for (; it != place_cells_.end() && it->cell <= cell(last_column, y); ++it) {
      const Place& place = places_[it->item];
      const double distance = square_distance(place.at, point);
      if (distance < best_distance) best_distance = distance, best = &place;
    }
  }
  return best == nullptr ? nullptr : &best->name;
}

}  // namespace diary::import
