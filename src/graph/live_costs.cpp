// SPDX-License-Identifier: Apache-2.0
#include "graph/live_costs.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <thread>

#include "base/readers_lock.hpp"
#include "graph/cost_version.hpp"

namespace diary::graph {
namespace {

// How far a score may rise above (fall below) what the metrics were made with before they are made anew: they
// stay true bounds all along, only looser ones.
constexpr double slack = 0.02;
constexpr double patience = 0.2;
constexpr std::size_t most_singly = 64;  // of 1/nth of all edges; beyond it a whole customization is cheaper

std::uint32_t low_of(std::uint32_t length_cm, std::uint32_t penalty) {
  const auto by = static_cast<std::uint32_t>(length_cm * (slack / 5) * penalty_unit);
  return penalty > by ? penalty - by : 0;
}

}  // namespace

std::uint32_t penalty_of(std::uint32_t length_cm, double score) {
  return static_cast<std::uint32_t>(
      std::llround(static_cast<double>(length_cm) * penalty_unit * (5 - std::clamp(score, 1.0, 5.0)) / 5));
}

// Two versions: readers are in the one that `current` names; the writer changes the other when its last
// reader has gone, flips, and does the same to the first.
struct LiveCosts::Sides {
  const RoadGraph& graph;
  const Hierarchy& hierarchy;
  std::array<CostVersion, 2> versions;
  mutable std::array<ReadersLock, 2> locks;
  std::atomic<std::size_t> current{0};
  std::vector<std::array<std::uint32_t, 2>> links_of;  // by edge

  // What a batch does to the metrics, for doing it again.
  struct Batch {
    bool whole = false;
    std::vector<EdgeId> lowered;
    std::vector<EdgeId> raised;
    std::vector<std::vector<Metric::Change>> changes;
  };

  void write_scores(CostVersion& version, std::span<const ScoreChange> changes) const;
  void move_bounds(CostVersion& version, std::span<const ScoreChange> changes, Batch& batch) const;
  void customize(CostVersion& version, Batch& batch) const;
};

LiveCosts::LiveCosts(const RoadGraph& graph, const Hierarchy& hierarchy)
    : sides_(new Sides{graph, hierarchy, {}, {}, {}, {}}) {
  CostVersion& version = sides_->versions[0];
  const std::size_t edges = graph.edge_count();
  constexpr double unrated = 3;
  version.scores.assign(edges, unrated);
  for (std::uint32_t e = 0; e < edges; ++e)
    version.penalties.push_back(penalty_of(graph.edge(EdgeId(e)).length_cm, unrated));
  version.low_penalties = version.penalties;
  version.links.reserve(2 * edges);
  sides_->links_of.resize(edges);
  for (std::uint32_t v = 0; v < graph.node_count(); ++v)
    for (const Link& link : graph.links(NodeId(v))) {
      const EdgeId e = link.edge;
      sides_->links_of[e.value][link.along ? 0 : 1] = static_cast<std::uint32_t>(version.links.size());
      version.links.push_back({.head = link.head.value,
                               .edge = e.value & 0x3fffffffU,
                               .walk = graph.passable(e, link.along, Profile::walk),
                               .bike = graph.passable(e, link.along, Profile::bike),
                               .length_cm = graph.edge(e).length_cm,
                               .penalty = version.penalties[e.value]});
    }
  version.metrics.emplace_back(graph, hierarchy, Profile::walk);
  if (!graph.profiles_agree()) version.metrics.emplace_back(graph, hierarchy, Profile::bike);
  for (Metric& metric : version.metrics) metric.customize(version.low_penalties);
  sides_->versions[1] = version;
}

LiveCosts::~LiveCosts() = default;

void LiveCosts::Sides::write_scores(CostVersion& version, std::span<const ScoreChange> changes) const {
  for (const auto& [edge, score] : changes) {
    const std::uint32_t penalty = penalty_of(graph.edge(edge).length_cm, score);
    version.scores[edge.value] = score;
    version.penalties[edge.value] = penalty;
    for (const std::uint32_t link : links_of[edge.value]) version.links[link].penalty = penalty;
  }
}

// Which low penalties are not low any more, or by far too low.
void LiveCosts::Sides::move_bounds(CostVersion& version, std::span<const ScoreChange> changes,
                                   Batch& batch) const {
  for (const ScoreChange& change : changes) {
    const EdgeId edge = change.edge;
    const std::uint32_t length_cm = graph.edge(edge).length_cm;
    const std::uint32_t penalty = version.penalties[edge.value];
    std::uint32_t& low = version.low_penalties[edge.value];
    if (penalty < low) {
      low = low_of(length_cm, penalty);
      batch.lowered.push_back(edge);
    } else if (penalty - low > length_cm * (patience / 5) * penalty_unit) {
      low = low_of(length_cm, penalty);
      batch.raised.push_back(edge);
    }
  }
}

// An edge that is named twice in a batch may stand in both lists: raising recounts, whatever lowering did.
void LiveCosts::Sides::customize(CostVersion& version, Batch& batch) const {
  const std::size_t moved = batch.lowered.size() + batch.raised.size();
  batch.whole = moved * most_singly > graph.edge_count() + 10 * most_singly;
  batch.changes.resize(version.metrics.size());
  for (std::size_t i = 0; i < version.metrics.size(); ++i) {
    if (batch.whole) {
      version.metrics[i].customize(version.low_penalties);
    } else {
      version.metrics[i].lower(batch.lowered, version.low_penalties, batch.changes[i]);
      version.metrics[i].raise(batch.raised, version.low_penalties, batch.changes[i]);
    }
  }
}

void LiveCosts::apply(std::span<const ScoreChange> changes) {
  if (changes.empty()) return;
  Sides& sides = *sides_;
  const std::size_t before = sides.current;
  const std::size_t after = 1 - before;
  Sides::Batch batch;
  CostVersion& next = sides.versions[after];
  {
    const std::scoped_lock lock(sides.locks[after]);
    sides.write_scores(next, changes);
    sides.move_bounds(next, changes, batch);
    sides.customize(next, batch);
  }
  sides.current = after;
  CostVersion& last = sides.versions[before];
  const std::scoped_lock lock(sides.locks[before]);
  sides.write_scores(last, changes);
  for (const ScoreChange& change : changes)
    last.low_penalties[change.edge.value] = next.low_penalties[change.edge.value];
  for (std::size_t i = 0; i < last.metrics.size(); ++i) {
    if (batch.whole)
      last.metrics[i].copy_from(next.metrics[i]);
    else
      last.metrics[i].repeat(batch.changes[i]);
  }
}

LiveCosts::Reader::Reader(const LiveCosts& costs) : costs_(costs), version_(nullptr), side_(0) {
  Sides& sides = *costs.sides_;
  while (true) {
    side_ = sides.current;
    // Refused only while the writer is in there, and then there is a newer one.
    if (sides.locks[side_].try_lock_shared()) break;
    std::this_thread::yield();
  }
  version_ = &sides.versions[side_];
}

LiveCosts::Reader::~Reader() {
  costs_.sides_->locks[side_].unlock_shared();
}

std::size_t LiveCosts::bytes() const {
  const auto of = [](const auto& v) { return v.capacity() * sizeof(v[0]); };
  std::size_t all = of(sides_->links_of);
  for (const CostVersion& v : sides_->versions) {
    all += of(v.links) + of(v.scores) + of(v.penalties) + of(v.low_penalties);
    for (const Metric& metric : v.metrics) all += metric.bytes();
  }
  return all;
}

}  // namespace diary::graph
