// SPDX-License-Identifier: Apache-2.0
#include "app/statistics.hpp"

#include <fmt/format.h>

#include "app/saved_routes.hpp"
#include "store/explanation_store.hpp"
#include "store/statistics_store.hpp"

namespace diary {
namespace {

std::optional<Error> too_large(const BBox& box) {
  const double area = area_m2(box);
  if (area <= limits::max_box_m2) return std::nullopt;
  return Error{Errc::unprocessable, fmt::format("the box measures {:.1f} km²; at most {:.0f} are possible",
                                                area / 1e6, limits::max_box_m2 / 1e6)};
}

}  // namespace

Result<Trend> route_trend(pg::Connection& connection, const TrendQuery& query) {
  StatisticsStore store(connection);
  const auto days = trend_days(query, store.today());
  if (!days) return fail(days.error());
  auto name = store.route_name(query.route_id);
  if (!name) return no_route(query.route_id);
  Trend trend{query.route_id, std::move(*name), store.trend(query.route_id, *days, query.window_days), {}};
  trend.annotations = annotate(trend.points, *days, store.first_sample(query.route_id), query.window_days);
  return trend;
}

Result<RouteTags> route_tags(pg::Connection& connection, const Uuid& route_id, int top_n) {
  StatisticsStore store(connection);
  if (!store.route_name(route_id)) return no_route(route_id);
  return store.tags(route_id, top_n);
}

Result<std::vector<CoverageCell>> coverage(pg::Connection& connection, const BBox& box, double cell_m) {
  if (auto error = too_large(box)) return fail(std::move(*error));
  StatisticsStore store(connection);
  if (store.count_cells(box, cell_m) > limits::max_cells)
    return fail(Errc::unprocessable,
                fmt::format("the box would have over {} cells; make it smaller or grid_size greater",
                            limits::max_cells));
  return store.coverage(box, cell_m);
}

Result<std::vector<Cluster>> coverage_clusters(pg::Connection& connection, const BBox& box, int k) {
  if (auto error = too_large(box)) return fail(std::move(*error));
  StatisticsStore store(connection);
  if (store.count_segments(box, limits::max_clustered_segments + 1) > limits::max_clustered_segments)
    return fail(Errc::unprocessable, fmt::format("the box holds over {} segments; make it smaller",
                                                 limits::max_clustered_segments));
  return store.clusters(box, k);
}

Result<Explanation> explain_score(pg::Connection& connection, const std::string& segment_id,
                                  const std::optional<Time>& at) {
  auto found = ExplanationStore(connection).find(segment_id, at);
  if (!found) return fail(Errc::not_found, "there is no segment \"" + segment_id + "\"");
  return std::move(*found);
}

}  // namespace diary
