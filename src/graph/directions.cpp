// SPDX-License-Identifier: Apache-2.0
#include "graph/directions.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "graph/geometry.hpp"

namespace diary::graph {
namespace {

struct Part {
  EdgeId edge;
  double length_m = 0;
  double score = 0;
  [[nodiscard]] double exposure_m() const { return length_m * (5 - score) / 5; }
};

// What is gone along each edge in all, in the order of first use.
std::vector<Part> parts_of(const Path& path, const ScoreOf& score_of) {
  std::vector<Part> parts;
  std::unordered_map<EdgeId, std::size_t> index;
  for (const Stretch& stretch : path.stretches) {
    const auto [it, is_new] = index.try_emplace(stretch.edge, parts.size());
    if (is_new) parts.push_back({stretch.edge, 0, score_of(stretch.edge)});
    parts[it->second].length_m += length_cm(stretch) / 100.0;
  }
  return parts;
}

void add_safety(const std::vector<Part>& parts, Description& to) {
  double weighted = 0;
  double length_m = 0;
  double sum = 0;
  to.min_safety = 5;
  for (const Part& part : parts) {
    weighted += part.length_m * part.score;
    length_m += part.length_m;
    sum += part.score;
    to.min_safety = std::min(to.min_safety, part.score);
  }
  to.avg_safety = length_m > 0 ? weighted / length_m : sum / static_cast<double>(parts.size());
}

std::vector<CostlySegment> worst(const RoadGraph& graph, std::vector<Part> parts, double weight) {
  std::erase_if(parts, [](const Part& part) { return part.exposure_m() <= 0; });
  std::ranges::stable_sort(parts, std::greater{}, &Part::exposure_m);
  if (parts.size() > most_worst_segments) parts.resize(most_worst_segments);
  std::vector<CostlySegment> segments;
  for (const Part& part : parts)
    segments.push_back({graph.segment_id(part.edge), graph.street(part.edge), part.length_m, part.score,
                        weight * part.exposure_m()});
  return segments;
}

struct Exposed {
  AvoidedStreet street;
  double exposure_m = 0;
};

std::vector<Exposed> unused_by_street(const RoadGraph& graph, const Path& path, const Path& shortest,
                                      const ScoreOf& score_of) {
  std::unordered_set<EdgeId> used;
  for (const Stretch& stretch : path.stretches) used.insert(stretch.edge);
  std::vector<Exposed> streets;
  std::unordered_map<std::uint32_t, std::size_t> index;
  for (const Part& part : parts_of(shortest, score_of)) {
    if (used.contains(part.edge) || part.length_m <= 0) continue;
    const auto [it, is_new] = index.try_emplace(graph.street_number(part.edge), streets.size());
    if (is_new) streets.push_back({{graph.street(part.edge), 0, 0}, 0});
    Exposed& exposed = streets[it->second];
    exposed.street.length_m += part.length_m;
    exposed.street.score += part.length_m * part.score;
    exposed.exposure_m += part.exposure_m();
  }
  for (Exposed& exposed : streets) exposed.street.score /= exposed.street.length_m;
  return streets;
}

Avoided avoided_by(const RoadGraph& graph, const Path& path, const Path& shortest, const ScoreOf& score_of) {
  auto exposed = unused_by_street(graph, path, shortest, score_of);
  if (exposed.empty()) return {};
  std::ranges::stable_sort(exposed, std::greater{}, &Exposed::exposure_m);
  if (exposed.size() > most_avoided_streets) exposed.resize(most_avoided_streets);
  Avoided avoided;
  for (const Exposed& e : exposed) avoided.streets.push_back(e.street);
  avoided.shorter_m = std::max(0.0, path.length_m() - shortest.length_m());
  return avoided;
}

}  // namespace

double metres_per_second(Profile profile) {
  return (profile == Profile::walk ? 5.0 : 15.0) / 3.6;
}

Description describe(const RoadGraph& graph, const Path& path, Profile profile, double weight,
                     const ScoreOf& score_of, const Path* shortest) {
  Description said;
  if (path.stretches.empty()) return said;
  for (const EdgeId edge : segments_of(path)) said.segment_ids.push_back(graph.segment_id(edge));
  std::vector<Point> points;
  for (const Stretch& stretch : path.stretches) append_line(graph, stretch, points);
  for (const Point point : points) said.geometry.push_back(point.degrees());
  said.length_m = path.length_m();
  said.duration_s = said.length_m / metres_per_second(profile);
  said.cost_m = path.cost_m(weight);
  const auto parts = parts_of(path, score_of);
  add_safety(parts, said);
  said.steps = steps_of(graph, path);
  said.worst_segments = worst(graph, parts, weight);
  if (shortest != nullptr) said.avoided = avoided_by(graph, path, *shortest, score_of);
  return said;
}

}  // namespace diary::graph
