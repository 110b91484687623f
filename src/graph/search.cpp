// SPDX-License-Identifier: Apache-2.0
#include "graph/search.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace diary::graph {
namespace {

constexpr std::uint32_t surcharge_unit = 16;
constexpr std::size_t arity = 4;

// The penalty of the first `length_cm` of an edge: parts that join up have the sum of theirs.
std::uint64_t part_of(std::uint32_t penalty, std::uint32_t length_cm, std::uint32_t whole_cm) {
  return std::uint64_t{penalty} * length_cm / whole_cm;
}

}  // namespace

Scale Scale::of_weight(double weight) {
  constexpr int digits = 20;
  constexpr std::int64_t one = std::int64_t{1} << digits;
  return {one * penalty_unit, std::llround(weight * static_cast<double>(one))};
}

Scale Scale::length_first(std::uint64_t length_cm) {
  return {std::int64_t{1} << std::bit_width(std::uint64_t{penalty_unit} * (length_cm + 1)), 1};
}

Search::Search(const RoadGraph& graph)
    : graph_(graph), labels_(graph.node_count()), marks_(graph.edge_count()) {}

void Search::mark(const Path& path) {
  ++mark_;
  for (const Stretch& stretch : path.stretches) marks_[stretch.edge.value] = mark_;
}

void Search::ask(const CostVersion& version, const Place& from, const Place& to, Profile profile) {
  version_ = &version;
  metric_ = &version.metric(profile);
  from_ = from;
  to_ = to;
  profile_ = profile;
  ++mark_;
  find_ends();
  look_back_from_target();
}

// Where the origin's edge is left, where the target's is entered, and whether the one leads to the other on
// the same edge.
void Search::find_ends() {
  starts_.clear();
  finishes_.clear();
  const Edge& first = graph_.edge(from_.edge);
  const Edge& last = graph_.edge(to_.edge);
  const std::uint32_t first_penalty = version_->penalties[from_.edge.value];
  const std::uint32_t last_penalty = version_->penalties[to_.edge.value];
  const std::uint64_t before_from = part_of(first_penalty, from_.offset_cm, first.length_cm);
  const std::uint64_t before_to = part_of(last_penalty, to_.offset_cm, last.length_cm);
  if (graph_.passable(from_.edge, true, profile_))
    starts_.push_back({first.target.value,
                       {from_.edge, true, from_.offset_cm, first.length_cm},
                       first.length_cm - from_.offset_cm,
                       first_penalty - before_from});
  if (graph_.passable(from_.edge, false, profile_))
    starts_.push_back(
        {first.source.value, {from_.edge, false, from_.offset_cm, 0}, from_.offset_cm, before_from});
  if (graph_.passable(to_.edge, true, profile_))
    finishes_.push_back({last.source.value, {to_.edge, true, 0, to_.offset_cm}, to_.offset_cm, before_to});
  if (graph_.passable(to_.edge, false, profile_))
    finishes_.push_back({last.target.value,
                         {to_.edge, false, last.length_cm, to_.offset_cm},
                         last.length_cm - to_.offset_cm,
                         last_penalty - before_to});
  has_direct_ =
      from_.edge == to_.edge && (from_.offset_cm == to_.offset_cm ||
                                 graph_.passable(from_.edge, to_.offset_cm > from_.offset_cm, profile_));
}

// Distances to the target of all nodes above its ends in the elimination tree: up first, by the arcs as they
// are, then down again with the best that lies above.
void Search::look_back_from_target() {
  ++question_;
  climb_.clear();
  const Edge& last = graph_.edge(to_.edge);
  const std::uint32_t low = version_->low_penalties[to_.edge.value];
  for (const End& end : finishes_) {
    climb_from(end.node);
    const auto length_cm = static_cast<std::uint32_t>(end.length_cm);
    const auto part = static_cast<std::uint32_t>(part_of(low, length_cm, last.length_cm));
    Costs& ahead = labels_[end.node].ahead;
    ahead = lesser(ahead, costs_of(length_cm, part) + at_target());
  }
  std::ranges::sort(climb_);
  for (const std::uint32_t node : climb_) {
    const Costs here = labels_[node].ahead;
    for (const MetricArc& arc : metric_->up(node)) {
      Costs& there = labels_[head_of(arc)].ahead;
      there = lesser(there, sum(here, arc));
    }
  }
  for (std::size_t i = climb_.size(); i-- > 0;) settle_costs(climb_[i]);
}

