// SPDX-License-Identifier: Apache-2.0
#include "graph/steps.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

#include "graph/geometry.hpp"
#include "graph/plane.hpp"

namespace diary::graph {
namespace {

constexpr double look_m = 12;      // before and after a turn
constexpr double absorbed_m = 15;  // unnamed, amid a street
constexpr double straight_below = 20;
constexpr double slight_below = 50;
constexpr double turn_below = 130;
constexpr double u_turn_from = 170;

// A stretch as part of the whole line: from one of its points to another.
struct Leg {
  Stretch stretch;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t segment = 0;
};

// Legs that are told as one.
struct Run {
  std::size_t first = 0;  // of the legs
  std::size_t last = 0;
  std::uint32_t street = 0;
  bool unnamed = false;
  double length_m = 0;
};

class Track {
 public:
  Track(const RoadGraph& graph, const Path& path) : graph_(graph) {
    std::size_t segment = 0;
    legs_.reserve(path.stretches.size());
    for (std::size_t i = 0; i < path.stretches.size(); ++i) {
      const Stretch& stretch = path.stretches[i];
      if (i > 0 && path.stretches[i - 1].edge != stretch.edge) ++segment;
      const std::size_t begin = points_.empty() ? 0 : points_.size() - 1;
      append_line(graph, stretch, points_);
      if (length_cm(stretch) > 0 || path.stretches.size() == 1)
        legs_.push_back({stretch, begin, points_.size() - 1, segment});
    }
    if (legs_.empty() && !path.stretches.empty())
      legs_.push_back({path.stretches.front(), 0, points_.size() - 1, 0});
    if (!points_.empty()) flatten();
  }

  [[nodiscard]] std::vector<Step> steps() const {
    std::vector<Step> steps;
    if (legs_.empty()) return steps;
    const auto runs = split(runs_by_street());
    for (std::size_t i = 0; i < runs.size(); ++i)
      steps.push_back(step(i > 0 ? &runs[i - 1] : nullptr, runs[i]));
    const Run& last = runs.back();
    const auto in = back_from(legs_[last.last].end, legs_[last.first].begin);
    steps.push_back({steps.back().street, Maneuver::arrive, 0, in ? bearing_degrees(*in) : 0,
                     points_.back().degrees(), legs_.back().segment});
    return steps;
  }

  // Nothing can be told after this.
  [[nodiscard]] std::vector<Point> take_line() { return std::move(points_); }

 private:
  void flatten() {
    const Plane plane(points_.front().degrees());
    flat_.reserve(points_.size());
    for (const Point point : points_) flat_.push_back(plane.of(point));
  }

  [[nodiscard]] std::vector<Run> runs_by_street() const {
    std::vector<Run> runs;
    for (std::size_t i = 0; i < legs_.size(); ++i) {
      const EdgeId edge = legs_[i].stretch.edge;
      Run run{i, i, graph_.street_number(edge), is_unnamed(graph_.street(edge)),
              length_cm(legs_[i].stretch) / 100.0};
      absorb_into(run, runs);
      runs.push_back(run);
    }
    return runs;
  }

  // Takes the runs of the same street at the end of `runs` into `run`, and what is unnamed and short before
  // it.
  static void absorb_into(Run& run, std::vector<Run>& runs) {
    double between_m = 0;
    for (std::size_t i = runs.size(); i-- > 0;) {
      const Run& before = runs[i];
      if (before.street == run.street) {
        run.first = before.first;
        run.length_m += between_m + before.length_m;
        runs.resize(i);
        return;
      }
      between_m += before.length_m;
      if (run.unnamed || !before.unnamed || between_m >= absorbed_m) return;
    }
  }

  [[nodiscard]] std::vector<Run> split(const std::vector<Run>& runs) const {
    std::vector<Run> parts;
    for (const Run& run : runs) {
      Run part{run.first, run.first, run.street, run.unnamed, length_of(run.first)};
      for (std::size_t i = run.first + 1; i <= run.last; ++i) {
        if (turns_within(run, i)) {
          parts.push_back(part);
          part = {i, i, run.street, run.unnamed, 0};
        }
        part.last = i;
        part.length_m += i == run.first ? 0 : length_of(i);
      }
      parts.push_back(part);
    }
    return parts;
  }

  [[nodiscard]] double length_of(std::size_t leg) const { return length_cm(legs_[leg].stretch) / 100.0; }

  [[nodiscard]] bool turns_within(const Run& run, std::size_t leg) const {
    if (turned_back(leg)) return true;
    const Stretch& before = legs_[leg - 1].stretch;
    const Edge& edge = graph_.edge(before.edge);
    if (graph_.links(before.along ? edge.target : edge.source).size() <= 2) return false;
    return bends(legs_[leg].begin, legs_[run.first].begin, legs_[run.last].end);
  }
  // Whether the angle there is slight_below or more. By the cosine, which most angles are far enough from.
  [[nodiscard]] bool bends(std::size_t at, std::size_t from, std::size_t to) const {
    static const double cosine_of_slight = std::cos(slight_below * std::numbers::pi / 180);
    constexpr double rounding = 1e-9;
    const auto in = back_from(at, from);
    const auto out = in ? ahead_of(at, to) : std::nullopt;
    if (!out) return false;
    const double cosine = dot(*in, *out) / std::sqrt(dot(*in, *in) * dot(*out, *out));
    if (std::abs(cosine - cosine_of_slight) > rounding) return cosine < cosine_of_slight;
    return std::abs(turn_degrees(*in, *out)) >= slight_below;
  }
  [[nodiscard]] bool turned_back(std::size_t leg) const {
    return leg > 0 && legs_[leg].stretch.edge == legs_[leg - 1].stretch.edge &&
           legs_[leg].stretch.along != legs_[leg - 1].stretch.along;
  }

