// SPDX-License-Identifier: Apache-2.0
#include "store/route_store.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "sql/queries.hpp"
#include "store/decode.hpp"

namespace diary {
namespace {

constexpr int page_segments = 10'000;  // a page ends with the route that fills them

std::string to_json(const std::vector<std::string>& ids) {
  return boost::json::serialize(boost::json::array(ids.begin(), ids.end()));
}

// Six columns from `first` on; nothing when they are NULL.
std::optional<Walk> decode_walk(const pg::Rows& rows, int row, int first) {
  if (rows.is_null(row, first)) return std::nullopt;
  return Walk{.segment_ids = decode_strings(rows, row, first),
              .line = rows.str(row, first + 1),
              .length_m = rows.str(row, first + 2),
              .duration_min = rows.str(row, first + 3),
              .avg_safety_saved = rows.opt(row, first + 4),
              .avg_safety = rows.opt(row, first + 5)};
}

SavedRoute decode(const pg::Rows& rows, int row) {
  return {.route_id = Uuid::parse(rows.text(row, 0)).value(),
          .route_name = rows.str(row, 1),
          .walk = decode_walk(rows, row, 2).value(),
          .alternative = decode_walk(rows, row, 8),
          .is_public = rows.boolean(row, 14),
          .is_own = rows.boolean(row, 15),
          .created_at = decode_time(rows, row, 16),
          .updated_at = decode_time(rows, row, 17)};
}

pg::Params parameters(const SavedRoute& route) {
  pg::Params params{route.route_id.text(), route.route_name, route.is_public};
  const auto add = [&](const Walk& walk) {
    params.insert(params.end(), {to_json(walk.segment_ids), walk.line, walk.length_m, walk.duration_min,
                                 walk.avg_safety_saved});
  };
  add(route.walk);
  if (route.alternative) {
    add(*route.alternative);
  } else {
    params.insert(params.end(), 5, std::nullopt);
  }
  return params;
}

}  // namespace

RoutePage RouteStore::list(const RouteQuery& query) {
  pg::Params params(9, std::nullopt);
  if (query.bbox) {
    params[0] = query.bbox->west;
    params[1] = query.bbox->south;
    params[2] = query.bbox->east;
    params[3] = query.bbox->north;
  }
  params[4] = query.segment_id;
  params[5] = query.limit + 1;
  if (query.after) {
    params[6] = to_rfc3339(query.after->first);
    params[7] = query.after->second.text();
  }
  params[8] = page_segments;
  const auto rows = connection_.run(sql::route::list, params);
  RoutePage page;
  for (int row = 0; row < rows.size() && row < query.limit; ++row) page.routes.push_back(decode(rows, row));
  page.more = !rows.empty() && rows.integer(0, 18) > static_cast<std::int64_t>(page.routes.size());
  return page;
}

std::optional<SavedRoute> RouteStore::find(const Uuid& route_id) {
  const auto rows = connection_.run(sql::route::find, {route_id.text()});
  if (rows.empty()) return std::nullopt;
  return decode(rows, 0);
}

JoinedSegments RouteStore::join(const std::vector<std::string>& segment_ids) {
  const auto rows = connection_.run(sql::route::join, {to_json(segment_ids)});
  const auto index = [&](int column) {
    return rows.is_null(0, column) ? std::nullopt
                                   : std::optional(static_cast<int>(rows.integer(0, column)) - 1);
  };
  return {.unknown_at = index(0),
          .break_at = index(1),
          .gap_m = rows.str(0, 2),
          .length_m = rows.str(0, 3),
          .avg_safety = rows.str(0, 4),
          .line = rows.str(0, 5)};
}

bool RouteStore::begin_change() {
  return connection_.run(sql::route::begin_change).boolean(0, 0);
}

int RouteStore::count() {
  return static_cast<int>(connection_.run(sql::route::count).integer(0, 0));
}

bool RouteStore::insert(const SavedRoute& route) {
  return connection_.run(sql::route::insert, parameters(route)).affected() == 1;
}

bool RouteStore::update(const SavedRoute& route) {
  return connection_.run(sql::route::update, parameters(route)).affected() == 1;
}

bool RouteStore::remove(const Uuid& route_id) {
  return connection_.run(sql::route::remove, {route_id.text()}).affected() == 1;
}

}  // namespace diary
