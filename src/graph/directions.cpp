// SPDX-License-Identifier: Apache-2.0
#include "graph/directions.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>

#include "graph/geometry.hpp"

namespace diary::graph {
namespace {

struct Part {
  EdgeId edge;
  double length_m = 0;
  double score = 0;
  [[nodiscard]] double exposure_m() const { return length_m * (5 - score) / 5; }
};

// Numbers keys in the order in which they first come.
class FirstUses {
 public:
  explicit FirstUses(std::size_t most) : slots_(std::bit_ceil(2 * most + 1)) {}

  // The key's number, and whether it is a new one.
  std::pair<std::size_t, bool> add(std::uint32_t key) {
    Slot& slot = slots_[place_of(key)];
    const bool is_new = slot.number == none;
    if (is_new) slot = {key, count_++};
    return {slot.number, is_new};
  }
  [[nodiscard]] bool has(std::uint32_t key) const { return slots_[place_of(key)].number != none; }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  struct Slot {
    std::uint32_t key = 0;
    std::uint32_t number = none;
  };
  // Half of them stay empty, so that one is soon found.
  [[nodiscard]] std::size_t place_of(std::uint32_t key) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = key * 0x9e3779b1U >> 7 & mask;
    while (slots_[at].number != none && slots_[at].key != key) at = (at + 1) & mask;
    return at;
  }

  std::vector<Slot> slots_;
  std::uint32_t count_ = 0;
};

// What is gone along each edge in all, in the order of first use.
std::vector<Part> parts_of(const Path& path, const ScoreOf& score_of) {
  std::vector<Part> parts;
  parts.reserve(path.stretches.size());
  FirstUses uses(path.stretches.size());
  for (const Stretch& stretch : path.stretches) {
    const auto [number, is_new] = uses.add(stretch.edge.value);
    if (is_new) parts.push_back({stretch.edge, 0, score_of(stretch.edge)});
    parts[number].length_m += length_cm(stretch) / 100.0;
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

// Of two that cost the same, the one that comes first.
std::vector<CostlySegment> worst(const RoadGraph& graph, const std::vector<Part>& parts, double weight) {
  struct Ranked {
    double exposure_m;
    std::size_t part;
    bool operator<(const Ranked& other) const {
      return exposure_m != other.exposure_m ? exposure_m > other.exposure_m : part < other.part;
    }
  };
  std::vector<Ranked> ranked;
  ranked.reserve(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (const double exposure_m = parts[i].exposure_m(); exposure_m > 0) ranked.push_back({exposure_m, i});
  const std::size_t count = std::min(most_worst_segments, ranked.size());
  std::ranges::partial_sort(ranked, ranked.begin() + static_cast<std::ptrdiff_t>(count), std::less{});
  std::vector<CostlySegment> segments;
  for (const Ranked& each : std::span(ranked).first(count)) {
    const Part& part = parts[each.part];
    segments.push_back({graph.segment_id(part.edge), graph.street(part.edge), part.length_m, part.score,
                        weight * each.exposure_m});
  }
  return segments;
}

struct Exposed {
  AvoidedStreet street;
  double exposure_m = 0;
};

std::vector<Exposed> unused_by_street(const RoadGraph& graph, const Path& path, const Path& shortest,
                                      const ScoreOf& score_of) {
  FirstUses used(path.stretches.size());
  for (const Stretch& stretch : path.stretches) used.add(stretch.edge.value);
  std::vector<Exposed> streets;
  FirstUses names(shortest.stretches.size());
  for (const Part& part : parts_of(shortest, score_of)) {
    if (used.has(part.edge.value) || part.length_m <= 0) continue;
    const auto [number, is_new] = names.add(graph.street_number(part.edge));
    if (is_new) streets.push_back({{graph.street(part.edge), 0, 0}, 0});
    Exposed& exposed = streets[number];
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
  said.segment_ids.reserve(path.stretches.size());
  for (const EdgeId edge : segments_of(path)) said.segment_ids.push_back(graph.segment_id(edge));
  Told told = tell(graph, path);
  said.steps = std::move(told.steps);
  said.geometry.reserve(told.line.size());
  for (const Point point : told.line) said.geometry.push_back(point.degrees());
  said.length_m = path.length_m();
  said.duration_s = said.length_m / metres_per_second(profile);
  said.cost_m = path.cost_m(weight);
  const auto parts = parts_of(path, score_of);
  add_safety(parts, said);
  said.worst_segments = worst(graph, parts, weight);
  if (shortest != nullptr) said.avoided = avoided_by(graph, path, *shortest, score_of);
  return said;
}

}  // namespace diary::graph
