// SPDX-License-Identifier: Apache-2.0
// bench_traces EXTRACT.osm.pbf [WALKS]: how much of simulated walks over real streets is matched rightly.
#include <algorithm>
#include <cmath>
#include <ctime>

#include "graph/simulated_traces.hpp"
#include "network.hpp"

namespace diary::graph::bench {
namespace {

struct Case {
  const char* name;
  test::Receiver receiver;
  bool aimless = false;
  Profile profile = Profile::walk;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const double memory_s : {0.0, 30.0})
    for (const double noise_m : {5.0, 10.0, 20.0})
      all.push_back({memory_s > 0 ? "drifting" : "independent", {.noise_m = noise_m, .memory_s = memory_s}});
  for (const double noise_m : {5.0, 10.0, 20.0}) {
    all.push_back({"aimless", {.noise_m = noise_m}, true});
    all.push_back(
        {"outliers, gaps, rests", {.noise_m = noise_m, .outliers = 0.02, .gaps = 0.005, .standing = 0.01}});
    all.push_back({"bike", {.noise_m = noise_m, .m_per_s = 4.2}, false, Profile::bike});
    all.push_back({"each 30 s", {.noise_m = noise_m, .every_s = 30}});
  }
  return all;
}

// How often stretches of a confidence are right: by tenths.
struct Calibration {
  std::array<double, 10> said_m{};
  std::array<double, 10> right_m{};
  void add(const std::vector<Stretch>& truth, const Match& match) {
    for (const MatchedPart& part : match.parts)
      for (const MatchedStretch& s : part.stretches) {
        Match one;
        one.parts.push_back({{s}, 0, 0, 0});
        const auto score = test::compared(truth, one);
        const auto tenth = static_cast<std::size_t>(std::clamp(s.confidence * 10, 0.0, 9.0));
        said_m[tenth] += score.right_m + score.wrong_m;
        right_m[tenth] += score.right_m;
      }
  }
};

void measure(const RoadGraph& graph, const SnapIndex& index, const Case& c, int walks,
             Calibration& calibration) {
  test::Random random(test::Random(99));
  test::Score score;
  double us = 0;
  double slowest = 0;
  double sigma = 0;
  std::size_t points = 0;
  std::size_t breaks = 0;
  std::size_t outside = 0;
  for (int i = 0; i < walks; ++i) {
    const auto truth = c.aimless ? test::aimless_walk(graph, c.profile, 1500, random)
                                 : test::purposeful_walk(graph, c.profile, random.between(800, 3000), random);
    const auto trace = test::recorded(graph, truth, c.receiver, random);
    if (trace.size() > max_trace_points) continue;
    MatchOptions options;
    options.profile = c.profile;
    if (const char* given = std::getenv("SIGMA")) options.sigma_m = std::atof(given);
    if (const char* given = std::getenv("BETA")) options.beta_m = std::atof(given);
    if (const char* given = std::getenv("TURN")) options.turning_back = std::atof(given);
    if (const char* given = std::getenv("CANDIDATES"))
      options.candidates = static_cast<std::size_t>(std::atoi(given));
    const auto begin = std::clock();
    const auto match = graph::match(graph, index, trace, options);
    const auto took_us = static_cast<double>(std::clock() - begin);
    us += took_us;
    slowest = std::max(slowest, took_us / static_cast<double>(trace.size()));
    points += trace.size();
    breaks += match->breaks.size();
    outside += match->left_out;
    sigma += match->sigma_m;
    score += test::compared(truth, *match);
    calibration.add(truth, *match);
  }
  std::printf(
      "%-24s %4.0f m  right %5.1f %%  wrong %5.1f %%  %5.1f us/point (worst walk %5.0f)  %zu points, %zu "
      "breaks, %zu left out, sigma %.1f\n",
      c.name, c.receiver.noise_m, 100 * score.right_m / score.truth_m, 100 * score.wrong_m / score.truth_m,
      us / static_cast<double>(points), slowest, points, breaks, outside, sigma / walks);
}

void measure(const std::filesystem::path& path, int walks) {
  const RoadGraph graph(diary::bench::read_network(path), {});
  const SnapIndex index(graph);
  Calibration calibration;
  for (const Case& c : cases()) measure(graph, index, c, walks, calibration);
  std::puts("confidence: share of the length that is right");
  for (std::size_t i = 0; i < 10; ++i)
    std::printf(
        "  %.1f to %.1f: %5.1f %% of %.0f km\n", static_cast<double>(i) / 10, static_cast<double>(i + 1) / 10,
        100 * calibration.right_m[i] / std::max(1.0, calibration.said_m[i]), calibration.said_m[i] / 1000);
}

}  // namespace
}  // namespace diary::graph::bench

int main(int count, char** words) {
  if (count < 2) return std::fputs("bench_traces EXTRACT.osm.pbf [WALKS]\n", stderr), 2;
  diary::graph::bench::measure(words[1], count > 2 ? std::atoi(words[2]) : 200);
}
