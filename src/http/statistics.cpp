// SPDX-License-Identifier: Apache-2.0
#include "app/statistics.hpp"

#include <fmt/format.h>

#include "http/handlers.hpp"
#include "http/json_writer.hpp"
#include "http/on_db.hpp"
#include "http/problem.hpp"
#include "http/query.hpp"

namespace diary::http {
namespace {

constexpr int default_tags = 10;
constexpr double default_cell_m = 50;
constexpr int default_clusters = 8;

Result<TrendQuery> read_trend(const Request& request) {
  QueryReader reader(request);
  reader.require("route_id");
  TrendQuery query{.route_id = reader.uuid("route_id").value_or(Uuid{}),
                   .start = reader.date("start_date"),
                   .end = reader.date("end_date")};
  query.window_days =
      static_cast<int>(reader.integer("window_days", 1, limits::max_window_days).value_or(query.window_days));
  if (!reader.fine()) return fail(reader.error());
  return query;
}

void write_point(JsonObject& object, const TrendPoint& point) {
  object.text("date", point.date)
      .raw("mean_rating", point.mean_rating)
      .raw("std_error", point.std_error.value_or("null"))
      .raw("confidence", point.confidence)
      .raw("n_samples", std::to_string(point.n_samples));
}

void write_annotation(JsonObject& object, const Annotation& annotation) {
  object.text("date", annotation.date).text("label", annotation.label).text("type", annotation.type);
}

asio::awaitable<Reply> get_trend(Site& site, Request& request) {
  const auto query = read_trend(request);
  if (!query) co_return problem(query.error(), request);
  const auto use_case = [&](pg::Connection& c) { return route_trend(c, *query); };
  const auto trend = co_await on_db(site, request, use_case);
  if (!trend) co_return problem(trend.error(), request);
  Reply reply;
  JsonObject object(reply.body);
  object.text("route_id", trend->route_id.text()).text("route_name", trend->route_name);
  write_list(object, reply.body, "data_points", trend->points, write_point);
  write_list(object, reply.body, "annotations", trend->annotations, write_annotation);
  object.end();
  co_return reply;
}

void write_tag(JsonObject& object, const TagShare& share) {
  object.text("tag", share.tag).raw("count", std::to_string(share.count)).raw("percentage", share.percentage);
}

asio::awaitable<Reply> get_tags(Site& site, Request& request) {
  QueryReader reader(request);
  reader.require("route_id");
  const auto route_id = reader.uuid("route_id").value_or(Uuid{});
  const auto top_n =
      static_cast<int>(reader.integer("top_n", 1, limits::max_top_tags).value_or(default_tags));
  if (!reader.fine()) co_return problem(reader.error(), request);
  const auto use_case = [&](pg::Connection& c) { return route_tags(c, route_id, top_n); };
  const auto found = co_await on_db(site, request, use_case);
  if (!found) co_return problem(found.error(), request);
  Reply reply;
  JsonObject object(reply.body);
  object.text("route_id", route_id.text());
  write_list(object, reply.body, "tags", found->tags, write_tag);
  object.raw("total_ratings", std::to_string(found->total_ratings)).end();
  co_return reply;
}

std::optional<BBox> read_box(QueryReader& reader) {
  reader.require("bbox");
  return reader.bbox("bbox");
}

std::string json_of(const BBox& box) {
  return fmt::format("[{},{},{},{}]", box.west, box.south, box.east, box.north);
}

void write_cell(JsonObject& object, const CoverageCell& cell) {
  object.raw("x", cell.x)
      .raw("y", cell.y)
      .raw("center_lng", cell.center_lng)
      .raw("center_lat", cell.center_lat)
      .raw("mean_confidence", cell.mean_confidence)
      .raw("segment_count", cell.segment_count)
      .raw("total_samples", cell.total_samples);
}

asio::awaitable<Reply> get_coverage(Site& site, Request& request) {
  QueryReader reader(request);
  const auto box = read_box(reader);
  const double cell_m =
      reader.real("grid_size", limits::min_cell_m, limits::max_cell_m).value_or(default_cell_m);
  if (!reader.fine()) co_return problem(reader.error(), request);
  const auto use_case = [&](pg::Connection& c) { return coverage(c, *box, cell_m); };
  const auto cells = co_await on_db(site, request, use_case);
  if (!cells) co_return problem(cells.error(), request);
  Reply reply;
  JsonObject object(reply.body);
  object.raw("grid_size_m", fmt::format("{}", cell_m)).raw("bbox", json_of(*box));
  write_list(object, reply.body, "cells", *cells, write_cell);
  object.end();
  co_return reply;
}

void write_cluster(JsonObject& object, const Cluster& cluster) {
  object.raw("center_lng", cluster.center_lng)
      .raw("center_lat", cluster.center_lat)
      .raw("segment_count", cluster.segment_count)
      .raw("mean_score", cluster.mean_score)
      .raw("total_confidence", cluster.total_confidence);
}

asio::awaitable<Reply> get_clusters(Site& site, Request& request) {
  QueryReader reader(request);
  const auto box = read_box(reader);
  const auto k = static_cast<int>(reader.integer("k", 1, limits::max_clusters).value_or(default_clusters));
  if (!reader.fine()) co_return problem(reader.error(), request);
  const auto use_case = [&](pg::Connection& c) { return coverage_clusters(c, *box, k); };
  const auto clusters = co_await on_db(site, request, use_case);
  if (!clusters) co_return problem(clusters.error(), request);
  Reply reply;
  JsonObject object(reply.body);
  object.raw("bbox", json_of(*box)).raw("k", std::to_string(k));
  write_list(object, reply.body, "clusters", *clusters, write_cluster);
  object.end();
  co_return reply;
}

}  // namespace

void add_statistics_routes(RouteTable& table) {
  table.add(Verb::get, "/api/v1/diary/trend", get_trend);
  table.add(Verb::get, "/api/v1/diary/tags", get_tags);
  table.add(Verb::get, "/api/v1/diary/coverage", get_coverage);
  table.add(Verb::get, "/api/v1/diary/coverage/clusters", get_clusters);
}

}  // namespace diary::http