  [[nodiscard]] Step step(const Run* before, const Run& run) const {
    const Leg& first = legs_[run.first];
    const std::size_t at = first.begin;
    const auto out = ahead_of(at, legs_[run.last].end);
    const Maneuver maneuver =
        before == nullptr        ? Maneuver::depart
        : turned_back(run.first) ? Maneuver::u_turn
                                 : maneuver_of(angle_at(at, legs_[before->first].begin, legs_[run.last].end));
    return {graph_.street(named_edge(run)), maneuver,     run.length_m, out ? bearing_degrees(*out) : 0,
            points_[at].degrees(),          first.segment};
  }

  // An edge of the street that the run is called after.
  [[nodiscard]] EdgeId named_edge(const Run& run) const {
    for (std::size_t i = run.first; i <= run.last; ++i)
      if (graph_.street_number(legs_[i].stretch.edge) == run.street) return legs_[i].stretch.edge;
    return legs_[run.first].stretch.edge;
  }

  // To the right above zero; 0 where there is nothing to judge by.
  [[nodiscard]] double angle_at(std::size_t at, std::size_t from, std::size_t to) const {
    const auto in = back_from(at, from);
    const auto out = ahead_of(at, to);
    return in && out ? turn_degrees(*in, *out) : 0;
  }
  static double turn_degrees(Metres in, Metres out) {
    const double turn = bearing_degrees(out) - bearing_degrees(in);
    return turn > 180 ? turn - 360 : turn <= -180 ? turn + 360 : turn;
  }

  [[nodiscard]] std::optional<Metres> ahead_of(std::size_t at, std::size_t limit) const {
    return seen(at, limit, 1);
  }
  [[nodiscard]] std::optional<Metres> back_from(std::size_t at, std::size_t limit) const {
    const auto seen_back = seen(at, limit, -1);
    if (!seen_back) return std::nullopt;
    return Metres{-seen_back->east, -seen_back->north};
  }

  // From `at` to the place look_m along the line towards `limit`.
  [[nodiscard]] std::optional<Metres> seen(std::size_t at, std::size_t limit, int by) const {
    double left_m = look_m;
    Metres place = flat_[at];
    for (std::size_t i = at; i != limit && left_m > 0;) {
      const std::size_t next = by > 0 ? i + 1 : i - 1;
      const Metres piece = flat_[next] - flat_[i];
      const double piece_m = length(piece);
      const double part = std::min(1.0, left_m / piece_m);
      place = flat_[i] + Metres{piece.east * part, piece.north * part};
      left_m -= piece_m;
      i = next;
    }
    const Metres towards = place - flat_[at];
    if (dot(towards, towards) < 1e-4) return std::nullopt;
    return towards;
  }

  static Maneuver maneuver_of(double angle) {
    const double size = std::abs(angle);
    const bool to_right = angle > 0;
    if (size < straight_below) return Maneuver::straight;
    if (size < slight_below) return to_right ? Maneuver::slight_right : Maneuver::slight_left;
    if (size < turn_below) return to_right ? Maneuver::right : Maneuver::left;
    if (size < u_turn_from) return to_right ? Maneuver::sharp_right : Maneuver::sharp_left;
    return Maneuver::u_turn;
  }

  const RoadGraph& graph_;
  std::vector<Point> points_;
  std::vector<Metres> flat_;
  std::vector<Leg> legs_;
};

}  // namespace

std::string_view name_of(Maneuver maneuver) {
  switch (maneuver) {
    case Maneuver::depart:
      return "depart";
    case Maneuver::straight:
      return "straight";
    case Maneuver::slight_left:
      return "slight_left";
    case Maneuver::left:
      return "left";
    case Maneuver::sharp_left:
      return "sharp_left";
    case Maneuver::slight_right:
      return "slight_right";
    case Maneuver::right:
      return "right";
    case Maneuver::sharp_right:
      return "sharp_right";
    case Maneuver::u_turn:
      return "u_turn";
    case Maneuver::arrive:
      return "arrive";
  }
  return "";
}

std::vector<Step> steps_of(const RoadGraph& graph, const Path& path) {
  return Track(graph, path).steps();
}

Told tell(const RoadGraph& graph, const Path& path) {
  Track track(graph, path);
  std::vector<Step> steps = track.steps();
  return {track.take_line(), std::move(steps)};
}

std::vector<EdgeId> segments_of(const Path& path) {
  std::vector<EdgeId> edges;
  for (const Stretch& stretch : path.stretches)
    if (edges.empty() || edges.back() != stretch.edge) edges.push_back(stretch.edge);
  return edges;
}

bool is_unnamed(std::string_view street) {
  return street.empty() || street.starts_with("(unnamed");
}

}  // namespace diary::graph
