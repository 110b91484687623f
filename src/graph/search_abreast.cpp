// SPDX-License-Identifier: Apache-2.0
// Several scales in one search: a node has a cost for each of them, and a step is taken for all. What is a
// path and what is not is decided by the bounds alone, so that nodes may be taken in any order, and again
// when a cost fell since: by the least excess over the potential at the origin, whichever scale has it, which
// finds bounds soon.
#include <algorithm>
#include <limits>

#include "graph/search.hpp"

namespace diary::graph {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

}  // namespace

void Search::prepare(Abreast& all, std::span<const Question> questions) {
  all.pairs = (questions.size() + 1) / 2;
  for (std::size_t lane = 0; lane < abreast; ++lane) {
    const std::size_t j = lane / 2;
    const std::size_t i = lane % 2;
    const bool asked = lane < questions.size();
    const Scale scale = asked ? questions[lane].scale : Scale{};
    const Chord chord = chord_of(scale);
    const double part = 1 / static_cast<double>(chord.factor);
    const double low = static_cast<double>(chord.low) * part;
    const double high = static_cast<double>(chord.high) * part;
    all.a[j][i] = static_cast<double>(scale.a);
    all.b[j][i] = static_cast<double>(scale.b);
    all.k0[j][i] = chord.lane == 0 ? low : 0;
    all.k1[j][i] = chord.lane == 0 ? high : low;
    all.k5[j][i] = chord.lane == 0 ? 0 : high;
    all.unit[j][i] = 16 / static_cast<double>(scale.a);
    all.start[j][i] = 0;
    all.best[j][i] = !asked                              ? -infinite
                     : questions[lane].below == no_bound ? infinite
                                                         : static_cast<double>(questions[lane].below);
  }
}

void Search::reach(Abreast& all, std::uint32_t node, const Lanes& cost, std::uint64_t via) {
  const Costs ahead_of_it = ahead(node);
  if (ahead_of_it[0] >= unreachable) return;
  Label& label = labels_[node];
  const bool is_new = label.run != run_;
  Lanes whole;
  LaneMasks better;
  PairMask any{0, 0};
  for (std::size_t j = 0; j < all.pairs; ++j) {
    whole[j] = cost[j] + all.potential(j, ahead_of_it);
    better[j] = whole[j] < all.best[j];
    if (!is_new) better[j] &= cost[j] < reached_[label.via].cost[j];
    any |= better[j];
  }
  if ((any[0] | any[1]) == 0) return;
  if (is_new) {
    label.run = run_;
    label.via = static_cast<std::uint32_t>(reached_.size());
    Reached& made = reached_.emplace_back();
    made.cost.fill(Pair{infinite, infinite});
    made.node = node;
  }
  Reached& here = reached_[label.via];
  const auto link = static_cast<std::int64_t>(via);
  Pair least{infinite, infinite};
  for (std::size_t j = 0; j < all.pairs; ++j) {
    here.cost[j] = better[j] ? cost[j] : here.cost[j];
    here.via[j] = better[j] ? PairMask{link, link} : here.via[j];
    const Pair excess = better[j] ? (whole[j] - all.start[j]) * all.unit[j] : Pair{infinite, infinite};
    least = excess < least ? excess : least;
  }
  const auto key = static_cast<std::int64_t>(std::min(least[0], least[1]));
  if (key >= here.key) return;
  here.key = key;
  push({key, label.via});
}

void Search::finish(Abreast& all, std::uint32_t reached, const Lanes& cost) const {
  for (const End& end : finishes_) {
    if (end.node != reached_[reached].node) continue;
    for (std::size_t lane = 0; lane < 2 * all.pairs; ++lane) {
      const std::size_t j = lane / 2;
      const std::size_t i = lane % 2;
      const double there = cost[j][i] + all.a[j][i] * static_cast<double>(end.length_cm) +
                           all.b[j][i] * static_cast<double>(end.penalty);
      if (there >= all.best[j][i]) continue;
      all.best[j][i] = there;
      all.end[lane] = &end;
      all.last[lane] = reached;
    }
  }
}

