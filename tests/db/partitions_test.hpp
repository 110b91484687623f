// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the tests of the months share: a history over many of them, and all that closing one must leave alone.

#include <filesystem>

#include "db/schema_test.hpp"

namespace diary::test {

class Partitions : public SchemaTest {
 protected:
  // Where one month ends and another begins, both long over.
  const std::string edge =
      "((date_trunc('month', now() AT TIME ZONE 'UTC') - interval '2 months') AT TIME ZONE 'UTC')";

  std::int64_t close(int most) { return owner.exec("SELECT diary.close_months($1)", {most}).integer(0, 0); }
  void close_all() {
    while (close(1000) > 0) {
    }
  }
  std::string drift() { return one("SELECT count(*) FROM analytics.drift"); }

  // Ratings and votes of h1..h9 by twenty people, one every 13 hours back from now.
  void history(int samples) {
    owner.exec(
        "INSERT INTO auth.users (email, password_hash) SELECT 'h' || i, 'x' FROM generate_series(1, 20) i");
    owner.exec(
        "INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT 'h' || i, 'Street', 80, "
        "ST_SetSRID(ST_MakeLine(ST_MakePoint(i, 0), ST_MakePoint(i, 0.001)), 4326) FROM generate_series(1, "
        "9) i");
    const std::string rows =
        "SELECT 'h' || 1 + i % 9, user_id, t FROM generate_series(1, $1::int) i JOIN auth.users ON email = "
        "'h' || "
        "1 + i % 20 CROSS JOIN LATERAL (SELECT now() - i * interval '13 hours' AS t) moment";
    owner.exec(
        "INSERT INTO diary.ratings (segment_id, user_id, rating, tags, comment, submitted_at, received_at) "
        "SELECT segment_id, user_id, 1 + length(user_id::text || t::text) % 5, ARRAY['dark'], t::text, t, t "
        "+ "
        "interval '3 seconds' FROM (" +
            rows + ") r(segment_id, user_id, t)",
        {samples});
    owner.exec(
        "INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating, submitted_at, received_at) "
        "SELECT "
        "segment_id, user_id, 'safer', 3.75, t, t FROM (" +
            rows + ") r(segment_id, user_id, t)",
        {samples});
  }

  // The id of a rating of 4 in a closed month.
  std::string closed_rating(const std::string& who, const std::string& where, const std::string& when = "") {
    const auto id =
        owner
            .exec(
                "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at) VALUES ($1, $2, 4, " +
                    (when.empty() ? edge + " - interval '3 days'" : when) + ") RETURNING rating_id",
                {where, who})
            .str(0, 0);
    close_all();
    EXPECT_EQ(one("SELECT count(*) FROM diary.closed_ratings WHERE id = $1", {id}), "1");
    return id;
  }

  std::string route_over_one_closed_rating() {
    const auto id = Uuid::random().text();
    pg::Transaction transaction(super);
    super.exec(
        "INSERT INTO diary.routes (route_id, user_id, route_name, segment_ids, geometry, length_m, "
        "duration_min) "
        "SELECT $1, user_id, 'Home', ARRAY[segment_id], ST_GeomFromText('LINESTRING(0 0,1 1)', 4326), 5, 5 "
        "FROM "
        "diary.ratings JOIN diary.closed_ratings ON id = rating_id ORDER BY id LIMIT 1",
        {id});
    super.exec(
        "UPDATE diary.ratings SET route_id = $1 WHERE rating_id = (SELECT rating_id FROM diary.ratings JOIN "
        "diary.closed_ratings ON id = rating_id ORDER BY id LIMIT 1)",
        {id});
    transaction.commit();
    return id;
  }

  // All columns of all rows, the live sums, and what the audit log has.
  std::string everything() {
    return one(
        "SELECT concat_ws(' ', (SELECT count(*) || md5(string_agg(r::text, '' ORDER BY rating_id)) FROM "
        "diary.ratings r), (SELECT count(*) || md5(string_agg(v::text, '' ORDER BY vote_id)) FROM "
        "diary.votes v), "
        "(SELECT md5(string_agg(s::text, '' ORDER BY segment_id)) FROM analytics.segment_state s), (SELECT "
        "md5(string_agg(c::text, '' ORDER BY segment_id)) FROM analytics.segment_change c), (SELECT count(*) "
        "FROM "
        "audit.log))");
  }
};

}  // namespace diary::test