// What the nodes on the way up hold is far apart in memory, and wanted on the way down: it is fetched
// meanwhile.
void Search::climb_from(std::uint32_t node) {
  while (node != Hierarchy::none && !is_known(node)) {
    labels_[node].ahead = all_unreachable + at_target();
    climb_.push_back(node);
    __builtin_prefetch(metric_->up(node).data());
    node = metric_->parent(node);
  }
}

void Search::settle_costs(std::uint32_t node) {
  Costs best = labels_[node].ahead;
  for (const MetricArc& arc : metric_->up(node)) best = lesser(best, sum(labels_[head_of(arc)].ahead, arc));
  labels_[node].ahead = best;
}

void Search::look_ahead_from(std::uint32_t node) {
  climb_.clear();
  climb_from(node);
  for (std::size_t i = climb_.size(); i-- > 0;) settle_costs(climb_[i]);
}

// Between weights 0 and 1, or 1 and 5, whichever the weight 32 b / a lies in.
Search::Chord Search::chord_of(Scale scale) {
  const std::int64_t b = penalty_unit * scale.b;
  if (b <= scale.a) return {0, scale.a - b, b, 1};
  return {1, 5 * scale.a - b, b - scale.a, 4};
}

std::int64_t Search::cost_of(const End& end, Scale scale, std::uint32_t surcharge) const {
  const std::int64_t cost = scale.of(end.length_cm, end.penalty);
  return is_marked(end.stretch.edge) ? cost + cost / surcharge_unit * surcharge : cost;
}

void Search::push(Waiting waiting) {
  std::size_t at = heap_.size();
  heap_.push_back(waiting);
  while (at > 0) {
    const std::size_t parent = (at - 1) / arity;
    if (heap_[parent].key <= waiting.key) break;
    heap_[at] = heap_[parent];
    at = parent;
  }
  heap_[at] = waiting;
}

Search::Waiting Search::pop() {
  const Waiting top = heap_.front();
  const Waiting last = heap_.back();
  heap_.pop_back();
  if (!heap_.empty()) replace_top(last);
  return top;
}

void Search::replace_top(Waiting waiting) {
  const std::size_t size = heap_.size();
  std::size_t at = 0;
  while (true) {
    const std::size_t first = arity * at + 1;
    if (first >= size) break;
    std::size_t least = first;
    for (std::size_t child = first + 1; child < std::min(first + arity, size); ++child)
      if (heap_[child].key < heap_[least].key) least = child;
    if (heap_[least].key >= waiting.key) break;
    heap_[at] = heap_[least];
    at = least;
  }
  heap_[at] = waiting;
}

void Search::set_aside(Waiting waiting) {
  if (waiting.key < nearest_.key) std::swap(waiting, nearest_);
  if (waiting.key != no_bound) push(waiting);
}

// The least, from the heap or set aside; no_bound: there is none.
Search::Waiting Search::next() {
  Waiting least = nearest_;
  if (!heap_.empty() && heap_.front().key < least.key) {
    least = heap_.front();
    if (nearest_.key == no_bound)
      pop();
    else
      replace_top(nearest_);
  }
  nearest_.key = no_bound;
  return least;
}

// What settling the node will read.
void Search::fetch_soon(std::uint32_t node) const {
  __builtin_prefetch(version_->links.data() + graph_.link_range(NodeId(node)).first);
}