// The first nodes, and what a path is to be weighed against.
void Search::leave(Abreast& all) {
  all.start.fill(Pair{infinite, infinite});
  std::vector<Lanes> costs(starts_.size());
  for (std::size_t i = 0; i < starts_.size(); ++i) {
    const Costs h = ahead(starts_[i].node);
    for (std::size_t j = 0; j < all.pairs; ++j) {
      costs[i][j] = all.cost(j, starts_[i].length_cm, starts_[i].penalty);
      const Pair whole = costs[i][j] + all.potential(j, h);
      all.start[j] = whole < all.start[j] ? whole : all.start[j];
    }
  }
  for (std::size_t i = 0; i < starts_.size(); ++i)
    reach(all, starts_[i].node, costs[i], i == 0 ? from_first_end : from_second_end);
}

void Search::go_on_from(Abreast& all, std::uint32_t number) {
  const std::uint32_t node = reached_[number].node;
  Lanes cost = reached_[number].cost;
  // A scale that cannot win any more from here takes no further part.
  PairMask any{0, 0};
  for (std::size_t j = 0; j < all.pairs; ++j) {
    const PairMask may = cost[j] + all.potential(j, labels_[node].ahead) < all.best[j];
    cost[j] = may ? cost[j] : Pair{infinite, infinite};
    any |= may;
  }
  if ((any[0] | any[1]) == 0) return;
  ++settled_;
  finish(all, number, cost);
  const auto [first, last] = graph_.link_range(NodeId(node));
  for (std::uint32_t l = first; l < last; ++l) {
    const CostLink& link = version_->links[l];
    if (!link.passable(profile_)) continue;
    Lanes there;
    for (std::size_t j = 0; j < all.pairs; ++j)
      there[j] = cost[j] + all.cost(j, link.length_cm, link.penalty);
    reach(all, link.head, there, std::uint64_t{number} << 32 | l);
  }
}

std::array<std::optional<Path>, Search::abreast> Search::run(std::span<const Question> questions) {
  std::array<std::optional<Path>, abreast> found;
  Abreast all;
  prepare(all, questions);
  ++run_;
  settled_ = 0;
  heap_.clear();
  reached_.clear();
  if (has_direct_) {
    const Path path = direct();
    for (std::size_t lane = 0; lane < questions.size(); ++lane) {
      const auto cost = static_cast<double>(questions[lane].scale.of(path));
      if (cost >= all.best[lane / 2][lane % 2]) continue;
      all.best[lane / 2][lane % 2] = cost;
      found[lane] = path;
    }
  }
  leave(all);
  while (!heap_.empty()) {
    const Waiting waiting = pop();
    std::int64_t& key = reached_[waiting.node].key;
    if (waiting.key != key) continue;
    key = no_bound;
    go_on_from(all, waiting.node);
  }
  for (std::size_t lane = 0; lane < questions.size(); ++lane)
    if (all.end[lane] != nullptr) found[lane] = trace(all.last[lane], *all.end[lane], lane);
  return found;
}

Path Search::trace(std::uint32_t reached, const End& end, std::size_t lane) const {
  std::vector<std::uint32_t> back;
  std::uint32_t link = 0;
  while (true) {
    const auto via = static_cast<std::uint64_t>(reached_[reached].via[lane / 2][lane % 2]);
    link = static_cast<std::uint32_t>(via);
    if (link >= from_first_end) break;
    back.push_back(link);
    reached = static_cast<std::uint32_t>(via >> 32);
  }
  return assemble(back, link, end);
}

// From the last link to the first.
Path Search::assemble(std::span<const std::uint32_t> back, std::uint32_t leaving, const End& end) const {
  Path path;
  path.stretches.reserve(back.size() + 2);
  const auto add_end = [&path](const End& one) {
    path.length_cm += one.length_cm;
    path.penalty += one.penalty;
    path.stretches.push_back(one.stretch);
  };
  const End& start = starts_[leaving == from_first_end ? 0 : 1];
  if (start.length_cm > 0 || (back.empty() && end.length_cm == 0)) add_end(start);
  for (std::size_t i = back.size(); i-- > 0;) {
    const CostLink& costs = version_->links[back[i]];
    const bool along = graph_.link(back[i]).along;
    path.length_cm += costs.length_cm;
    path.penalty += costs.penalty;
    path.stretches.push_back(
        {EdgeId(costs.edge), along, along ? 0 : costs.length_cm, along ? costs.length_cm : 0});
  }
  if (end.length_cm > 0) add_end(end);
  return path;
}

}  // namespace diary::graph
