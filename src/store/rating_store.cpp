// SPDX-License-Identifier: Apache-2.0
#include "store/rating_store.hpp"

#include "sql/queries.hpp"
#include "store/decode.hpp"

namespace diary {
namespace {

constexpr const char* unique_violation = "23505";
constexpr const char* invalid_parameter = "22023";

// The columns that rating/of_segment.sql and rating/search.sql begin with.
PublicRating decode_public(const pg::Rows& rows, int row, int first) {
  PublicRating rating;
  const auto id = Uuid::parse(rows.text(row, first));
  if (id && tells_no_time(*id)) rating.rating_id = id;
  rating.segment_id = rows.str(row, first + 1);
  rating.rating = static_cast<int>(rows.integer(row, first + 2));
  rating.tags = decode_strings(rows, row, first + 3);
  rating.comment = rows.opt(row, first + 4);
  rating.mark = {std::chrono::floor<std::chrono::hours>(decode_time(rows, row, first + 5)),
                 rows.str(row, first + 6)};
  return rating;
}

// The columns of rating/find.sql and of all that lists ratings in full.
FullRating decode_full(const pg::Rows& rows, int row) {
  return {.rating_id = Uuid::parse(rows.text(row, 0)).value(),
          .segment_id = rows.str(row, 1),
          .street = rows.str(row, 2),
          .route_id = rows.opt(row, 3),
          .user_id = rows.str(row, 4),
          .rating = static_cast<int>(rows.integer(row, 5)),
          .tags = decode_strings(rows, row, 6),
          .comment = rows.opt(row, 7),
          .submitted_at = decode_time(rows, row, 8),
          .device = rows.opt(row, 9),
          .source = rows.opt(row, 10),
          .status = rows.str(row, 11),
          .reason = rows.opt(row, 12)};
}

// Of limit + 1 rows that were asked for.
template <class Row, class Decode>
Page<Row> decode_page(const pg::Rows& rows, int limit, Decode decode) {
  Page<Row> page;
  page.more = rows.size() > limit;
  for (int i = 0; i < std::min(rows.size(), limit); ++i) page.rows.push_back(decode(rows, i));
  return page;
}

void add_mark(pg::Params& params, const std::optional<PublicMark>& after) {
  params.emplace_back(after ? std::optional(to_rfc3339(after->hour)) : std::nullopt);
  params.emplace_back(after ? std::optional(after->digest) : std::nullopt);
}

void add_mark(pg::Params& params, const std::optional<RatingMark>& after) {
  params.emplace_back(after ? std::optional(to_rfc3339(after->submitted_at)) : std::nullopt);
  params.emplace_back(after ? std::optional(after->rating_id.text()) : std::nullopt);
}

const pg::Query& query_of(const std::string& status) {
  if (status == "pending_review") return sql::rating::pending;
  return status == "accepted" ? sql::rating::accepted : sql::rating::rejected;
}

}  // namespace

Page<PublicRating> RatingStore::of_segment(const std::string& segment_id, int limit,
                                           const std::optional<PublicMark>& after) {
  pg::Params params{segment_id, limit + 1};
  add_mark(params, after);
  return decode_page<PublicRating>(connection_.run(sql::rating::of_segment, params), limit,
                                   [](const pg::Rows& rows, int row) { return decode_public(rows, row, 0); });
}

Result<Page<PublicRating>> RatingStore::search(const std::string& words, int limit,
                                               const std::optional<PublicMark>& after) {
  pg::Params params{words, limit + 1};
  add_mark(params, after);
  try {
    return decode_page<PublicRating>(connection_.run(sql::rating::search, params), limit,
                                     [](const pg::Rows& rows, int row) {
                                       auto rating = decode_public(rows, row, 0);
                                       rating.street = rows.str(row, 7);
                                       rating.headline = rows.str(row, 8);
                                       return rating;
                                     });
  } catch (const pg::DbError& e) {
    if (e.sqlstate() != invalid_parameter) throw;
    return fail(Error{Errc::validation, "q must have words in it", {{"q", "must have words in it", {}}}});
  }
}

Page<FullRating> RatingStore::of_user(const Uuid& user_id, int limit,
                                      const std::optional<RatingMark>& after) {
  pg::Params params{user_id.text(), limit + 1};
  add_mark(params, after);
  return decode_page<FullRating>(connection_.run(sql::rating::of_user, params), limit, decode_full);
}

Page<FullRating> RatingStore::of_status(const std::string& status, int limit,
                                        const std::optional<RatingMark>& after) {
  pg::Params params{limit + 1};
  add_mark(params, after);
  return decode_page<FullRating>(connection_.run(query_of(status), params), limit, decode_full);
}

std::optional<FullRating> RatingStore::find(const Uuid& rating_id) {
  const auto rows = connection_.run(sql::rating::find, {rating_id.text()});
  if (rows.empty()) return std::nullopt;
  return decode_full(rows, 0);
}

std::int64_t RatingStore::withdraw(const Uuid& rating_id) {
  return connection_.run(sql::rating::withdraw, {rating_id.text()}).integer(0, 0);
}

Result<std::string> RatingStore::moderate(const Uuid& rating_id, const std::string& status,
                                          const std::optional<std::string>& reason) {
  try {
    const auto rows = connection_.run(sql::rating::moderate, {rating_id.text(), status, reason});
    if (!rows.is_null(0, 0)) return rows.str(0, 0);
    return fail(Errc::not_found, "there is no rating " + rating_id.text());
  } catch (const pg::DbError& e) {
    if (e.sqlstate() != unique_violation) throw;
    return fail(Errc::duplicate_rating,
                "the same person has another rating of this segment within the hour; reject that one first");
  }
}

}  // namespace diary
