// SPDX-License-Identifier: Apache-2.0
#include "graph/nearby_routes.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

namespace diary::graph {

// Ties between ways of one length fall to the lower node, so that a second search finds the same.
void NearbyRoutes::find(const RoadGraph& graph, Profile profile, NodeId source, std::uint32_t limit_cm,
                        std::span<const NodeId> targets) {
  bits_ = std::min(bits_, 10U);  // one long search must not make all later ones dear
  slots_.assign(std::size_t{1} << bits_, Slot{});
  open_.clear();
  source_ = source;
  limit_cm_ = limit_cm;
  settled_ = used_ = 0;
  std::size_t wanted = targets.empty() ? graph.node_count() : targets.size();
  slot(source.value);
  open_.push_back({0, source.value});
  const auto order = [](const Open& o) { return std::tuple(o.length_cm, o.node); };
  while (!open_.empty() && wanted > 0) {
    std::ranges::pop_heap(open_, std::greater{}, order);
    const Open next = open_.back();
    open_.pop_back();
    Slot& here = slot(next.node);
    if (here.final) continue;
    here.final = true;
    ++settled_;
    if (std::ranges::find(targets, NodeId(next.node)) != targets.end()) --wanted;
    settle(graph, profile, Slot(here));
  }
}

void NearbyRoutes::settle(const RoadGraph& graph, Profile profile, const Slot& here) {
  const auto order = [](const Open& o) { return std::tuple(o.length_cm, o.node); };
  for (const Link& link : graph.links(NodeId(here.node))) {
    const std::uint64_t length = std::uint64_t{here.length_cm} + graph.edge(link.edge).length_cm;
    if (length > limit_cm_ || !graph.passable(link.edge, link.along, profile)) continue;
    const auto length_cm = static_cast<std::uint32_t>(length);
    const std::size_t before = used_;
    Slot& there = slot(link.head.value);
    const bool is_new = used_ > before;
    if (!is_new && (there.final || length_cm >= there.length_cm)) continue;
    there.length_cm = length_cm;
    there.from = here.node;
    there.first = here.first.is_none() ? link.edge : here.first;
    there.last = link.edge;
    there.along = link.along;
    open_.push_back({length_cm, link.head.value});
    std::ranges::push_heap(open_, std::greater{}, order);
  }
}

NearbyRoutes::Slot& NearbyRoutes::slot(std::uint32_t node) {
  if (used_ * 2 >= slots_.size()) grow();
  std::size_t i = place_of(node);
  while (slots_[i].node != empty && slots_[i].node != node) i = (i + 1) & (slots_.size() - 1);
  if (slots_[i].node == empty) {
    slots_[i].node = node;
    ++used_;
  }
  return slots_[i];
}

const NearbyRoutes::Slot* NearbyRoutes::known(std::uint32_t node) const {
  if (slots_.empty()) return nullptr;
  std::size_t i = place_of(node);
  while (slots_[i].node != empty && slots_[i].node != node) i = (i + 1) & (slots_.size() - 1);
  return slots_[i].node == node && slots_[i].final ? &slots_[i] : nullptr;
}

void NearbyRoutes::grow() {
  const std::vector<Slot> old = std::move(slots_);
  ++bits_;
  slots_.assign(std::size_t{1} << bits_, Slot{});
  for (const Slot& s : old) {
    if (s.node == empty) continue;
    std::size_t i = place_of(s.node);
    while (slots_[i].node != empty) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = s;
  }
}

std::optional<NearbyRoutes::Arrival> NearbyRoutes::at(NodeId node) const {
  const Slot* found = known(node.value);
  if (found == nullptr) return std::nullopt;
  return Arrival{found->length_cm, found->first, found->last};
}

std::vector<Stretch> NearbyRoutes::way_to(const RoadGraph& graph, NodeId node) const {
  std::vector<Stretch> way;
  for (const Slot* s = known(node.value); s != nullptr && !s->last.is_none(); s = known(s->from)) {
    const std::uint32_t length_cm = graph.edge(s->last).length_cm;
    way.push_back({s->last, s->along, s->along ? 0 : length_cm, s->along ? length_cm : 0});
  }
  std::ranges::reverse(way);
  return way;
}

}  // namespace diary::graph
