// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ways from one place to another, over the scores of one moment: where the places lie on the network, the
// cheapest route at a weight, another beside it, and all that are the cheapest at some weight. Values in,
// values out; which graph is asked is the caller's.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/result.hpp"
#include "graph/directions.hpp"
#include "graph/engine.hpp"

namespace diary {

namespace limits {
inline constexpr std::size_t max_curve_routes = 200;  // of one answer
}

using EnginePtr = std::shared_ptr<const graph::Engine>;

struct RoutingLimits {
  double max_route_m = 10'000;  // between the ends, as the crow flies
  double snap_reach_m = 250;
  std::chrono::milliseconds time{2000};

  [[nodiscard]] static RoutingLimits of(const Config& config) {
    return {static_cast<double>(config.max_route_m), static_cast<double>(config.snap_reach_m),
            std::chrono::milliseconds{config.route_time_ms}};
  }
};

// Asked between one search and the next: why not to go on, if so.
using MayGoOn = std::function<std::optional<Error>()>;

// That says no once `time` has passed.
[[nodiscard]] MayGoOn within(std::chrono::milliseconds time);

struct RouteQuestion {
  LngLat origin{};
  LngLat destination{};
  graph::Profile profile = graph::Profile::walk;
  double weight = 0.5;
  bool include_alternative = false;
  bool curve = false;
};

struct CurveRoute {
  double from_weight = 0;
  double to_weight = graph::max_weight;
  double penalty_m = 0;  // what a weight of 1 adds to its length
  graph::Description route;
};

struct RouteAnswer {
  EnginePtr engine;  // whose texts the rest points to
  graph::Place origin;
  graph::Place destination;
  graph::Description primary;
  std::optional<graph::Description> alternative;
  std::vector<CurveRoute> curve;  // empty unless asked for
  std::size_t curve_total = 0;    // how many there are; `curve` has at most limits::max_curve_routes of them
  std::chrono::nanoseconds computation_time{};
};

// Errors: unprocessable (too far apart, or too far from any street), no_route, unavailable (no graph yet, or
// no time left).
[[nodiscard]] Result<RouteAnswer> calculate_route(EnginePtr engine, const RouteQuestion& question,
                                                  const RoutingLimits& limits, const MayGoOn& may_go_on);

// What is said while there is no graph.
[[nodiscard]] Error no_graph_yet();

// The nearest place on the part of the network that hangs together, else on any; the nearest within
// `reach_m`.
[[nodiscard]] std::optional<graph::Place> snap(const graph::Engine& engine, LngLat at, graph::Profile profile,
                                               double reach_m);

// A field that is no nearer to any street than `reach_m`.
[[nodiscard]] FieldError off_street(const char* field, LngLat at, double reach_m);

// Which of `total` items stand for all of them when there is room for `most`: the first, the last, and what
// lies between at even steps.
[[nodiscard]] std::vector<std::size_t> thinned(std::size_t total, std::size_t most);

}  // namespace diary
