// SPDX-License-Identifier: Apache-2.0
#pragma once

// A recorded trace made ready for matching: without what cannot be, cut where it cannot be one, points that
// noise does not tell apart taken together.

#include <cmath>
#include <span>
#include <vector>

#include "graph/matching.hpp"

namespace diary::graph {

// Points that are taken as one.
struct PointGroup {
  LngLat at{};
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t count = 0;
  double sigma_m = 0;  // of the mean, along each axis
};

struct TraceSection {
  std::vector<PointGroup> groups;
  std::optional<Break> broken;  // why it ends before the trace does
};

struct CleanTrace {
  std::vector<TraceSection> sections;
  std::size_t left_out = 0;
};

// How the errors of a trace are, along each axis. Independent ones are averaged away, the others are not.
struct Noise {
  double independent_m = 0;
  double lasting_m = 0;
  double step_m = 0;  // from point to point, without the noise in it
  [[nodiscard]] double sigma_m() const { return std::hypot(independent_m, lasting_m); }
  [[nodiscard]] double sigma_m(std::size_t averaged) const {
    return std::sqrt(lasting_m * lasting_m + independent_m * independent_m / static_cast<double>(averaged));
  }
  // Points whose mean is worth more than they are one by one: noise falls, and blur grows, with their number.
  [[nodiscard]] std::size_t block() const;
};

// The independent part from the zigzag of the points. All of it is `sigma_m`; where that is 0, it is as much
// as `nearest_m`, the distances of the points to the nearest street, lets one think.
[[nodiscard]] Noise noise_of(std::span<const TracePoint> points, double sigma_m,
                             std::vector<double> nearest_m);

[[nodiscard]] CleanTrace clean(std::span<const TracePoint> points, const Noise& noise,
                               const MatchOptions& options);

[[nodiscard]] double distance_m(LngLat a, LngLat b);

}  // namespace diary::graph
