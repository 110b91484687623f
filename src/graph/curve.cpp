// SPDX-License-Identifier: Apache-2.0
#include "graph/curve.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace diary::graph {
namespace {

// The one at which both cost the same.
Scale break_even(const Path& shorter, const Path& safer) {
  auto a = static_cast<std::int64_t>(shorter.penalty - safer.penalty);
  auto b = static_cast<std::int64_t>(safer.length_cm - shorter.length_cm);
  const std::int64_t divisor = std::gcd(a, b);
  a /= divisor;
  b /= divisor;
  // Beyond about 1,000 km exact fractions would not leave 64 bits room for the costs: a weight beside it.
  constexpr std::int64_t widest = std::int64_t{1} << 30;
  while (a > widest) {
    a /= 2;
    b /= 2;
  }
  return {a, b};
}

double break_even_weight(const Path& shorter, const Path& safer) {
  return static_cast<double>(penalty_unit) * static_cast<double>(safer.length_cm - shorter.length_cm) /
         static_cast<double>(shorter.penalty - safer.penalty);
}

// Whether `middle` lies on the line between its neighbours: cheapest at one weight only.
bool is_between(const Path& first, const Path& middle, const Path& last) {
  const auto less = [](std::uint64_t a, std::uint64_t b) { return static_cast<std::int64_t>(b - a); };
  return less(first.length_cm, middle.length_cm) * less(last.penalty, middle.penalty) >=
         less(middle.length_cm, last.length_cm) * less(middle.penalty, first.penalty);
}

class Curve {
 public:
  explicit Curve(Search& search) : search_(search) {}

  std::vector<CurvePoint> run() {
    begin();
    if (corners_.empty()) return {};
    leave_out_between();
    if (corners_.size() > 1)
      for (Path& path : search_.cheaper(break_evens())) insert(std::move(path));
    leave_out_between();
    return points();
  }

 private:
  // The shortest, the safest, and some between, where distances to the target are exact or as near to that as
  // any: such a search goes straight there, and costs less alone than beside others.
  void begin() {
    if (auto path = search_.shortest()) insert(std::move(*path));
    for (const double weight : {0.4, 1.0, 2.2, max_weight})
      if (auto path = search_.run(coarse(weight))) insert(std::move(*path));
  }

  // Few digits, so that costs stay small.
  static Scale coarse(double weight) {
    constexpr std::int64_t digits = 64;
    return {digits * penalty_unit, std::llround(weight * static_cast<double>(digits))};
  }

  // Paths of equal cost at the ends of the weights, and what lies behind them, make no corner.
  void insert(Path path) {
    const auto at = std::ranges::lower_bound(corners_, path.length_cm, {}, &Path::length_cm);
    if (at != corners_.end() && at->length_cm == path.length_cm) {
      if (path.penalty < at->penalty) *at = std::move(path);
      return;
    }
    if (at != corners_.begin() && std::prev(at)->penalty <= path.penalty) return;
    if (at != corners_.end() && at->penalty >= path.penalty) {
      *at = std::move(path);
      return;
    }
    corners_.insert(at, std::move(path));
  }

  void leave_out_between() {
    for (std::size_t i = 1; i + 1 < corners_.size();) {
      if (!is_between(corners_[i - 1], corners_[i], corners_[i + 1])) {
        ++i;
        continue;
      }
      corners_.erase(corners_.begin() + static_cast<std::ptrdiff_t>(i));
      i = std::max<std::size_t>(i - 1, 1);
    }
  }

  // Where neighbours cost the same. Whatever is missing costs less at one of these, because there is the
  // cheapest known path dearest beside its chords.
  [[nodiscard]] std::vector<Search::Question> break_evens() const {
    std::vector<Search::Question> questions;
    for (std::size_t i = 0; i + 1 < corners_.size(); ++i) {
      const Scale scale = break_even(corners_[i], corners_[i + 1]);
      questions.push_back({scale, std::min(scale.of(corners_[i]), scale.of(corners_[i + 1]))});
    }
    return questions;
  }

  std::vector<CurvePoint> points() {
    std::vector<CurvePoint> points;
    for (std::size_t i = 0; i < corners_.size(); ++i) {
      const double from = i == 0 ? 0 : points.back().to_weight;
      const double to =
          i + 1 == corners_.size() ? max_weight : break_even_weight(corners_[i], corners_[i + 1]);
      points.push_back({std::move(corners_[i]), from, to});
    }
    return points;
  }

  Search& search_;
  std::vector<Path> corners_;
};

}  // namespace

std::vector<CurvePoint> trade_off_curve(Search& search) {
  return Curve(search).run();
}

}  // namespace diary::graph
