// SPDX-License-Identifier: Apache-2.0
#include "graph/road_graph.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <unordered_map>

#include "graph/main_part.hpp"
#include "graph/nested_dissection.hpp"

namespace diary::graph {
namespace {

constexpr double radians = std::numbers::pi / 180;
constexpr double metres_per_degree = 6'371'008.8 * radians;

// Junctions by their number in the data, numbered from 0, and where they are.
class Junctions {
 public:
  std::uint32_t at(std::int64_t number, LngLat place) {
    const auto [it, is_new] = index_.try_emplace(number, static_cast<std::uint32_t>(numbers_.size()));
    if (is_new) {
      numbers_.push_back(number);
      places_.push_back(place);
    }
    return it->second;
  }

  // For each one the first of those that it is one with: derived ones (below zero) within `reach_m`.
  [[nodiscard]] std::vector<std::uint32_t> joined(double reach_m) const {
    std::vector<std::uint32_t> root(places_.size());
    std::iota(root.begin(), root.end(), 0U);
    if (reach_m <= 0) return root;
    const auto find = [&root](std::uint32_t v) {
      while (root[v] != v) v = root[v] = root[root[v]];
      return v;
    };
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> cells;
    const double side = reach_m / metres_per_degree;
    for (std::uint32_t v = 0; v < places_.size(); ++v) {
      if (numbers_[v] >= 0) continue;
      const double shrink = std::max(0.01, std::cos(places_[v].lat * radians));
      const double reach_lng = side / shrink;
      const auto row = static_cast<std::int64_t>(std::floor(places_[v].lat / side));
      // Cells of a row are as wide as they are high at the row's own latitude.
      for (std::int64_t r = row - 1; r <= row + 1; ++r) {
        const double width = side / std::max(0.01, std::cos(static_cast<double>(r) * side * radians));
        const auto from = static_cast<std::int64_t>(std::floor((places_[v].lng - reach_lng) / width));
        const auto to = static_cast<std::int64_t>(std::floor((places_[v].lng + reach_lng) / width));
        for (std::int64_t c = from; c <= to; ++c) {
          const auto cell = cells.find(key(r, c));
          if (cell == cells.end()) continue;
          for (const std::uint32_t other : cell->second)
            if (distance_m(places_[v], places_[other]) <= reach_m) {
              const std::uint32_t a = find(v);
              const std::uint32_t b = find(other);
              root[std::max(a, b)] = std::min(a, b);
            }
        }
      }
      const double width = side / std::max(0.01, std::cos(static_cast<double>(row) * side * radians));
      cells[key(row, static_cast<std::int64_t>(std::floor(places_[v].lng / width)))].push_back(v);
    }
    for (std::uint32_t v = 0; v < root.size(); ++v) root[v] = find(v);
    return root;
  }

  [[nodiscard]] const std::vector<LngLat>& places() const { return places_; }

 private:
  static std::uint64_t key(std::int64_t row, std::int64_t column) {
    return static_cast<std::uint64_t>(row) * 0x9e3779b97f4a7c15ULL ^ static_cast<std::uint64_t>(column);
  }
  static double distance_m(LngLat a, LngLat b) {
    const double east = (a.lng - b.lng) * std::cos((a.lat + b.lat) / 2 * radians);
    return std::hypot(east, a.lat - b.lat) * metres_per_degree;
  }

