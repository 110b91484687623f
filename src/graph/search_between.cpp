// SPDX-License-Identifier: Apache-2.0
// What lies between known corners of the trade-off curve, in one search: a node has all ways to it that may
// be part of a cheapest path at some weight, and they go on together. They are the lower hull of their
// lengths and penalties, in whole numbers; and a way ends where with what is ahead of it, at each scale that
// is asked about, it costs as much as is known. Nothing else decides, so that nodes may be taken in any
// order: from the farthest from the target to the nearest each is taken about once.
#include <algorithm>
#include <limits>

#include "graph/search.hpp"

namespace diary::graph {
namespace {

constexpr std::uint32_t target_fan = 0;
constexpr std::uint32_t directly = 2;  // beside the numbers of the two ends

}  // namespace

// Strictly: what lies on the line between its neighbours is the cheapest at one weight only.
bool Search::is_corner(const Way& before, const Way& middle, const Way& after) {
  __extension__ using Wide = __int128;
  return static_cast<Wide>(before.penalty - middle.penalty) * (after.length_cm - middle.length_cm) >
         static_cast<Wide>(middle.penalty - after.penalty) * (middle.length_cm - before.length_cm);
}

void Search::prepare(Bounds& all, std::span<const Question> questions) {
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
    all.best[j][i] =
        asked ? static_cast<double>(questions[lane].below) : -std::numeric_limits<double>::infinity();
  }
}

std::uint32_t Search::new_fan(const Bounds& all, const Costs& ahead_of_it) {
  Fan& fan = fans_.emplace_back();
  for (std::size_t j = 0; j < all.pairs; ++j) fan.below[j] = all.best[j] - all.potential(j, ahead_of_it);
  return static_cast<std::uint32_t>(fans_.size() - 1);
}

// Of the scales at which the way may win, those at either end at which it cannot any more are left out.
// False: there are none left. Costs never fall on the way, so that none comes back.
bool Search::narrow(const Bounds& all, const Fan& fan, Way& way) {
  const auto may_win = [&](std::size_t lane) {
    return all.a[lane / 2][lane % 2] * static_cast<double>(way.length_cm) +
               all.b[lane / 2][lane % 2] * static_cast<double>(way.penalty) <
           fan.below[lane / 2][lane % 2];
  };
  while (way.low < way.high && !may_win(way.low)) ++way.low;
  while (way.low < way.high && !may_win(way.high - std::size_t{1})) --way.high;
  return way.low < way.high;
}

// Whether it lies below the fan's hull. `at`: the place of the last of `coming_` among its ways.
bool Search::undercuts(const Fan& fan, const Way& way, std::uint32_t& at) const {
  const std::uint32_t end = fan.first + fan.count;
  while (at < end && ways_[at].length_cm <= way.length_cm) ++at;
  if (at == fan.first) return true;
  if (ways_[at - 1].penalty <= way.penalty) return false;
  return at == end || is_corner(ways_[at - 1], way, ways_[at]);
}

// What of `coming_` belongs to the hull joins the fan. False: none does.
bool Search::join(std::uint32_t number) {
  Fan& fan = fans_[number];
  merged_.clear();
  const auto add = [this](const Way& way) {
    if (!merged_.empty() && merged_.back().penalty <= way.penalty) return;
    while (merged_.size() > 1 && !is_corner(merged_[merged_.size() - 2], merged_.back(), way))
      merged_.pop_back();
    merged_.push_back(way);
  };
  const auto is_before = [](const Way& a, const Way& b) {
    return a.length_cm != b.length_cm ? a.length_cm < b.length_cm : a.penalty < b.penalty;
  };
  std::uint32_t i = fan.first;
  const std::uint32_t end = fan.first + fan.count;
  for (const Way& way : coming_) {
    while (i < end && !is_before(way, ways_[i])) add(ways_[i++]);
    add(way);
  }
  while (i < end) add(ways_[i++]);
  if (std::ranges::none_of(merged_, [](const Way& way) { return way.state == Way::coming; })) return false;
  // Never in place of the old ones: what went on from those names them.
  fan.first = static_cast<std::uint32_t>(ways_.size());
  fan.count = static_cast<std::uint32_t>(merged_.size());
  for (Way& way : merged_) {
    if (way.state == Way::coming) way.state = Way::waiting;
    ways_.push_back(way);
  }
  return true;
}

