// SPDX-License-Identifier: Apache-2.0
#pragma once

// What lies within a cost of a place, and which streets a recorded trace was walked along. Nothing of a trace
// is kept.

#include <chrono>
#include <vector>

#include "app/routing.hpp"
#include "graph/isochrone.hpp"
#include "graph/matching.hpp"

namespace diary {

struct ReachQuestion {
  LngLat origin{};
  graph::Profile profile = graph::Profile::walk;
  double weight = 0;
  double budget_m = 0;  // of length + weight * penalty
};

struct ReachAnswer {
  graph::Place origin;
  std::string segment_id;  // the origin's
  graph::Isochrone reached;
  std::chrono::nanoseconds computation_time{};
};

// Errors: unprocessable (too far from any street), unavailable (no graph yet, or no time left).
[[nodiscard]] Result<ReachAnswer> find_reach(const EnginePtr& engine, const ReachQuestion& question,
                                             const RoutingLimits& limits, const MayGoOn& may_go_on);

struct TraceQuestion {
  std::vector<graph::TracePoint> points;
  graph::Profile profile = graph::Profile::walk;
};

struct TraceAnswer {
  EnginePtr engine;  // which the match's edges are of
  graph::Match match;
  std::chrono::nanoseconds computation_time{};
};

// Errors: validation (too many points), unavailable.
[[nodiscard]] Result<TraceAnswer> match_trace(EnginePtr engine, const TraceQuestion& question,
                                              const MayGoOn& may_go_on);

}  // namespace diary
