// SPDX-License-Identifier: Apache-2.0
#include "graph/matching.hpp"

#include <algorithm>
#include <cmath>

#include "graph/matched_part.hpp"
#include "graph/plane.hpp"
#include "graph/trace.hpp"
#include "graph/trellis.hpp"

namespace diary::graph {
namespace {

constexpr double kept_up_to_m = 400;  // ways that are worth keeping for the next points
constexpr double detour_share = 0.95;
constexpr double beta_in_sigmas = 0.7;
constexpr double hopeless = -40;  // log: e to the power of it is as good as nothing
constexpr std::size_t lost_points = 3;

class Matcher {
 public:
  Matcher(const RoadGraph& graph, const SnapIndex& places, const MatchOptions& options, double sigma_m,
          LngLat middle)
      : graph_(graph),
        plane_(middle),
        places_(places),
        options_(options),
        sigma_m_(sigma_m),
        beta_m_(options.beta_m > 0 ? options.beta_m : beta_in_sigmas * sigma_m),
        slip_m_(3 * sigma_m),
        reach_m_(std::clamp(4 * sigma_m, 50.0, 100.0)),
        ways_(graph, options.profile) {}

  void add(const TraceSection& section, Match& to) {
    std::size_t lost = 0;
    std::size_t last = 0;
    for (const PointGroup& group : section.groups) {
      Column column = column_at(group);
      if (column.places.empty()) {
        lost += group.count;
        to.left_out += group.count;
        continue;
      }
      if (!columns_.empty()) {
        const auto broken = lost >= lost_points ? std::optional(Break::no_street) : connect(column);
        if (broken) finish(to, last, broken);
      }
      if (columns_.empty()) start(column);
      columns_.push_back(std::move(column));
      lost = 0;
      last = group.last;
      if (ways_.effort() > options_.effort) break;
    }
    const std::size_t end = section.groups.empty() ? 0 : section.groups.back().last;
    finish(to, end, ways_.effort() > options_.effort ? std::optional(Break::effort) : section.broken);
  }

  [[nodiscard]] bool spent() const { return ways_.effort() > options_.effort; }

 private:
  [[nodiscard]] Column column_at(const PointGroup& group) const {
    Column column;
    column.group = group;
    column.places = places_.within(group.at, options_.profile, reach_m_,
                                   std::clamp<std::size_t>(options_.candidates, 1, most_candidates),
                                   SnapIndex::Parts::all);
    for (const Place& place : column.places) column.flat.push_back(plane_.of(place.point));
    for (std::size_t s = 0; s < column.states(); ++s) {
      const Place& place = column.places[s / 2];
      const double off = place.distance_m / group.sigma_m;
      column.emission[s] =
          graph_.passable(place.edge, s % 2 == 0, options_.profile) ? -off * off / 2 : impossible;
    }
    return column;
  }

  void start(Column& column) const {
    for (std::size_t s = 0; s < column.states(); ++s) column.score[s] = column.emission[s];
    for (std::size_t s = 0; s < column.states(); ++s) column.forward[s] = std::exp(column.emission[s]);
    column.from.fill(0);
    turn_back(column);
    scale(column);
  }

  // The column's scores and probabilities from those of the last one.
  [[nodiscard]] std::optional<Break> connect(Column& column) {
    const double straight_m = distance_m(columns_.back().group.at, column.group.at);
    const double usual_m = 1.5 * straight_m + 150 + 2 * reach_m_;
    const bool keep = usual_m <= kept_up_to_m;
    if (reach(column, straight_m, keep ? kept_up_to_m : usual_m, keep)) return std::nullopt;
    if (reach(column, straight_m, 4 * straight_m + 1500, false)) return std::nullopt;
    return Break::no_route;
  }

  [[nodiscard]] bool reach(Column& column, double straight_m, double limit_m, bool keep) {
    const Column& before = columns_.back();
    ways_.prepare(before, column, limit_m, keep);
    column.score.fill(impossible);
    column.forward.fill(0);
    column.transition.assign(before.states() * column.states(), impossible);
    for (std::size_t i = 0; i < before.states(); ++i) {
      if (before.score[i] == impossible) continue;
      const double leaving = before.forward[i] + std::exp(-options_.turning_back) * before.forward[i ^ 1U];
      for (std::size_t j = 0; j < column.states(); ++j) extend(i, j, leaving, straight_m, column);
    }
    bool any = false;
    for (std::size_t j = 0; j < column.states(); ++j) any = any || column.score[j] != impossible;
    if (any) turn_back(column);
    if (any) scale(column);
    return any;
  }