  std::unordered_map<std::int64_t, std::uint32_t> index_;
  std::vector<std::int64_t> numbers_;
  std::vector<LngLat> places_;
};

struct Ends {
  std::uint32_t source;
  std::uint32_t target;
};

// Makes the joined junctions' numbers dense; their places.
std::vector<LngLat> compact(std::vector<Ends>& ends, const Junctions& junctions, double join_m) {
  const auto root = junctions.joined(join_m);
  std::vector<std::uint32_t> number(root.size());
  std::vector<LngLat> places;
  for (std::uint32_t v = 0; v < root.size(); ++v) {
    if (root[v] == v) {
      number[v] = static_cast<std::uint32_t>(places.size());
      places.push_back(junctions.places()[v]);
    } else {
      number[v] = number[root[v]];  // of a lower one: known
    }
  }
  for (Ends& e : ends) e = {number[e.source], number[e.target]};
  return places;
}

std::vector<Flat> flatten(const std::vector<LngLat>& places) {
  double lat = 0;
  double lng = 0;
  for (const LngLat& p : places) {
    lat += p.lat / static_cast<double>(places.size());
    lng += p.lng / static_cast<double>(places.size());
  }
  std::vector<Flat> flat;
  flat.reserve(places.size());
  for (const LngLat& p : places)
    flat.push_back({static_cast<float>((p.lng - lng) * metres_per_degree * std::cos(lat * radians)),
                    static_cast<float>((p.lat - lat) * metres_per_degree)});
  return flat;
}

std::uint32_t centimetres(double length_m) {
  constexpr double longest_m = 999'999.99;
  if (!(length_m > 0) || length_m > longest_m)
    throw std::logic_error("a street's length must be above 0 and at most 999,999.99 m");
  return std::max(1U, static_cast<std::uint32_t>(std::llround(length_m * 100)));
}

}  // namespace

Point Point::from(LngLat at) {
  return {static_cast<std::int32_t>(std::lround(at.lng * 1e7)),
          static_cast<std::int32_t>(std::lround(at.lat * 1e7))};
}

void RoadGraph::Texts::add(std::string_view text) {
  bytes.insert(bytes.end(), text.begin(), text.end());
  first.push_back(static_cast<std::uint32_t>(bytes.size()));
}

RoadGraph::RoadGraph(std::vector<Street> streets, const Options& options) {
  std::erase_if(streets, [](const Street& s) { return s.line.size() < 2; });
  Junctions junctions;
  std::vector<Ends> ends;
  ends.reserve(streets.size());
  for (const Street& s : streets) {
    const std::uint32_t source = junctions.at(s.source_node, s.line.front());
    ends.push_back({source, junctions.at(s.target_node, s.line.back())});
  }
  const auto places = compact(ends, junctions, options.join_m);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  pairs.reserve(ends.size());
  for (const Ends& e : ends) pairs.emplace_back(e.source, e.target);
  const auto order = nested_dissection(pairs, flatten(places));
  std::vector<std::uint32_t> rank(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) rank[order[i]] = i;
  places_.reserve(order.size());
  for (const std::uint32_t v : order) places_.push_back(Point::from(places[v]));

  // Edges that meet lie near each other in memory, too.
  std::vector<std::uint32_t> sorted(streets.size());
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::ranges::sort(sorted, {}, [&](std::uint32_t i) {
    const auto [low, high] = std::minmax(rank[ends[i].source], rank[ends[i].target]);
    return std::tuple(low, high, std::string_view(streets[i].id));
  });
  std::unordered_map<std::string_view, std::uint32_t> names;
  edges_.reserve(streets.size());
  first_point_.push_back(0);
  first_link_.assign(order.size() + 1, 0);
  for (const std::uint32_t i : sorted) {
    const Street& s = streets[i];
    const Edge edge{NodeId(rank[ends[i].source]), NodeId(rank[ends[i].target]), centimetres(s.length_m),
                    s.access};
    edges_.push_back(edge);
    ++first_link_[edge.source.value + 1];
    ++first_link_[edge.target.value + 1];
    profiles_agree_ = profiles_agree_ && (s.access & 3) == (s.access >> 2 & 3);
    for (const LngLat& p : s.line) points_.push_back(Point::from(p));
    first_point_.push_back(static_cast<std::uint32_t>(points_.size()));
    ids_.add(s.id);
    const auto [name, is_new] = names.try_emplace(s.name, static_cast<std::uint32_t>(names.size()));
    if (is_new) names_.add(s.name);
    name_of_.push_back(name->second);
  }
  std::partial_sum(first_link_.begin(), first_link_.end(), first_link_.begin());
  links_.resize(2 * edges_.size());
  auto at = first_link_;
  for (std::uint32_t i = 0; i < edges_.size(); ++i) {
    links_[at[edges_[i].source.value]++] = {edges_[i].target, EdgeId(i), true};
    links_[at[edges_[i].target.value]++] = {edges_[i].source, EdgeId(i), false};
  }
  by_id_.resize(edges_.size());
  std::iota(by_id_.begin(), by_id_.end(), 0U);
  std::ranges::sort(by_id_, {}, [&](std::uint32_t i) { return segment_id(EdgeId(i)); });
  find_main_parts();
}

std::optional<EdgeId> RoadGraph::find(std::string_view segment_id) const {
  const auto at = std::ranges::lower_bound(by_id_, segment_id, {},
                                           [this](std::uint32_t i) { return this->segment_id(EdgeId(i)); });
  if (at == by_id_.end() || this->segment_id(EdgeId(*at)) != segment_id) return std::nullopt;
  return EdgeId(*at);
}

void RoadGraph::find_main_parts() {
  main_.assign(edges_.size(), 0);
  for (const Profile profile : {Profile::walk, Profile::bike}) {
    const auto part = main_part(*this, profile);
    for (std::uint32_t i = 0; i < edges_.size(); ++i) {
      const bool usable = passable(EdgeId(i), true, profile) || passable(EdgeId(i), false, profile);
      if (usable && part[edges_[i].source.value] && part[edges_[i].target.value])
        main_[i] = static_cast<std::uint8_t>(main_[i] | 1U << static_cast<unsigned>(profile));
    }
  }
}

std::size_t RoadGraph::bytes() const {
  const auto of = [](const auto& v) { return v.capacity() * sizeof(v[0]); };
  return of(edges_) + of(first_link_) + of(links_) + of(places_) + of(first_point_) + of(points_) +
         of(ids_.bytes) + of(ids_.first) + of(names_.bytes) + of(names_.first) + of(name_of_) + of(by_id_) +
         of(main_);
}

}  // namespace diary::graph
