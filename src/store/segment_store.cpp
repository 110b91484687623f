// SPDX-License-Identifier: Apache-2.0
#include "store/segment_store.hpp"

#include "sql/queries.hpp"
#include "store/decode.hpp"

namespace diary {
namespace {

// The columns of segment/find.sql, which segment/list.sql has behind the total.
SegmentScore decode(const pg::Rows& rows, int row, int first) {
  return {.segment_id = rows.str(row, first),
          .street = rows.str(row, first + 1),
          .neighborhood = rows.opt(row, first + 2),
          .length_m = rows.str(row, first + 3),
          .geometry = rows.str(row, first + 4),
          .decayed_mean = rows.str(row, first + 5),
          .n_eff = rows.str(row, first + 6),
          .confidence = rows.str(row, first + 7),
          .top_tags = decode_strings(rows, row, first + 8),
          .delta_30d = rows.str(row, first + 9),
          .last_updated = decode_time(rows, row, first + 10)};
}

std::optional<SegmentScore> only(const pg::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return decode(rows, 0, 0);
}

}  // namespace

SegmentPage SegmentStore::list(const SegmentQuery& query) {
  pg::Params params(9, std::nullopt);
  if (query.bbox) {
    params[0] = query.bbox->west;
    params[1] = query.bbox->south;
    params[2] = query.bbox->east;
    params[3] = query.bbox->north;
  }
  if (query.min_confidence) params[4] = *query.min_confidence;
  if (query.updated_after) params[5] = to_rfc3339(*query.updated_after);
  params[6] = query.limit + 1;
  params[7] = query.after ? std::int64_t{0} : query.offset;
  params[8] = query.after;
  const auto rows = connection_.run(sql::segment::list, params);
  SegmentPage page;
  page.total = rows.integer(0, 0);
  for (int i = 0; i < rows.size() && !rows.is_null(i, 1); ++i) {
    if (i == query.limit) {
      page.more = true;
      break;
    }
    page.segments.push_back(decode(rows, i, 1));
  }
  return page;
}

std::optional<SegmentScore> SegmentStore::find(const std::string& segment_id) {
  return only(connection_.run(sql::segment::find, {segment_id}));
}

std::optional<SegmentScore> SegmentStore::find_at(const std::string& segment_id, Time at) {
  return only(connection_.run(sql::segment::find_at, {segment_id, to_rfc3339(at)}));
}

bool SegmentStore::exists(const std::string& segment_id) {
  return connection_.run(sql::segment::exists, {segment_id}).boolean(0, 0);
}

Result<std::vector<StreetFound>> SegmentStore::search_streets(const std::string& name, int limit) {
  try {
    const auto rows = connection_.run(sql::segment::search_streets, {name, limit});
    std::vector<StreetFound> found;
    for (int i = 0; i < rows.size(); ++i)
      found.push_back({.street = rows.str(i, 0),
                       .neighborhood = rows.opt(i, 1),
                       .segment_count = rows.str(i, 2),
                       .similarity = rows.str(i, 3),
                       .bbox = {rows.str(i, 4), rows.str(i, 5), rows.str(i, 6), rows.str(i, 7)},
                       .segment_id = rows.str(i, 8),
                       .center = {rows.str(i, 9), rows.str(i, 10)}});
    return found;
  } catch (const pg::DbError& e) {
    if (e.sqlstate() != "22023") throw;  // invalid parameter: nothing but blanks
    return fail(Error{Errc::validation, "q must have letters in it", {{"q", "must have letters in it", {}}}});
  }
}

}  // namespace diary