  void extend(std::size_t i, std::size_t j, double leaving, double straight_m, Column& column) {
    const Column& before = columns_.back();
    if (column.emission[j] == impossible) return;
    const auto move = ways_.move(before, i, column, j, slip_m_);
    if (!move) return;
    const double between_m = length(column.flat[j / 2] - before.flat[i / 2]);
    const double detour = detour_share * std::max(0.0, move->way_m - between_m) +
                          (1 - detour_share) * std::abs(move->way_m - straight_m);
    const double slip = move->slip_m / sigma_m_;  // of a difference: twice the variance
    const double log = -detour / beta_m_ - slip * slip / 4 - move->turns * options_.turning_back;
    column.transition[i * column.states() + j] = log;
    const double score = before.score[i] + log + column.emission[j];
    if (score > column.score[j]) {
      column.score[j] = score;
      column.from[j] = static_cast<std::uint8_t>(i);
    }
    if (log > hopeless) column.forward[j] += leaving * std::exp(log + column.emission[j]);
  }

  void turn_back(Column& column) const {
    const auto score = column.score;
    const auto from = column.from;
    for (std::size_t s = 0; s < column.states(); ++s) {
      column.turned[s] = column.emission[s] != impossible && score[s ^ 1U] - options_.turning_back > score[s];
      if (!column.turned[s]) continue;
      column.score[s] = score[s ^ 1U] - options_.turning_back;
      column.from[s] = from[s ^ 1U];
    }
  }

  static void scale(Column& column) {
    double sum = 0;
    for (std::size_t s = 0; s < column.states(); ++s) sum += column.forward[s];
    if (sum > 0)
      for (std::size_t s = 0; s < column.states(); ++s) column.forward[s] /= sum;
  }

  void go_backward() {
    columns_.back().backward.fill(1);
    for (std::size_t t = columns_.size() - 1; t-- > 0;) {
      const Column& next = columns_[t + 1];
      std::array<double, most_states> leaving{};
      double sum = 0;
      for (std::size_t i = 0; i < columns_[t].states(); ++i) {
        for (std::size_t j = 0; j < next.states(); ++j) {
          const double log = next.transition[i * next.states() + j];
          if (log > hopeless) leaving[i] += std::exp(log + next.emission[j]) * next.backward[j];
        }
        sum += leaving[i];
      }
      for (std::size_t i = 0; i < columns_[t].states(); ++i)
        columns_[t].backward[i] =
            sum > 0 ? (leaving[i] + std::exp(-options_.turning_back) * leaving[i ^ 1U]) / sum : 1;
    }
  }

  void finish(Match& to, std::size_t last_point, std::optional<Break> broken) {
    if (!columns_.empty()) {
      go_backward();
      to.parts.push_back(matched_part(graph_, columns_, ways_, slip_m_, 4 * options_.longest_gap_m + 1500,
                                      options_.turning_back));
      columns_.clear();
    }
    if (broken) to.breaks.push_back({last_point, *broken});
  }

  const RoadGraph& graph_;
  Plane plane_;
  const SnapIndex& places_;
  const MatchOptions& options_;
  double sigma_m_;
  double beta_m_;
  double slip_m_;
  double reach_m_;
  Ways ways_;
  std::vector<Column> columns_;
};

}  // namespace

std::string_view name_of(Break reason) {
  switch (reason) {
    case Break::no_street:
      return "no_street";
    case Break::no_route:
      return "no_route";
    case Break::too_fast:
      return "too_fast";
    case Break::too_far:
      return "too_far";
    case Break::effort:
      return "effort";
  }
  return "";
}

namespace {

// Of about a hundred of the points.
std::vector<double> nearest_m(const SnapIndex& places, std::span<const TracePoint> points, Profile profile) {
  std::vector<double> metres;
  for (std::size_t i = 0; i < points.size(); i += points.size() / 100 + 1)
    if (const auto place = places.nearest(points[i].at, profile, 100, SnapIndex::Parts::all))
      metres.push_back(place->distance_m);
  return metres;
}

}  // namespace

Result<Match> match(const RoadGraph& graph, const SnapIndex& places, std::span<const TracePoint> points,
                    const MatchOptions& options) {
  if (points.size() > max_trace_points)
    return fail(Errc::validation, "a trace has at most " + std::to_string(max_trace_points) + " points");
  Match matched;
  const Noise noise =
      noise_of(points, options.sigma_m,
               options.sigma_m > 0 ? std::vector<double>{} : nearest_m(places, points, options.profile));
  matched.sigma_m = noise.sigma_m();
  const CleanTrace trace = clean(points, noise, options);
  matched.left_out = trace.left_out;
  if (trace.sections.empty()) return matched;
  Matcher matcher(graph, places, options, noise.sigma_m(noise.block()),
                  trace.sections.front().groups.front().at);
  for (const TraceSection& section : trace.sections) {
    matcher.add(section, matched);
    if (matcher.spent()) break;
  }
  return matched;
}

}  // namespace diary::graph
