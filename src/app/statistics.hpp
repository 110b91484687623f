// SPDX-License-Identifier: Apache-2.0
#pragma once

// Trend and tags of a route, coverage of a box, and why a segment's score is what it is. The connection is in
// a transaction that acts for the caller.

#include "domain/explanation.hpp"
#include "domain/statistics.hpp"
#include "pg/connection.hpp"

namespace diary {

// Errors: validation, not_found.
[[nodiscard]] Result<Trend> route_trend(pg::Connection& connection, const TrendQuery& query);

// Errors: not_found.
[[nodiscard]] Result<RouteTags> route_tags(pg::Connection& connection, const Uuid& route_id, int top_n);

// Errors: unprocessable for a box that is too large or has too many cells.
[[nodiscard]] Result<std::vector<CoverageCell>> coverage(pg::Connection& connection, const BBox& box,
                                                         double cell_m);

// Errors: unprocessable for a box that is too large or holds too much.
[[nodiscard]] Result<std::vector<Cluster>> coverage_clusters(pg::Connection& connection, const BBox& box,
                                                             int k);

// As of `at`, or of now. Errors: not_found.
[[nodiscard]] Result<Explanation> explain_score(pg::Connection& connection, const std::string& segment_id,
                                                const std::optional<Time>& at);

}  // namespace diary