std::optional<Path> Search::run(Scale scale, std::int64_t below, std::uint32_t surcharge) {
  ++run_;
  settled_ = 0;
  heap_.clear();
  nearest_.key = no_bound;
  const Chord chord = chord_of(scale);
  const Scale whole{scale.a * chord.factor, scale.b * chord.factor};
  const auto potential = [&](std::uint32_t node) {
    const Costs& costs = ahead(node);
    return chord.low * costs[chord.lane] + chord.high * costs[chord.lane + 1];
  };

  std::int64_t best = below == no_bound ? no_bound : below * chord.factor;
  const End* best_end = nullptr;
  bool best_is_direct = false;
  if (has_direct_) {
    const Path path = direct();
    std::int64_t cost = whole.of(path);
    if (is_marked(from_.edge)) cost += cost / surcharge_unit * surcharge;
    if (cost < best) {
      best = cost;
      best_is_direct = true;
    }
  }
  const auto reach = [&](std::uint32_t node, std::int64_t cost, std::uint32_t via) {
    Label& label = labels_[node];
    if (label.run == run_ && label.cost <= cost) return;
    const std::int64_t ahead_of_it = potential(node);
    if (labels_[node].ahead[0] >= unreachable || cost + ahead_of_it >= best) return;
    label.run = run_;
    label.cost = cost;
    label.via = via;
    set_aside({cost + ahead_of_it, node});
    fetch_soon(node);
  };
  for (std::size_t i = 0; i < starts_.size(); ++i)
    reach(starts_[i].node, cost_of(starts_[i], whole, surcharge), i == 0 ? from_first_end : from_second_end);

  const CostLink* const links = version_->links.data();
  while (true) {
    const Waiting waiting = next();
    if (waiting.key >= best) break;
    const std::uint32_t node = waiting.node;
    const std::int64_t cost = labels_[node].cost;
    if (waiting.key != cost + potential(node)) continue;  // it was reached for less since
    ++settled_;
    for (const End& end : finishes_) {
      if (end.node != node) continue;
      const std::int64_t there = cost + cost_of(end, whole, surcharge);
      if (there >= best) continue;
      best = there;
      best_end = &end;
      best_is_direct = false;
    }
    const auto [first, last] = graph_.link_range(NodeId(node));
    for (std::uint32_t l = first; l < last; ++l) __builtin_prefetch(&labels_[links[l].head]);
    for (std::uint32_t l = first; l < last; ++l) {
      const CostLink& link = links[l];
      if (!link.passable(profile_)) continue;
      std::int64_t step = whole.of(link.length_cm, link.penalty);
      if (surcharge != 0 && marks_[link.edge] == mark_) step += step / surcharge_unit * surcharge;
      reach(link.head, cost + step, l);
    }
  }
  if (best_is_direct) return direct();
  if (best_end == nullptr) return std::nullopt;
  return trace(best_end->node, *best_end);
}

std::optional<std::uint64_t> Search::least_length_cm() {
  std::optional<std::uint64_t> least;
  for (const End& start : starts_) {
    const Costs costs = ahead(start.node);
    if (costs[0] >= unreachable) continue;
    const std::uint64_t length = start.length_cm + static_cast<std::uint64_t>(costs[0]);
    least = std::min(least.value_or(length), length);
  }
  if (has_direct_) least = 0;
  return least;
}

std::optional<Path> Search::shortest() {
  const auto least_cm = least_length_cm();
  if (!least_cm) return std::nullopt;
  const Scale scale = Scale::length_first(*least_cm);
  auto path = run(scale);
  // Where one-way streets lead a longer way round.
  if (!path || scale.is_length_first(*path)) return path;
  return run(Scale::length_first(path->length_cm));
}

void Search::add(Path& path, const Stretch& stretch) const {
  const std::uint32_t whole_cm = graph_.edge(stretch.edge).length_cm;
  const std::uint32_t penalty = version_->penalties[stretch.edge.value];
  const auto [low, high] = std::minmax(stretch.from_cm, stretch.to_cm);
  path.length_cm += high - low;
  path.penalty += part_of(penalty, high, whole_cm) - part_of(penalty, low, whole_cm);
  path.stretches.push_back(stretch);
}

Path Search::direct() const {
  Path path;
  add(path, {from_.edge,
             to_.offset_cm == from_.offset_cm ? graph_.passable(from_.edge, true, profile_)
                                              : to_.offset_cm > from_.offset_cm,
             from_.offset_cm, to_.offset_cm});
  return path;
}

Path Search::trace(std::uint32_t last, const End& end) const {
  std::vector<Stretch> back;
  if (end.length_cm > 0) back.push_back(end.stretch);
  std::uint32_t node = last;
  std::uint32_t via = labels_[node].via;
  while (via < from_first_end) {
    const Link& link = graph_.link(via);
    const Edge& edge = graph_.edge(link.edge);
    back.push_back({link.edge, link.along, link.along ? 0 : edge.length_cm, link.along ? edge.length_cm : 0});
    node = link.along ? edge.source.value : edge.target.value;
    via = labels_[node].via;
  }
  const End& start = starts_[via == from_first_end ? 0 : 1];
  if (start.length_cm > 0 || back.empty()) back.push_back(start.stretch);
  Path path;
  path.stretches.reserve(back.size());
  for (std::size_t i = back.size(); i-- > 0;) add(path, back[i]);
  return path;
}

}  // namespace diary::graph
