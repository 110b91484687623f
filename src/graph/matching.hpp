// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which streets a recorded trace was walked along: a hidden Markov model after Newson and Krumm, "Hidden
// Markov Map Matching Through Noise and Sparseness" (2009). A state is a place on an edge near the point and
// a direction along it. With d the distance of point and place and R the way between the places of
// neighbouring points,
//     log emission   = -d^2 / (2 sigma^2)
//     log transition = -(0.95 * (R - D') + 0.05 * |R - D|) / beta, less a price where one turns back
// D being the distance between the points, D' that between the places. (Theirs has D alone. But a noisy
// zigzag is longer than any way, and then detours are rewarded: at 20 m of noise they wrongly added a third
// to the walks.) The likeliest chain (Viterbi) is what was walked, the shortest way between its places,
// through tunnels too. Before, points that noise does not tell apart are taken together.

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "graph/path.hpp"
#include "graph/road_graph.hpp"
#include "graph/snap_index.hpp"

namespace diary::graph {

inline constexpr std::size_t max_trace_points = 2'000;

// The order of the points is the order in which they were walked. Times only tell what was too fast; where
// they are absent or do not rise from one point to the next, nothing is concluded from them.
struct TracePoint {
  LngLat at{};
  std::optional<double> time_s{};
};

struct MatchOptions {
  Profile profile = Profile::walk;
  double sigma_m = 0;          // of the points along each axis; 0: estimated from the trace
  double beta_m = 0;           // 0: in proportion to sigma
  std::size_t candidates = 8;  // for each point, 1..16
  double turning_back = 4;     // its price, in units of log likelihood
  double fastest_m_per_s = 50;
  double longest_gap_m = 3'000;
  std::size_t effort = 10'000'000;  // junctions looked at in all; a few seconds
};

struct MatchedStretch {
  Stretch stretch;
  double covered = 0;  // of the edge's length
  // The posterior probability (forward-backward) that the trace was on this edge: the mean over the points
  // matched to it, and where there are none, that of the step that leads over it.
  double confidence = 0;
};

struct MatchedPart {
  std::vector<MatchedStretch> stretches;
  std::size_t first_point = 0;  // of the trace
  std::size_t last_point = 0;
  double length_m = 0;
};

enum class Break {
  no_street,  // several points in a row have none near
  no_route,   // none that is not absurdly long
  too_fast,
  too_far,  // a gap
  effort
};
[[nodiscard]] std::string_view name_of(Break reason);

struct TraceBreak {
  std::size_t after_point = 0;
  Break reason{};
};

struct Match {
  std::vector<MatchedPart> parts;
  std::vector<TraceBreak> breaks;
  double sigma_m = 0;        // that was used
  std::size_t left_out = 0;  // points that are no places or lie where nobody can have been
};

// Refused: more than max_trace_points. No points, or none near a street: no parts.
[[nodiscard]] Result<Match> match(const RoadGraph& graph, const SnapIndex& places,
                                  std::span<const TracePoint> points, const MatchOptions& options);

}  // namespace diary::graph
