// SPDX-License-Identifier: Apache-2.0
#include "statistics/simulation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "domain/interval.hpp"

namespace diary::test {
namespace {

constexpr double days = 180;
constexpr double half_life = 21;

// The engine is specified bit by bit, the standard distributions are not.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  double unit() { return (static_cast<double>(engine_() >> 11U) + 0.5) * 0x1p-53; }
  double normal() { return std::sqrt(-2 * std::log(unit())) * std::cos(2 * std::numbers::pi * unit()); }
  int poisson(double mean) {
    int n = 0;
    for (double t = -std::log(unit()); t < mean; t -= std::log(unit())) ++n;
    return n;
  }

 private:
  std::mt19937_64 engine_;
};

double clamp(double value) {
  return std::clamp(value, 1.0, 5.0);
}

// What people feel on average `age` days ago.
class Street {
 public:
  Street(const Scenario& scenario, Dice& dice) : course_(scenario.course) {
    today_ = scenario.truth_low + (scenario.truth_high - scenario.truth_low) * dice.unit();
    turn_ = dice.unit() < 0.5 ? -1 : 1;
    if (course_ == Course::wander) {
      path_.push_back(today_);
      for (int day = 1; day <= static_cast<int>(days); ++day)
        path_.push_back(clamp(path_.back() + 0.08 * dice.normal()));
    }
  }
  [[nodiscard]] double feeling(double age) const {
    switch (course_) {
      case Course::constant:
        return today_;
      case Course::slope:
        return clamp(today_ - turn_ * age / 90);  // a point in 90 days
      case Course::step:
        return clamp(today_ - (age > 14 ? turn_ : 0));  // a point, two weeks ago
      case Course::wander:
        return path_[static_cast<std::size_t>(age)];
    }
    return today_;
  }

 private:
  Course course_;
  double today_ = 3;
  double turn_ = 1;
  std::vector<double> path_;
};

// The mean of all ratings that everybody would give: whole stars from 1 to 5 cut the extremes off.
double mean_of_everybody(double feeling, double deviation) {
  double mean = 1;
  for (int star = 1; star < 5; ++star)
    mean += 0.5 * std::erfc((star + 0.5 - feeling) / deviation / std::numbers::sqrt2);
  return mean;
}

struct Sums {
  double w = 0, s = 0, q = 0, w2 = 0;
  void add(double weight, double value) {
    w += weight;
    s += weight * value;
    q += weight * value * value;
    w2 += weight * weight;
  }
  void fade(double by) {
    w *= by;
    s *= by;
    q *= by;
    w2 *= by * by;
  }
  [[nodiscard]] double score() const { return (prior::mean * prior::weight + s) / (prior::weight + w); }
};

enum class Kind { rating, agree, safer };
struct Event {
  double age;
  Kind kind;
};

std::vector<Event> draw_events(const Scenario& scenario, Dice& dice) {
  std::vector<Event> events;
  const auto add = [&](double expected, Kind kind) {
    for (int n = dice.poisson(expected); n > 0; --n) events.push_back({dice.unit() * days, kind});
  };
  add(scenario.ratings, Kind::rating);
  add(scenario.agree_votes, Kind::agree);
  add(scenario.safer_votes, Kind::safer);
  std::ranges::sort(events, std::ranges::greater{}, &Event::age);
  return events;
}

struct Outcome {
  Sums all;
  Sums ratings;
  double truth = 0;
};

Outcome live_through(const Scenario& scenario, Dice& dice) {
  const Street street(scenario, dice);
  std::vector<double> regulars;
  for (int i = 0; i < scenario.people; ++i) regulars.push_back(scenario.leaning * dice.normal());
  Outcome outcome;
  double before = days;
  for (const Event& event : draw_events(scenario, dice)) {
    const double fade = std::exp2((event.age - before) / half_life);
    outcome.all.fade(fade);
    outcome.ratings.fade(fade);
    before = event.age;
    double value = outcome.all.score();
    if (event.kind == Kind::safer) value = std::min(value + 1, 5.0);
    if (event.kind == Kind::rating) {
      const double leaning = regulars.empty()
                                 ? scenario.leaning * dice.normal()
                                 : regulars[static_cast<std::size_t>(dice.unit() * scenario.people)];
      const double felt =
          street.feeling(event.age) + scenario.common_leaning + leaning + scenario.noise * dice.normal();
      value = clamp(std::round(felt));
      outcome.ratings.add(1, value);
    }
    outcome.all.add(1, value);
  }
  const double fade = std::exp2(-before / half_life);
  outcome.all.fade(fade);
  outcome.ratings.fade(fade);
  outcome.truth = mean_of_everybody(street.feeling(0), std::hypot(scenario.noise, scenario.leaning));
  return outcome;
}

bool holds(const Interval& interval, double truth) {
  return interval.low <= truth && truth <= interval.high;
}

// Were the truth constant, an old rating would be as good as a new one and only the weights' inequality
// would cost: the mean's variance is s^2 (n0 + sum w^2) / (n0 + sum w)^2.
Interval for_constant_truth(double score, const Sums& ratings) {
  Interval interval = interval_95(score, {ratings.w, ratings.s, ratings.q});
  const double variance = interval.standard_error * interval.standard_error * (prior::weight + ratings.w);
  interval.standard_error = std::sqrt(variance * (prior::weight + ratings.w2)) / (prior::weight + ratings.w);
  const double reach = student_quantile(0.975, interval.freedom) * interval.standard_error;
  interval.low = std::max(1.0, score - reach);
  interval.high = std::min(5.0, score + reach);
  return interval;
}

}  // namespace

