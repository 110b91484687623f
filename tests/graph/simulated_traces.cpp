// SPDX-License-Identifier: Apache-2.0
#include "graph/simulated_traces.hpp"

#include <algorithm>
#include <map>
#include <queue>
#include <unordered_map>

#include "graph/geometry.hpp"

namespace diary::graph::test {
namespace {

Stretch whole(const RoadGraph& graph, const Link& link) {
  const std::uint32_t length = graph.edge(link.edge).length_cm;
  return {link.edge, link.along, link.along ? 0 : length, link.along ? length : 0};
}

std::optional<NodeId> some_node(const RoadGraph& graph, Profile profile, Random& random) {
  for (int tries = 0; tries < 1000 && graph.edge_count() > 0; ++tries) {
    const EdgeId edge(random.below(graph.edge_count()));
    if (graph.in_main_part(edge, profile)) return graph.edge(edge).source;
  }
  return std::nullopt;
}

// Begins and ends somewhere along its first and last edge.
void cut_ends(std::vector<Stretch>& walk, Random& random) {
  if (walk.size() < 2) return;
  Stretch& first = walk.front();
  Stretch& last = walk.back();
  first.from_cm = static_cast<std::uint32_t>(
      random.between(std::min(first.from_cm, first.to_cm), std::max(first.from_cm, first.to_cm)));
  last.to_cm = static_cast<std::uint32_t>(
      random.between(std::min(last.from_cm, last.to_cm), std::max(last.from_cm, last.to_cm)));
}

struct Reached {
  double felt = 0;
  double length_m = 0;
  std::uint32_t from = 0;
  Link by;
};

}  // namespace

std::vector<Stretch> purposeful_walk(const RoadGraph& graph, Profile profile, double length_m,
                                     Random& random) {
  const auto source = some_node(graph, profile, random);
  if (!source) return {};
  std::unordered_map<std::uint32_t, double> feeling;  // of edges
  std::unordered_map<std::uint32_t, Reached> reached{{source->value, {}}};
  std::unordered_map<std::uint32_t, bool> settled;
  std::priority_queue<std::pair<double, std::uint32_t>> open;
  open.emplace(0, source->value);
  while (!open.empty()) {
    const auto [negative, node] = open.top();
    open.pop();
    if (settled[node]) continue;
    settled[node] = true;
    const Reached here = reached[node];
    if (here.length_m >= length_m) {
      std::vector<Stretch> walk;
      for (std::uint32_t at = node; at != source->value; at = reached[at].from)
        walk.push_back(whole(graph, reached[at].by));
      std::ranges::reverse(walk);
      cut_ends(walk, random);
      return walk;
    }
    for (const Link& link : graph.links(NodeId(node))) {
      if (!graph.passable(link.edge, link.along, profile)) continue;
      const auto [felt, is_new] = feeling.try_emplace(link.edge.value, 0);
      if (is_new) felt->second = random.between(0.7, 1.3);
      const double metres = graph.edge(link.edge).length_cm / 100.0;
      const double cost = here.felt + metres * felt->second;
      const auto known = reached.find(link.head.value);
      if (known != reached.end() && known->second.felt <= cost) continue;
      reached[link.head.value] = {cost, here.length_m + metres, node, link};
      open.emplace(-cost, link.head.value);
    }
  }
  return {};
}

std::vector<Stretch> aimless_walk(const RoadGraph& graph, Profile profile, double length_m, Random& random) {
  std::vector<Stretch> walk;
  const auto source = some_node(graph, profile, random);
  if (!source) return walk;
  NodeId node = *source;
  EdgeId last;
  for (double metres = 0; metres < length_m;) {
    std::vector<Link> onward;
    for (const Link& link : graph.links(node))
      if (link.edge != last && link.head != node && graph.passable(link.edge, link.along, profile))
        onward.push_back(link);
    if (onward.empty())
      for (const Link& link : graph.links(node))
        if (link.edge == last && graph.passable(link.edge, link.along, profile)) onward.push_back(link);
    if (onward.empty()) break;
    const Link& link = onward[random.below(onward.size())];
    walk.push_back(whole(graph, link));
    metres += graph.edge(link.edge).length_cm / 100.0;
    node = link.head;
    last = link.edge;
  }
  cut_ends(walk, random);
  return walk;
}

std::vector<TracePoint> recorded(const RoadGraph& graph, const std::vector<Stretch>& walk,
                                 const Receiver& receiver, Random& random) {
  std::vector<TracePoint> points;
  const double kept = receiver.memory_s > 0 ? std::exp(-receiver.every_s / receiver.memory_s) : 0;
  Metres error{random.bell() * receiver.noise_m, random.bell() * receiver.noise_m};
  double time_s = 1'700'000'000;
  double silent_s = 0;
  const auto record = [&](LngLat at) {
    const double fresh = std::sqrt(1 - kept * kept) * receiver.noise_m;
    error = {error.east * kept + fresh * random.bell(), error.north * kept + fresh * random.bell()};
    time_s += receiver.every_s;
    silent_s = random.chance(receiver.gaps) ? 90 : silent_s - receiver.every_s;
    if (silent_s > 0) return;
    Metres off = error;
    if (random.chance(receiver.outliers)) {
      const double angle = random.between(0, 2 * std::numbers::pi);
      const double metres = random.between(50, 200);
      off = {metres * std::cos(angle), metres * std::sin(angle)};
    }
    points.push_back({Plane(at).degrees(off), time_s});
  };
  double left_m = 0;  // to the next point
  for (const Stretch& stretch : walk) {
    const double length_m = length_cm(stretch) / 100.0;
    double done_m = left_m;
    for (; done_m <= length_m; done_m += receiver.m_per_s * receiver.every_s) {
      const double offset = stretch.from_cm + (stretch.to_cm > stretch.from_cm ? 100 : -100) * done_m;
      const LngLat at =
          point_at(graph, stretch.edge, static_cast<std::uint32_t>(std::max(0.0, offset))).degrees();
      record(at);
      if (random.chance(receiver.standing))
        for (double rest_s = 0; rest_s < 120; rest_s += receiver.every_s) record(at);
    }
    left_m = done_m - length_m;
  }
  return points;
}

namespace {

using Intervals = std::map<std::uint32_t, std::vector<std::pair<double, double>>>;  // by edge, in metres

void merge(Intervals& intervals) {
  for (auto& [edge, list] : intervals) {
    std::ranges::sort(list);
    std::vector<std::pair<double, double>> merged;
    for (const auto& [from, to] : list)
      if (!merged.empty() && from <= merged.back().second)
        merged.back().second = std::max(merged.back().second, to);
      else
        merged.emplace_back(from, to);
    list = merged;
  }
}

void add(Intervals& to, const Stretch& s) {
  const auto [low, high] = std::minmax(s.from_cm, s.to_cm);
  to[s.edge.value].emplace_back(low / 100.0, high / 100.0);
}

double total(const Intervals& intervals) {
  double metres = 0;
  for (const auto& [edge, list] : intervals)
    for (const auto& [from, to] : list) metres += to - from;
  return metres;
}

double shared(const Intervals& a, const Intervals& b) {
  double metres = 0;
  for (const auto& [edge, list] : a) {
    const auto other = b.find(edge);
    if (other == b.end()) continue;
    for (const auto& [from, to] : list)
      for (const auto& [low, high] : other->second)
        metres += std::max(0.0, std::min(to, high) - std::max(from, low));
  }
  return metres;
}

}  // namespace

Score compared(const std::vector<Stretch>& truth, const Match& match) {
  Intervals walked;
  Intervals found;
  for (const Stretch& s : truth) add(walked, s);
  for (const MatchedPart& part : match.parts)
    for (const MatchedStretch& s : part.stretches) add(found, s.stretch);
  merge(walked);
  merge(found);
  const double right_m = shared(walked, found);
  return {total(walked), right_m, total(found) - right_m};
}

}  // namespace diary::graph::test
