// SPDX-License-Identifier: Apache-2.0
#include "dijkstra.hpp"

#include <algorithm>
#include <functional>
#include <queue>

#include "graph/search.hpp"

namespace diary::bench {
namespace {

using graph::EdgeId;
using graph::Profile;

constexpr std::int64_t none = INT64_MAX;

}  // namespace

Dijkstra::Dijkstra(const graph::RoadGraph& graph) : graph_(graph), best_(graph.node_count(), none) {}

std::optional<std::int64_t> Dijkstra::cost(const graph::Engine::Inquiry& inquiry, const graph::Place& from,
                                           const graph::Place& to, double weight) {
  const graph::Scale scale = graph::Scale::of_weight(weight);
  using Entry = std::pair<std::int64_t, std::uint32_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  const auto reach = [&](graph::NodeId node, std::int64_t cost) {
    if (cost >= best_[node.value]) return;
    if (best_[node.value] == none) touched_.push_back(node.value);
    best_[node.value] = cost;
    queue.emplace(cost, node.value);
  };
  const auto part = [&](EdgeId edge, std::uint32_t begin, std::uint32_t end) {
    const std::uint64_t penalty = inquiry.penalty(edge);
    const std::uint64_t whole = graph_.edge(edge).length_cm;
    return scale.of(end - begin, penalty * end / whole - penalty * begin / whole);
  };
  const auto may = [&](EdgeId edge, bool along) { return graph_.passable(edge, along, Profile::walk); };
  const graph::Edge& first = graph_.edge(from.edge);
  const graph::Edge& last = graph_.edge(to.edge);
  if (may(from.edge, true)) reach(first.target, part(from.edge, from.offset_cm, first.length_cm));
  if (may(from.edge, false)) reach(first.source, part(from.edge, 0, from.offset_cm));
  std::int64_t least = none;
  if (from.edge == to.edge && may(from.edge, from.offset_cm <= to.offset_cm))
    least = part(from.edge, std::min(from.offset_cm, to.offset_cm), std::max(from.offset_cm, to.offset_cm));
  while (!queue.empty() && queue.top().first < least) {
    const auto [cost, node] = queue.top();
    queue.pop();
    if (cost != best_[node]) continue;
    if (node == last.source.value && may(to.edge, true))
      least = std::min(least, cost + part(to.edge, 0, to.offset_cm));
    if (node == last.target.value && may(to.edge, false))
      least = std::min(least, cost + part(to.edge, to.offset_cm, last.length_cm));
    for (const graph::Link& link : graph_.links(graph::NodeId(node)))
      if (may(link.edge, link.along))
        reach(link.head, cost + part(link.edge, 0, graph_.edge(link.edge).length_cm));
  }
  for (const std::uint32_t node : touched_) best_[node] = none;
  touched_.clear();
  if (least == none) return std::nullopt;
  return least;
}

}  // namespace diary::bench