// Steps on from the waiting ways that lie there.
void Search::offer(const Bounds& all, std::uint32_t number, const Step& step, std::uint32_t first,
                   std::uint32_t end) {
  const Fan& fan = fans_[number];
  coming_.clear();
  std::uint32_t at = fan.first;
  for (std::uint32_t i = first; i < end; ++i) {
    if (ways_[i].state != Way::waiting || ways_[i].from == fan.node) continue;
    Way way = ways_[i];
    way.length_cm += step.length_cm;
    way.penalty += step.penalty;
    way.before = i;
    way.via = step.via;
    way.from = step.from;
    way.state = Way::coming;
    if (narrow(all, fan, way) && undercuts(fan, way, at)) coming_.push_back(way);
  }
}

void Search::offer_to_node(const Bounds& all, std::uint32_t node, const Step& step, std::uint32_t first,
                           std::uint32_t end) {
  const Costs ahead_of_it = ahead(node);
  if (ahead_of_it[0] >= unreachable) return;
  Label& label = labels_[node];
  if (label.run != run_) {
    label.run = run_;
    label.via = new_fan(all, ahead_of_it);
    fans_[label.via].node = node;
  }
  offer(all, label.via, step, first, end);
  if (coming_.empty() || !join(label.via) || fans_[label.via].waits) return;
  fans_[label.via].waits = true;
  push({-std::int64_t{ahead_of_it[1]}, label.via});
}

void Search::go_on_from_fan(const Bounds& all, std::uint32_t number) {
  ++settled_;
  fans_[number].waits = false;
  const std::uint32_t node = fans_[number].node;
  const std::uint32_t first = fans_[number].first;
  const std::uint32_t end = first + fans_[number].count;
  for (std::uint32_t i = 0; i < finishes_.size(); ++i) {
    if (finishes_[i].node != node) continue;
    offer(all, target_fan, {finishes_[i].length_cm, finishes_[i].penalty, i}, first, end);
    if (!coming_.empty()) join(target_fan);
  }
  const auto [first_link, last_link] = graph_.link_range(NodeId(node));
  for (std::uint32_t l = first_link; l < last_link; ++l) {
    const CostLink& link = version_->links[l];
    if (link.passable(profile_))
      offer_to_node(all, link.head, {link.length_cm, link.penalty, l, node}, first, end);
  }
  for (std::uint32_t i = first; i < end; ++i) ways_[i].state = Way::gone;
}

std::vector<Path> Search::cheaper(std::span<const Question> bounds) {
  Bounds all;
  prepare(all, bounds);
  // Where doubles are not exact, what costs as much may seem to cost less, but not the other way round.
  constexpr double more = 1 + 1e-12;
  for (std::size_t lane = 0; lane < bounds.size(); ++lane)
    if (bounds[lane].below >= exact_below) all.best[lane / 2][lane % 2] *= more;
  ++run_;
  settled_ = 0;
  heap_.clear();
  fans_.clear();
  ways_.clear();
  new_fan(all, Costs{});
  const auto from_origin = [&](std::uint64_t length_cm, std::uint64_t penalty) {
    ways_.push_back({static_cast<std::int64_t>(length_cm), static_cast<std::int64_t>(penalty), 0, 0, 0,
                     static_cast<std::uint8_t>(bounds.size()), Way::waiting});
    return static_cast<std::uint32_t>(ways_.size());
  };
  for (std::uint32_t i = 0; i < starts_.size(); ++i) {
    const std::uint32_t end = from_origin(0, 0);
    offer_to_node(all, starts_[i].node,
                  {starts_[i].length_cm, starts_[i].penalty, i == 0 ? from_first_end : from_second_end},
                  end - 1, end);
  }
  if (has_direct_) {
    const Path path = direct();
    const std::uint32_t end = from_origin(0, 0);
    offer(all, target_fan, {path.length_cm, path.penalty, directly}, end - 1, end);
    if (!coming_.empty()) join(target_fan);
  }
  while (!heap_.empty()) go_on_from_fan(all, pop().node);
  std::vector<Path> found;
  const Fan& last = fans_[target_fan];
  for (std::uint32_t i = last.first; i < last.first + last.count; ++i)
    found.push_back(ways_[i].via == directly ? direct() : trace(ways_[i]));
  return found;
}

Path Search::trace(const Way& way) const {
  std::vector<std::uint32_t> back;
  std::uint32_t at = way.before;
  while (ways_[at].via < from_first_end) {
    back.push_back(ways_[at].via);
    at = ways_[at].before;
  }
  return assemble(back, ways_[at].via, finishes_[way.via]);
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
