// SPDX-License-Identifier: Apache-2.0
#pragma once

// Streets whose true safety is known, rated by people with noise, leanings and habits: how often does the
// interval hold the truth? Deterministic for a seed.

#include <cstdint>
#include <string>
#include <vector>

namespace diary::test {

enum class Course { constant, slope, step, wander };

struct Scenario {
  std::string name;
  double ratings = 20;      // expected within 180 days
  double truth_low = 1.5;   // today's truth is drawn from here
  double truth_high = 4.5;  //
  Course course = Course::constant;
  double noise = 0.9;         // deviation of one rating of the same person
  double leaning = 0.4;       // deviation of people's persistent leanings
  int people = 0;             // who rate all of it; 0: everybody once
  double common_leaning = 0;  // of all who rate, alike: no data can show it
  double agree_votes = 0;     // expected, beside the ratings
  double safer_votes = 0;
};

[[nodiscard]] const std::vector<Scenario>& scenarios();

struct Coverage {
  std::string scenario;
  int streets = 0;
  double published = 0;          // share of streets whose interval holds the truth
  double constant_truth = 0;     // the narrower one that takes the truth for constant
  double votes_as_evidence = 0;  // the published one, were votes evidence like ratings
  double mean_width = 0;         // of the published one
  double bias = 0;               // mean of score - truth
  double rmse = 0;               // of the score
};

[[nodiscard]] Coverage simulate(const Scenario& scenario, int streets, std::uint64_t seed);

}  // namespace diary::test
