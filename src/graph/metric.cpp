// SPDX-License-Identifier: Apache-2.0
#include "graph/metric.hpp"

#include <algorithm>
#include <functional>

#include "graph/path.hpp"

namespace diary::graph {
namespace {

constexpr Costs nothing{0, 0, 0, 0};

bool any(const Costs& mask) {
  return (mask[0] | mask[1] | mask[2]) != 0;
}

// Nodes of wide cuts: of what one changed score touches, nearly all lies here, and each node costs the most.
constexpr std::uint32_t wide = 32;
// What is penalty in the costs of their arcs is taken for this much less: 1/64.
constexpr int ample_shift = 6;

Costs ample(const Costs& cost) {
  const Costs length{cost[0], cost[0], cost[0], cost[3]};
  return cost - ((cost - length) >> ample_shift);
}

// With the first's fourth number.
Costs with_costs(const Costs& arc, const Costs& costs) {
  return Costs{costs[0], costs[1], costs[2], arc[3]};
}

}  // namespace

Costs costs_of(std::uint32_t length_cm, std::uint32_t low_penalty) {
  Costs costs = nothing;
  for (std::size_t i = 0; i < lanes; ++i)
    costs[i] = static_cast<std::int32_t>(std::min<std::int64_t>(
        unreachable, length_cm + metric_weights[i] * std::int64_t{low_penalty} / penalty_unit));
  return costs;
}

Metric::Metric(const RoadGraph& graph, const Hierarchy& hierarchy, Profile profile)
    : graph_(&graph),
      hierarchy_(&hierarchy),
      profile_(profile),
      arcs_(hierarchy.arc_count()),
      in_line_(hierarchy.arc_count()) {
  for (std::uint32_t a = 0; a < arcs_.size(); ++a)
    arcs_[a] = Costs{0, 0, 0, static_cast<std::int32_t>(hierarchy.head(a))};
}

Costs Metric::base(std::uint32_t arc, std::span<const std::uint32_t> low_penalties) const {
  Costs cost = all_unreachable;
  for (const EdgeId edge : hierarchy_->edges_on(arc))
    if (usable(edge)) cost = lesser(cost, costs_of(graph_->edge(edge).length_cm, low_penalties[edge.value]));
  return with_costs(arcs_[arc], cost);
}

bool Metric::is_wide(std::uint32_t node) const {
  return hierarchy_->first_up(node + 1) - hierarchy_->first_up(node) >= wide;
}

// Each pair of a node's upper arcs bounds the arc between their heads, lowest nodes first.
void Metric::customize(std::span<const std::uint32_t> low_penalties) {
  for (std::uint32_t a = 0; a < arcs_.size(); ++a) arcs_[a] = base(a, low_penalties);
  const auto nodes = static_cast<std::uint32_t>(hierarchy_->node_count());
  for (std::uint32_t v = 0; v < nodes; ++v) {
    const std::uint32_t first = hierarchy_->first_up(v);
    const std::uint32_t end = hierarchy_->first_up(v + 1);
    if (is_wide(v))
      for (std::uint32_t a = first; a < end; ++a) arcs_[a] = ample(arcs_[a]);
    for (std::uint32_t low = first; low + 1 < end; ++low) {
      std::uint32_t between = hierarchy_->first_up(head_of(arcs_[low]));
      for (std::uint32_t high = low + 1; high < end; ++high) {
        while (head_of(arcs_[between]) != head_of(arcs_[high])) ++between;
        arcs_[between] = with_costs(arcs_[between], lesser(arcs_[between], sum(arcs_[low], arcs_[high])));
      }
    }
  }
}

bool Metric::lessen(std::uint32_t arc, const Costs& by) {
  const Costs old = arcs_[arc];
  const Costs less = by < old;
  if (!any(less)) return false;
  const Costs now = is_wide(hierarchy_->tail(arc)) ? ample(by) : by;
  arcs_[arc] = with_costs(old, less ? now : old);
  return true;
}

void Metric::put_in_line(std::uint32_t arc) {
  if (in_line_[arc]) return;
  in_line_[arc] = true;
  line_.push_back(arc);
  std::ranges::push_heap(line_, std::greater<>{});
}

std::uint32_t Metric::next_in_line() {
  std::ranges::pop_heap(line_, std::greater<>{});
  const std::uint32_t arc = line_.back();
  line_.pop_back();
  in_line_[arc] = false;
  return arc;
}

void Metric::lower(std::span<const EdgeId> edges, std::span<const std::uint32_t> low_penalties,
                   std::vector<Change>& changes) {
  for (const EdgeId edge : edges) {
    const std::uint32_t arc = hierarchy_->arc_of(edge);
    if (arc == Hierarchy::none || !usable(edge)) continue;
    if (lessen(arc, costs_of(graph_->edge(edge).length_cm, low_penalties[edge.value]))) put_in_line(arc);
  }
  while (!line_.empty()) {
    const std::uint32_t arc = next_in_line();
    changes.push_back({arc, arcs_[arc]});
    const std::uint32_t low = hierarchy_->tail(arc);
    const std::uint32_t high = head_of(arcs_[arc]);
    const auto first = hierarchy_->first_up(low);
    const auto end = hierarchy_->first_up(low + 1);
    std::uint32_t above = hierarchy_->first_up(high);
    for (std::uint32_t other = first; other < end; ++other) {
      if (other == arc) continue;
      const std::uint32_t third = head_of(arcs_[other]);
      std::uint32_t between;
      if (third < high) {
        between = hierarchy_->find(third, high);
      } else {
        while (head_of(arcs_[above]) != third) ++above;
        between = above;
      }
      if (lessen(between, sum(arcs_[arc], arcs_[other]))) put_in_line(between);
    }
  }
}

}  // namespace diary::graph
