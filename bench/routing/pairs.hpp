// SPDX-License-Identifier: Apache-2.0
#pragma once

// The engine's answers to given questions, for comparison with other programs on the same streets.

#include <boost/json/array.hpp>
#include <filesystem>
#include <vector>

#include "graph/street.hpp"

namespace diary::bench {

// An unknown segment or junction and lines of another form are thrown.
struct Questions {
  std::filesystem::path pairs;   // lines of two junctions
  std::filesystem::path scores;  // lines of a segment's id and its score; the others are unrated
  double weight = 0.5;
};

// For each pair, walking: us (the median of five rounds over all pairs), cost_m, length_m; null: no way.
[[nodiscard]] boost::json::array answer_pairs(std::vector<graph::Street> streets, const Questions& questions);

}  // namespace diary::bench
