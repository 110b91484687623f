// SPDX-License-Identifier: Apache-2.0
#include "graph/hierarchy.hpp"

#include <algorithm>
#include <numeric>

namespace diary::graph {

Hierarchy::Hierarchy(const RoadGraph& graph) {
  contract(graph);
  const auto nodes = static_cast<std::uint32_t>(node_count());
  tail_.resize(head_.size());
  for (std::uint32_t v = 0; v < nodes; ++v)
    std::fill(tail_.begin() + first_up_[v], tail_.begin() + first_up_[v + 1], v);
  place_edges(graph);
}

// A node's upper neighbours: its own, and those of the nodes whose parent it is.
void Hierarchy::contract(const RoadGraph& graph) {
  const std::size_t nodes = graph.node_count();
  std::vector<std::uint32_t> first_child(nodes, none);
  std::vector<std::uint32_t> next_child(nodes, none);
  std::vector<std::uint32_t> up;
  parent_.assign(nodes, none);
  first_up_.reserve(nodes + 1);
  first_up_.push_back(0);
  head_.reserve(4 * graph.edge_count());
  for (std::uint32_t v = 0; v < nodes; ++v) {
    up.clear();
    for (const Link& link : graph.links(NodeId(v)))
      if (link.head.value > v) up.push_back(link.head.value);
    for (std::uint32_t child = first_child[v]; child != none; child = next_child[child])
      up.insert(up.end(), head_.begin() + first_up_[child] + 1, head_.begin() + first_up_[child + 1]);
    std::ranges::sort(up);
    up.erase(std::ranges::unique(up).begin(), up.end());
    head_.insert(head_.end(), up.begin(), up.end());
    first_up_.push_back(static_cast<std::uint32_t>(head_.size()));
    if (up.empty()) continue;
    parent_[v] = up.front();
    next_child[v] = first_child[up.front()];
    first_child[up.front()] = v;
  }
  head_.shrink_to_fit();
}

void Hierarchy::place_edges(const RoadGraph& graph) {
  arc_of_.resize(graph.edge_count());
  first_on_.assign(head_.size() + 1, 0);
  for (std::uint32_t e = 0; e < arc_of_.size(); ++e) {
    const Edge& edge = graph.edge(EdgeId(e));
    const auto [low, high] = std::minmax(edge.source.value, edge.target.value);
    arc_of_[e] = low == high ? none : find(low, high);
    if (low != high) ++first_on_[arc_of_[e] + 1];
  }
  std::partial_sum(first_on_.begin(), first_on_.end(), first_on_.begin());
  edges_on_.resize(first_on_.back());
  auto at = first_on_;
  for (std::uint32_t e = 0; e < arc_of_.size(); ++e)
    if (arc_of_[e] != none) edges_on_[at[arc_of_[e]]++] = EdgeId(e);
}

std::uint32_t Hierarchy::find(std::uint32_t low, std::uint32_t high) const {
  const auto heads = heads_up(low);
  const auto at = std::ranges::lower_bound(heads, high);
  if (at == heads.end() || *at != high) return none;
  return first_up_[low] + static_cast<std::uint32_t>(at - heads.begin());
}

std::size_t Hierarchy::bytes() const {
  const auto of = [](const auto& v) { return v.capacity() * sizeof(v[0]); };
  return of(first_up_) + of(parent_) + of(head_) + of(tail_) + of(arc_of_) + of(first_on_) + of(edges_on_);
}

}  // namespace diary::graph
