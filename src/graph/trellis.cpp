// SPDX-License-Identifier: Apache-2.0
#include "graph/trellis.hpp"

#include <algorithm>

namespace diary::graph {
namespace {

std::uint32_t centimetres(double metres) {
  return static_cast<std::uint32_t>(std::min(metres * 100, 1e9));
}

// From the place on to the end that one goes to.
double ahead_m(const RoadGraph& graph, const Place& place, bool along) {
  return (along ? graph.edge(place.edge).length_cm - place.offset_cm : place.offset_cm) / 100.0;
}
// From the end that one comes from to the place.
double behind_m(const RoadGraph& graph, const Place& place, bool along) {
  return ahead_m(graph, place, !along);
}

}  // namespace

void Ways::prepare(const Column& from, const Column& to, double limit_m, bool keep) {
  ++clock_;
  targets_.clear();
  for (std::size_t j = 0; j < to.states(); ++j) {
    const NodeId entry = exit(to.places[j / 2].edge, j % 2 != 0);
    const auto found = std::ranges::find(targets_, entry);
    target_of_[j] = static_cast<std::uint32_t>(found - targets_.begin());
    if (found == targets_.end()) targets_.push_back(entry);
  }
  std::vector<NodeId> sources;
  arrivals_.clear();
  for (std::size_t i = 0; i < from.states(); ++i) {
    const NodeId source = exit(from.places[i / 2].edge, i % 2 == 0);
    const auto found = std::ranges::find(sources, source);
    source_of_[i] = static_cast<std::uint32_t>(found - sources.begin());
    if (found != sources.end() || from.score[i] == impossible) continue;
    sources.push_back(source);
    const NearbyRoutes& routes = kept_[routes_from(source, centimetres(limit_m), keep)].routes;
    for (const NodeId target : targets_) arrivals_.push_back(routes.at(target));
  }
}

std::uint32_t Ways::routes_from(NodeId source, std::uint32_t limit_cm, bool keep) {
  auto place = kept_.end();
  for (auto it = kept_.begin(); it != kept_.end(); ++it) {
    const bool same = it->used > 0 && it->routes.source() == source;
    if (same && it->routes.limit_cm() >= limit_cm) {
      it->used = clock_;
      return static_cast<std::uint32_t>(it - kept_.begin());
    }
    if (same || (place == kept_.end() && it->used + 2 < clock_)) place = it;
    if (same) break;
  }
  if (place == kept_.end()) place = kept_.emplace(kept_.end());
  place->routes.find(graph_, profile_, source, limit_cm, keep ? std::span<const NodeId>{} : targets_);
  place->used = keep ? clock_ : 0;
  effort_ += place->routes.settled();
  return static_cast<std::uint32_t>(place - kept_.begin());
}

std::optional<Move> Ways::move(const Column& from, std::size_t i, const Column& to, std::size_t j,
                               double slip_m) const {
  const Place& a = from.places[i / 2];
  const Place& b = to.places[j / 2];
  const bool along = i % 2 == 0;
  const bool to_along = j % 2 == 0;
  if (a.edge == b.edge && along == to_along) {
    const double progress_m = ahead_m(graph_, a, along) - ahead_m(graph_, b, along);
    if (progress_m >= -slip_m) return Move{std::abs(progress_m), std::max(0.0, -progress_m), true, 0};
  }
  const auto& arrival = arrivals_[source_of_[i] * targets_.size() + target_of_[j]];
  if (!arrival) return std::nullopt;
  const double way_m = ahead_m(graph_, a, along) + arrival->length_cm / 100.0 + behind_m(graph_, b, to_along);
  const bool direct = arrival->first.is_none();
  const int turns = direct ? (a.edge == b.edge && along != to_along ? 1 : 0)
                           : (arrival->first == a.edge ? 1 : 0) + (arrival->last == b.edge ? 1 : 0);
  return Move{way_m, 0, false, turns};
}

std::vector<Stretch> Ways::between(const Place& from, bool along, const Place& to, bool to_along,
                                   double limit_m) {
  targets_.assign(1, exit(to.edge, !to_along));
  ++clock_;
  const auto number = routes_from(exit(from.edge, along), centimetres(limit_m), false);
  return kept_[number].routes.way_to(graph_, targets_.front());
}

}  // namespace diary::graph
