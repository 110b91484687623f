// SPDX-License-Identifier: Apache-2.0
#include "store/statistics_store.hpp"

#include "sql/queries.hpp"

namespace diary {

Date StatisticsStore::today() {
  return parse_date(connection_.run(sql::statistics::today).text(0, 0)).value();
}

std::optional<std::string> StatisticsStore::route_name(const Uuid& route_id) {
  const auto rows = connection_.run(sql::statistics::route, {route_id.text()});
  return rows.empty() ? std::nullopt : std::optional(rows.str(0, 0));
}

std::vector<TrendPoint> StatisticsStore::trend(const Uuid& route_id, const DateRange& days, int window_days) {
  const auto rows = connection_.run(sql::statistics::trend,
                                    {route_id.text(), to_text(days.start), to_text(days.end), window_days});
  std::vector<TrendPoint> points;
  for (int i = 0; i < rows.size(); ++i) {
    TrendPoint point{.date = rows.str(i, 0),
                     .mean_rating = rows.str(i, 1),
                     .std_error = rows.opt(i, 2),
                     .confidence = rows.str(i, 3),
                     .n_samples = rows.integer(i, 4),
                     .change = std::nullopt};
    if (rows.integer(i, 5) >= limits::least_compared) {
      point.change = rows.real(i, 6);
      point.change_error = rows.real(i, 7);
    }
    points.push_back(std::move(point));
  }
  return points;
}

std::optional<std::string> StatisticsStore::first_sample(const Uuid& route_id) {
  return connection_.run(sql::statistics::first_sample, {route_id.text()}).opt(0, 0);
}

RouteTags StatisticsStore::tags(const Uuid& route_id, int top_n) {
  const auto rows = connection_.run(sql::statistics::tags, {route_id.text(), top_n});
  RouteTags found;
  found.total_ratings = rows.integer(0, 0);
  for (int i = 0; i < rows.size() && !rows.is_null(i, 1); ++i)
    found.tags.push_back({rows.str(i, 1), rows.integer(i, 2), rows.str(i, 3)});
  return found;
}

std::int64_t StatisticsStore::count_cells(const BBox& box, double cell_m) {
  return connection_.run(sql::statistics::coverage_cells, {box.west, box.south, box.east, box.north, cell_m})
      .integer(0, 0);
}

std::vector<CoverageCell> StatisticsStore::coverage(const BBox& box, double cell_m) {
  const auto rows =
      connection_.run(sql::statistics::coverage, {box.west, box.south, box.east, box.north, cell_m});
  std::vector<CoverageCell> cells;
  cells.reserve(static_cast<std::size_t>(rows.size()));
  for (int i = 0; i < rows.size(); ++i)
    cells.push_back({rows.str(i, 0), rows.str(i, 1), rows.str(i, 2), rows.str(i, 3), rows.str(i, 4),
                     rows.str(i, 5), rows.str(i, 6)});
  return cells;
}

std::int64_t StatisticsStore::count_segments(const BBox& box, std::int64_t up_to) {
  return connection_.run(sql::statistics::segments_in, {box.west, box.south, box.east, box.north, up_to})
      .integer(0, 0);
}

std::vector<Cluster> StatisticsStore::clusters(const BBox& box, int k) {
  const auto rows = connection_.run(sql::statistics::clusters, {box.west, box.south, box.east, box.north, k});
  std::vector<Cluster> found;
  for (int i = 0; i < rows.size(); ++i)
    found.push_back({rows.str(i, 0), rows.str(i, 1), rows.str(i, 2), rows.str(i, 3), rows.str(i, 4)});
  return found;
}

}  // namespace diary
