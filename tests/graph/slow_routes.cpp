// SPDX-License-Identifier: Apache-2.0
#include "graph/slow_routes.hpp"

#include <algorithm>
#include <queue>

namespace diary::graph::test {
namespace {

Sum operator+(const Sum& a, const Sum& b) {
  return {a.length_cm + b.length_cm, a.penalty + b.penalty};
}

}  // namespace

// The first part of an edge has its share of the penalty, rounded down; the rest is the rest.
Sum SlowRoutes::sum(const Stretch& stretch) const {
  const std::uint64_t whole = graph_.edge(stretch.edge).length_cm;
  const std::uint64_t penalty = penalties_[stretch.edge.value];
  const std::uint64_t low = std::min(stretch.from_cm, stretch.to_cm);
  const std::uint64_t high = std::max(stretch.from_cm, stretch.to_cm);
  return {high - low, penalty * high / whole - penalty * low / whole};
}

Stretch SlowRoutes::whole(const Link& link) const {
  const std::uint32_t length = graph_.edge(link.edge).length_cm;
  return {link.edge, link.along, link.along ? 0 : length, link.along ? length : 0};
}

std::vector<SlowRoutes::End> SlowRoutes::starts(const Place& from) const {
  std::vector<End> ends;
  const Edge& edge = graph_.edge(from.edge);
  if (graph_.passable(from.edge, true, profile_))
    ends.push_back({edge.target.value, {from.edge, true, from.offset_cm, edge.length_cm}});
  if (graph_.passable(from.edge, false, profile_))
    ends.push_back({edge.source.value, {from.edge, false, from.offset_cm, 0}});
  return ends;
}

std::vector<SlowRoutes::End> SlowRoutes::finishes(const Place& to) const {
  std::vector<End> ends;
  const Edge& edge = graph_.edge(to.edge);
  if (graph_.passable(to.edge, true, profile_))
    ends.push_back({edge.source.value, {to.edge, true, 0, to.offset_cm}});
  if (graph_.passable(to.edge, false, profile_))
    ends.push_back({edge.target.value, {to.edge, false, edge.length_cm, to.offset_cm}});
  return ends;
}

std::optional<Stretch> SlowRoutes::direct(const Place& from, const Place& to) const {
  if (from.edge != to.edge) return std::nullopt;
  const bool along = to.offset_cm >= from.offset_cm;
  if (from.offset_cm != to.offset_cm && !graph_.passable(from.edge, along, profile_)) return std::nullopt;
  return Stretch{from.edge, along, from.offset_cm, to.offset_cm};
}

std::optional<std::int64_t> SlowRoutes::least_cost(const Place& from, const Place& to, Scale scale) const {
  constexpr std::int64_t far = INT64_MAX;
  const auto cost = [&](const Stretch& s) { return scale.of(sum(s).length_cm, sum(s).penalty); };
  std::vector<std::int64_t> best(graph_.node_count(), far);
  std::priority_queue<std::pair<std::int64_t, std::uint32_t>,
                      std::vector<std::pair<std::int64_t, std::uint32_t>>, std::greater<>>
      queue;
  const auto reach = [&](std::uint32_t node, std::int64_t at) {
    if (at >= best[node]) return;
    best[node] = at;
    queue.emplace(at, node);
  };
  for (const End& end : starts(from)) reach(end.node, cost(end.stretch));
  while (!queue.empty()) {
    const auto [at, node] = queue.top();
    queue.pop();
    if (at != best[node]) continue;
    for (const Link& link : graph_.links(NodeId(node)))
      if (graph_.passable(link.edge, link.along, profile_)) reach(link.head.value, at + cost(whole(link)));
  }
  std::int64_t least = far;
  if (const auto stretch = direct(from, to)) least = cost(*stretch);
  for (const End& end : finishes(to))
    if (best[end.node] != far) least = std::min(least, best[end.node] + cost(end.stretch));
  return least == far ? std::nullopt : std::optional(least);
}

std::vector<Sum> SlowRoutes::pareto(const Place& from, const Place& to) const {
  std::vector<std::vector<Sum>> fronts(graph_.node_count());
  std::priority_queue<std::pair<Sum, std::uint32_t>, std::vector<std::pair<Sum, std::uint32_t>>,
                      std::greater<>>
      queue;
  for (const End& end : starts(from)) queue.emplace(sum(end.stretch), end.node);
  while (!queue.empty()) {
    const auto [at, node] = queue.top();
    queue.pop();
    auto& front = fronts[node];  // by length, so that the last has the least penalty
    if (!front.empty() && front.back().penalty <= at.penalty) continue;
    front.push_back(at);
    for (const Link& link : graph_.links(NodeId(node)))
      if (graph_.passable(link.edge, link.along, profile_))
        queue.emplace(at + sum(whole(link)), link.head.value);
  }
  std::vector<Sum> all;
  if (const auto stretch = direct(from, to)) all.push_back(sum(*stretch));
  for (const End& end : finishes(to))
    for (const Sum& at : fronts[end.node]) all.push_back(at + sum(end.stretch));
  std::ranges::sort(all);
  std::vector<Sum> front;
  for (const Sum& at : all)
    if (front.empty() || at.penalty < front.back().penalty) front.push_back(at);
  return front;
}

std::vector<Sum> supported(const std::vector<Sum>& pareto) {
  std::vector<Sum> hull;
  const auto cross = [](const Sum& a, const Sum& b, const Sum& c) {
    const auto x = [](std::uint64_t p, std::uint64_t q) {
      return static_cast<std::int64_t>(q) - static_cast<std::int64_t>(p);
    };
    return x(a.length_cm, b.length_cm) * x(a.penalty, c.penalty) -
           x(a.penalty, b.penalty) * x(a.length_cm, c.length_cm);
  };
  for (const Sum& at : pareto) {
    while (hull.size() >= 2 && cross(hull[hull.size() - 2], hull.back(), at) <= 0) hull.pop_back();
    hull.push_back(at);
  }
  // What only a weight above 5 would choose: the next is dearer at 5.
  const auto cost_at_5 = [](const Sum& s) { return penalty_unit * s.length_cm + 5 * s.penalty; };
  std::size_t keep = std::min<std::size_t>(1, hull.size());
  while (keep < hull.size() && cost_at_5(hull[keep]) <= cost_at_5(hull[keep - 1])) ++keep;
  hull.resize(keep);
  return hull;
}

void SlowRoutes::each_simple(const Place& from, const Place& to,
                             const std::function<void(const Path&)>& visit) const {
  std::vector<std::uint8_t> visited(graph_.node_count());
  Path path;
  const auto push = [&](const Stretch& s) {
    path.stretches.push_back(s);
    path.length_cm += sum(s).length_cm;
    path.penalty += sum(s).penalty;
  };
  const auto pop = [&] {
    const Sum s = sum(path.stretches.back());
    path.length_cm -= s.length_cm;
    path.penalty -= s.penalty;
    path.stretches.pop_back();
  };
  const auto ends = finishes(to);
  const std::function<void(std::uint32_t)> go = [&](std::uint32_t node) {
    visited[node] = 1;
    for (const End& end : ends) {
      if (end.node != node) continue;
      push(end.stretch);
      visit(path);
      pop();
    }
    for (const Link& link : graph_.links(NodeId(node))) {
      if (visited[link.head.value] != 0 || !graph_.passable(link.edge, link.along, profile_)) continue;
      push(whole(link));
      go(link.head.value);
      pop();
    }
    visited[node] = 0;
  };
  if (const auto stretch = direct(from, to)) {
    push(*stretch);
    visit(path);
    pop();
  }
  for (const End& end : starts(from)) {
    push(end.stretch);
    go(end.node);
    pop();
  }
}

std::uint32_t SlowRoutes::node_at(const Stretch& stretch, std::uint32_t cm) const {
  const Edge& edge = graph_.edge(stretch.edge);
  if (cm == 0) return edge.source.value;
  return cm == edge.length_cm ? edge.target.value : NodeId::none_value;
}

bool SlowRoutes::is_sound(const Path& path, const Place& from, const Place& to) const {
  if (path.stretches.empty()) return false;
  Sum all;
  for (const Stretch& s : path.stretches) {
    if (s.from_cm != s.to_cm &&
        (s.along != (s.to_cm > s.from_cm) || !graph_.passable(s.edge, s.along, profile_)))
      return false;
    all = all + sum(s);
  }
  if (all != Sum{path.length_cm, path.penalty}) return false;
  for (std::size_t i = 1; i < path.stretches.size(); ++i) {
    const std::uint32_t end = node_at(path.stretches[i - 1], path.stretches[i - 1].to_cm);
    if (end == NodeId::none_value || end != node_at(path.stretches[i], path.stretches[i].from_cm))
      return false;
  }
  // A stretch of no length at either end may be left out.
  const auto begins = [&](const Stretch& s, const Place& place, std::uint32_t cm) {
    if (s.edge == place.edge && cm == place.offset_cm) return true;
    const std::uint32_t node = node_at({place.edge, true, 0, 0}, place.offset_cm);
    return node != NodeId::none_value && node_at(s, cm) == node;
  };
  return begins(path.stretches.front(), from, path.stretches.front().from_cm) &&
         begins(path.stretches.back(), to, path.stretches.back().to_cm);
}

}  // namespace diary::graph::test