const std::vector<Scenario>& scenarios() {
  static const std::vector<Scenario> all = {
      {.name = "no ratings", .ratings = 0},
      {.name = "sparse", .ratings = 6},
      {.name = "usual", .ratings = 30},
      {.name = "dense", .ratings = 200},
      {.name = "sparse, ordinary streets", .ratings = 6, .truth_low = 2.3, .truth_high = 3.7},
      {.name = "sparse, bad streets", .ratings = 6, .truth_low = 1, .truth_high = 1.5},
      {.name = "usual, bad streets", .ratings = 30, .truth_low = 1, .truth_high = 1.5},
      {.name = "usual, slope of 1 in 90 days", .ratings = 30, .course = Course::slope},
      {.name = "dense, slope of 1 in 90 days", .ratings = 200, .course = Course::slope},
      {.name = "usual, step of 1 two weeks ago", .ratings = 30, .course = Course::step},
      {.name = "dense, step of 1 two weeks ago", .ratings = 200, .course = Course::step},
      {.name = "usual, wandering", .ratings = 30, .course = Course::wander},
      {.name = "dense, wandering", .ratings = 200, .course = Course::wander},
      {.name = "usual, three regulars", .ratings = 30, .leaning = 0.7, .people = 3},
      {.name = "dense, three regulars", .ratings = 200, .leaning = 0.7, .people = 3},
      {.name = "dense, all lean by 0.5", .ratings = 200, .common_leaning = 0.5},
      {.name = "sparse, 50 agree", .ratings = 6, .agree_votes = 50},
      {.name = "usual, 50 agree", .ratings = 30, .agree_votes = 50},
      {.name = "usual, 10 safer", .ratings = 30, .safer_votes = 10},
  };
  return all;
}

Coverage simulate(const Scenario& scenario, int streets, std::uint64_t seed) {
  Dice dice(seed);
  Coverage sum{.scenario = scenario.name, .streets = streets};
  for (int i = 0; i < streets; ++i) {
    const Outcome outcome = live_through(scenario, dice);
    const double score = outcome.all.score();
    const Interval published = interval_95(score, {outcome.ratings.w, outcome.ratings.s, outcome.ratings.q});
    sum.published += holds(published, outcome.truth);
    sum.constant_truth += holds(for_constant_truth(score, outcome.ratings), outcome.truth);
    sum.votes_as_evidence +=
        holds(interval_95(score, {outcome.all.w, outcome.all.s, outcome.all.q}), outcome.truth);
    sum.mean_width += published.high - published.low;
    sum.bias += score - outcome.truth;
    sum.rmse += (score - outcome.truth) * (score - outcome.truth);
  }
  for (double* mean :
       {&sum.published, &sum.constant_truth, &sum.votes_as_evidence, &sum.mean_width, &sum.bias, &sum.rmse})
    *mean /= streets;
  sum.rmse = std::sqrt(sum.rmse);
  return sum;
}

}  // namespace diary::test
