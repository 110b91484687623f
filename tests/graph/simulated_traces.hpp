// SPDX-License-Identifier: Apache-2.0
#pragma once

// Walks over a street graph and what a receiver would have recorded of them, and how much of the truth a
// match found.

#include <vector>

#include "graph/matching.hpp"
#include "graph/random_streets.hpp"

namespace diary::graph::test {

// From a random place to some junction about that far, by the way that is shortest to one who finds each edge
// a bit longer or shorter than it is; or by turning at random, never back unless it ends. Empty: nothing
// near.
[[nodiscard]] std::vector<Stretch> purposeful_walk(const RoadGraph& graph, Profile profile, double length_m,
                                                   Random& random);
[[nodiscard]] std::vector<Stretch> aimless_walk(const RoadGraph& graph, Profile profile, double length_m,
                                                Random& random);

struct Receiver {
  double noise_m = 10;  // deviation along each axis
  double memory_s = 0;  // in which the error falls to 1/e; 0: each point has its own
  double m_per_s = 1.4;
  double every_s = 5;
  double outliers = 0;  // share of points that lie 50 to 200 m off
  double gaps = 0;      // chance at each point that a minute and a half is missing
  double standing = 0;  // chance at each point of two minutes' rest
};

[[nodiscard]] std::vector<TracePoint> recorded(const RoadGraph& graph, const std::vector<Stretch>& walk,
                                               const Receiver& receiver, Random& random);

struct Score {
  double truth_m = 0;
  double right_m = 0;  // of the truth that was found, in whichever direction
  double wrong_m = 0;  // found, and not true
  void operator+=(const Score& other) {
    truth_m += other.truth_m;
    right_m += other.right_m;
    wrong_m += other.wrong_m;
  }
};
[[nodiscard]] Score compared(const std::vector<Stretch>& truth, const Match& match);

}  // namespace diary::graph::test
