// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads trends, tags and coverage. Refuses nothing: its callers have checked the question.

#include "domain/statistics.hpp"
#include "pg/connection.hpp"

namespace diary {

class StatisticsStore {
 public:
  explicit StatisticsStore(pg::Connection& connection) : connection_(connection) {}

  [[nodiscard]] Date today();  // in the city
  // Nothing when the route is not there or not for the caller's eyes.
  [[nodiscard]] std::optional<std::string> route_name(const Uuid& route_id);
  [[nodiscard]] std::vector<TrendPoint> trend(const Uuid& route_id, const DateRange& days, int window_days);
  [[nodiscard]] std::optional<std::string> first_sample(const Uuid& route_id);  // a date
  [[nodiscard]] RouteTags tags(const Uuid& route_id, int top_n);

  [[nodiscard]] std::int64_t count_cells(const BBox& box, double cell_m);
  [[nodiscard]] std::vector<CoverageCell> coverage(const BBox& box, double cell_m);
  [[nodiscard]] std::int64_t count_segments(const BBox& box, std::int64_t up_to);
  [[nodiscard]] std::vector<Cluster> clusters(const BBox& box, int k);

 private:
  pg::Connection& connection_;
};

}  // namespace diary
