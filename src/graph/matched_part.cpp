// SPDX-License-Identifier: Apache-2.0
#include "graph/matched_part.hpp"

#include <algorithm>
#include <cmath>

#include "graph/geometry.hpp"

namespace diary::graph {
namespace {

// The states of the likeliest chain: as one comes into each column, and whether one turns back there.
struct Stop {
  std::size_t state = 0;
  bool turned = false;
  [[nodiscard]] std::size_t leaving() const { return turned ? state ^ 1U : state; }
};

std::vector<Stop> likeliest(std::span<const Column> columns) {
  const Column& last = columns.back();
  std::size_t leaving = 0;
  for (std::size_t s = 1; s < last.states(); ++s)
    if (last.score[s] > last.score[leaving]) leaving = s;
  std::vector<Stop> stops(columns.size());
  for (std::size_t t = columns.size(); t-- > 0;) {
    const bool turned = columns[t].turned[leaving];
    stops[t] = {turned ? leaving ^ 1U : leaving, turned};
    leaving = columns[t].from[leaving];
  }
  return stops;
}

class Writer {
 public:
  Writer(const RoadGraph& graph, std::span<const Column> columns, Ways& ways, double slip_m, double limit_m,
         double turning_back)
      : graph_(graph),
        columns_(columns),
        ways_(ways),
        slip_m_(slip_m),
        limit_m_(limit_m),
        turn_(std::exp(-turning_back)) {}

  [[nodiscard]] MatchedPart write() {
    const auto stops = likeliest(columns_);
    begin(columns_[0].places[stops[0].state / 2], stops[0].state % 2 == 0);
    reached(columns_[0].places[stops[0].state / 2].offset_cm, on_edge(0, stops[0].state));
    for (std::size_t t = 1; t < columns_.size(); ++t) {
      if (stops[t - 1].turned) turn_back();
      step(t, stops[t - 1].leaving(), stops[t].state);
    }
    end();
    drop_empty();
    part_.first_point = columns_.front().group.first;
    part_.last_point = columns_.back().group.last;
    for (const auto& s : part_.stretches) part_.length_m += length_cm(s.stretch) / 100.0;
    return std::move(part_);
  }

 private:
  void step(std::size_t t, std::size_t from, std::size_t to) {
    const Column& before = columns_[t - 1];
    const Column& here = columns_[t];
    const Place& a = before.places[from / 2];
    const Place& b = here.places[to / 2];
    if (!stays_on_edge(a, from % 2 == 0, b, to % 2 == 0)) {
      const double sure = both(t, from, to);
      leave();
      for (const Stretch& stretch : ways_.between(a, from % 2 == 0, b, to % 2 == 0, limit_m_))
        part_.stretches.push_back({stretch, 1, sure});
      enter(b, to % 2 == 0);
    }
    reached(b.offset_cm, on_edge(t, to));
  }

  [[nodiscard]] bool stays_on_edge(const Place& a, bool along, const Place& b, bool to_along) const {
    if (a.edge != b.edge || along != to_along) return false;
    const double progress_m = (static_cast<double>(b.offset_cm) - a.offset_cm) / (along ? 100 : -100);
    return progress_m >= -slip_m_;
  }

  // Of having come into the column on that edge, in either direction.
  [[nodiscard]] double on_edge(std::size_t t, std::size_t state) const {
    const Column& c = columns_[t];
    double all = 0;
    for (std::size_t s = 0; s < c.states(); ++s) all += c.forward[s] * c.backward[s];
    const std::size_t s = state & ~std::size_t{1};
    return all > 0 ? (c.forward[s] * c.backward[s] + c.forward[s + 1] * c.backward[s + 1]) / all : 0;
  }

  // Of having gone from the one edge to the other.
  [[nodiscard]] double both(std::size_t t, std::size_t from, std::size_t to) const {
    const Column& before = columns_[t - 1];
    const Column& here = columns_[t];
    double all = 0;
    double these = 0;
    for (std::size_t i = 0; i < before.states(); ++i) {
      const double leaving = before.forward[i] + turn_ * before.forward[i ^ 1U];
      for (std::size_t j = 0; j < here.states(); ++j) {
        const double log = here.transition[i * here.states() + j];
        if (log < -40) continue;  // as good as nothing
        const double p = leaving * std::exp(log + here.emission[j]) * here.backward[j];
        all += p;
        if (i / 2 == from / 2 && j / 2 == to / 2) these += p;
      }
    }
    return all > 0 ? these / all : 0;
  }

  void begin(const Place& at, bool along) {
    part_.stretches.push_back({{at.edge, along, at.offset_cm, at.offset_cm}, 0, 0});
    seen_ = 0;
  }
  void enter(const Place& at, bool along) {
    const std::uint32_t length = graph_.edge(at.edge).length_cm;
    part_.stretches.push_back({{at.edge, along, along ? 0 : length, along ? 0 : length}, 0, 0});
    seen_ = 0;
  }
  // Never back: what lies behind is noise.
  void reached(std::uint32_t offset_cm, double sure) {
    auto& [stretch, covered, confidence] = part_.stretches.back();
    stretch.to_cm = stretch.along ? std::max(stretch.to_cm, offset_cm) : std::min(stretch.to_cm, offset_cm);
    ++seen_;
    confidence += (sure - confidence) / static_cast<double>(seen_);
  }
  void leave() {
    Stretch& stretch = part_.stretches.back().stretch;
    stretch.to_cm = stretch.along ? graph_.edge(stretch.edge).length_cm : 0;
    end();
  }
  void turn_back() {
    const MatchedStretch last = part_.stretches.back();
    end();
    part_.stretches.push_back(
        {{last.stretch.edge, !last.stretch.along, last.stretch.to_cm, last.stretch.to_cm},
         0,
         last.confidence});
    seen_ = 1;
  }
  void end() {
    MatchedStretch& last = part_.stretches.back();
    last.covered = static_cast<double>(length_cm(last.stretch)) / graph_.edge(last.stretch.edge).length_cm;
  }
  // What was only touched, unless nothing else was.
  void drop_empty() {
    auto& all = part_.stretches;
    const auto empty = [](const MatchedStretch& s) { return length_cm(s.stretch) == 0; };
    if (std::ranges::all_of(all, empty))
      all.resize(1);
    else
      std::erase_if(all, empty);
  }

  const RoadGraph& graph_;
  std::span<const Column> columns_;
  Ways& ways_;
  double slip_m_;
  double limit_m_;
  double turn_;
  MatchedPart part_;
  std::size_t seen_ = 0;  // points on the last stretch
};

}  // namespace

MatchedPart matched_part(const RoadGraph& graph, std::span<const Column> columns, Ways& ways, double slip_m,
                         double limit_m, double turning_back) {
  return Writer(graph, columns, ways, slip_m, limit_m, turning_back).write();
}

}  // namespace diary::graph
