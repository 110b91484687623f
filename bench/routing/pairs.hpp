// SPDX-License-Identifier: Apache-2.0
#pragma once

// Answers to given questions, for comparison with other programs on the same streets. An unknown segment or
// junction and lines of another form are thrown.

#include <boost/json/array.hpp>
#include <filesystem>
#include <vector>

#include "graph/street.hpp"

namespace diary::bench {

struct Questions {
  std::filesystem::path pairs;   // lines of two junctions
  std::filesystem::path scores;  // lines of a segment's id and its score; the others are unrated
  double weight = 0.5;
};

// For each pair, walking: us (the median of five rounds over all pairs), cost_m, length_m; null: no way.
[[nodiscard]] boost::json::array answer_pairs(std::vector<graph::Street> streets, const Questions& questions);

// `questions`: lines of longitude and latitude, twice, and a weight; places are the nearest within the
// server's usual 250 m. `scores` as above. For each, walking: what the cheapest way costs in metres by plain
// Dijkstra; null: no way.
[[nodiscard]] boost::json::array answer_by_dijkstra(std::vector<graph::Street> streets,
                                                    const std::filesystem::path& questions,
                                                    const std::filesystem::path& scores);

}  // namespace diary::bench
