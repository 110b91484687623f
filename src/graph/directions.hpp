// SPDX-License-Identifier: Apache-2.0
#pragma once

// A path in words and figures: what it is made of, what costs most on it, what it goes around. Texts are the
// graph's and live as long as it does.

#include <functional>
#include <string_view>
#include <vector>

#include "graph/path.hpp"
#include "graph/road_graph.hpp"
#include "graph/steps.hpp"

namespace diary::graph {

using ScoreOf = std::function<double(EdgeId)>;  // 1..5, of one moment

inline constexpr std::size_t most_worst_segments = 5;
inline constexpr std::size_t most_avoided_streets = 10;

struct CostlySegment {
  std::string_view id;
  std::string_view street;
  double length_m = 0;  // that is gone along
  double score = 0;
  double cost_m = 0;  // what its score adds at the weight
};

struct AvoidedStreet {
  std::string_view street;
  double length_m = 0;
  double score = 0;  // mean by length
};

// What the shortest path has and this one has not; empty where they are the same.
struct Avoided {
  std::vector<AvoidedStreet> streets;  // those with the most length * (5 - score) first
  double shorter_m = 0;                // how much shorter the shortest is, all in all
};

struct Description {
  std::vector<std::string_view> segment_ids;  // one that comes twice in a row is here once
  std::vector<LngLat> geometry;               // to 7 decimals
  double length_m = 0;
  double duration_s = 0;
  double avg_safety = 0;  // by length
  double min_safety = 0;
  double cost_m = 0;
  std::vector<Step> steps;
  std::vector<CostlySegment> worst_segments;  // the costliest first; none whose score is 5
  Avoided avoided;
};

[[nodiscard]] double metres_per_second(Profile profile);  // 5 km/h, 15 km/h

// `shortest`: the path at weight 0 of the same question, for what is avoided; or none.
[[nodiscard]] Description describe(const RoadGraph& graph, const Path& path, Profile profile, double weight,
                                   const ScoreOf& score_of, const Path* shortest = nullptr);

}  // namespace diary::graph
