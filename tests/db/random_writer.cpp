// SPDX-License-Identifier: Apache-2.0
#include "db/random_writer.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace diary::test {

void populate(pg::Connection& connection, const Population& population) {
  connection.exec(
      fmt::format("INSERT INTO auth.users (email, password_hash) SELECT 'u' || i || '@x.org', 'x' FROM "
                  "generate_series(1, {}) i",
                  population.users));
  connection.exec(
      fmt::format("INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT 's' || i, "
                  "'Street ' || i, 100, "
                  "ST_SetSRID(ST_MakeLine(ST_MakePoint(-75.17 + i * 0.001, 39.95), ST_MakePoint(-75.17 + i * "
                  "0.001, 39.951)), 4326) "
                  "FROM generate_series(1, {}) i",
                  population.segments));
}

std::string RandomWriter::segment() {
  const bool hot = pick(0, 1) == 0;
  return fmt::format("'s{}'", pick(1, hot ? 3 : population_.segments));
}

std::string RandomWriter::user() {
  return fmt::format("(SELECT user_id FROM auth.users WHERE email = 'u{}@x.org')",
                     pick(1, population_.users));
}

// Now, lately, long ago, or within a hair of an edge: 30, 60 and 180 days of 24 hours before this moment.
std::string RandomWriter::time() {
  switch (pick(0, 5)) {
    case 0:
      return "clock_timestamp()";
    case 1:
      return fmt::format("clock_timestamp() - interval '{} minutes'", pick(0, 2000));
    case 2:
      return fmt::format("clock_timestamp() - interval '{} hours'", pick(0, 4800));
    case 3:
      return fmt::format("clock_timestamp() + interval '{} seconds'", pick(0, 200));
    default: {
      constexpr std::array edges{720, 1440, 4320};
      return fmt::format("clock_timestamp() - interval '{} hours' + interval '{} microseconds'",
                         edges.at(static_cast<std::size_t>(pick(0, 2))), pick(-3'000'000, 3'000'000));
    }
  }
}

std::string RandomWriter::tags() {
  std::string list;
  for (int i = pick(0, 3); i > 0; --i) list += fmt::format("{}'t{}'", list.empty() ? "" : ",", pick(1, 8));
  return "ARRAY[" + list + "]::text[]";
}

std::string RandomWriter::operation() {
  const auto some = [&](const char* table, const char* key) {
    return fmt::format("{0} IN (SELECT {0} FROM {1} OFFSET {2} LIMIT {3})", key, table, pick(0, 300),
                       pick(1, 4));
  };
  switch (pick(0, 20)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      return fmt::format(
          "INSERT INTO diary.ratings (segment_id, user_id, rating, tags, submitted_at) VALUES ({}, {}, {}, "
          "{}, {})",
          segment(), user(), pick(1, 5), tags(), time());
    case 5:
    case 6: {
      std::string rows;
      for (int i = pick(2, 12); i > 0; --i)
        rows += fmt::format("{}({}, {}, {}, {}, {}, '{}')", rows.empty() ? "" : ",", segment(), user(),
                            pick(1, 5), tags(), time(), pick(0, 3) == 0 ? "pending_review" : "accepted");
      return "INSERT INTO diary.ratings (segment_id, user_id, rating, tags, submitted_at, status) VALUES " +
             rows;
    }
    case 7:
    case 8:
      return fmt::format(
          "INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating, submitted_at) "
          "SELECT segment_id, {}, '{}', round(decayed_mean, 15), {} FROM analytics.segment_live WHERE "
          "segment_id = {}",
          user(), pick(0, 1) == 0 ? "agree" : "safer", time(), segment());
    case 9:
      return "UPDATE diary.ratings SET status = (ARRAY['accepted','pending_review','rejected'])[1 + "
             "floor(random() * 3)::int] WHERE " +
             some("diary.ratings", "rating_id");
    case 10:
      return fmt::format("UPDATE diary.ratings SET rating = {}, tags = {} WHERE ", pick(1, 5), tags()) +
             some("diary.ratings", "rating_id");
    case 11:
      return fmt::format("UPDATE diary.ratings SET segment_id = {}, submitted_at = {} WHERE ", segment(),
                         time()) +
             some("diary.ratings", "rating_id");
    case 12:
      return fmt::format("UPDATE diary.votes SET segment_id = {}, implicit_rating = {}.25 WHERE ", segment(),
                         pick(1, 4)) +
             some("diary.votes", "vote_id");
    case 13:
      return "DELETE FROM diary.ratings WHERE " + some("diary.ratings", "rating_id");
    case 14:
      return "DELETE FROM diary.votes WHERE " + some("diary.votes", "vote_id");
    case 15:
      if (pick(0, 3) != 0)
        return fmt::format("UPDATE diary.ratings SET comment = 'seen' WHERE segment_id = {}", segment());
      return fmt::format(
          "WITH gone AS (DELETE FROM auth.users WHERE user_id = {0} RETURNING email) SELECT * FROM gone; "
          "INSERT INTO auth.users (email, password_hash) SELECT 'u' || i || '@x.org', 'x' "
          "FROM generate_series(1, {1}) i ON CONFLICT DO NOTHING",
          user(), population_.users);
    case 16:
      if (pick(0, 3) != 0) return "SELECT analytics.advance_windows(" + std::to_string(pick(1, 40)) + ")";
      return fmt::format(
          "DELETE FROM diary.segments WHERE segment_id = {0}; "
          "INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT {0}, 'Again', 50, "
          "ST_SetSRID(ST_MakeLine(ST_MakePoint(-75.16, 39.95), ST_MakePoint(-75.16, 39.951)), 4326)",
          segment());
    case 17:
    case 18:
      return fmt::format("SELECT diary.close_months({})", pick(1, 200));
    case 19:
      return "SELECT diary.detach_months('7 months')";
    default:  // both tables in one statement
      return fmt::format(
          "WITH r AS (DELETE FROM diary.ratings WHERE {} RETURNING 1), v AS (DELETE FROM diary.votes WHERE "
          "{} RETURNING 1), "
          "n AS (INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at) VALUES ({}, {}, 3, "
          "{}) RETURNING 1) SELECT 1",
          some("diary.ratings", "rating_id"), some("diary.votes", "vote_id"), segment(), user(), time());
  }
}

void RandomWriter::step() {
  const int kind = pick(0, 9);
  try {
    if (kind < 6) {
      connection_.exec(operation());
    } else {
      constexpr std::array begins{"BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ",
                                  "BEGIN ISOLATION LEVEL SERIALIZABLE"};
      pg::Transaction transaction(connection_, begins.at(static_cast<std::size_t>(pick(0, 2))));
      for (int i = pick(1, 3); i > 0; --i) connection_.exec(operation());
      if (pick(0, 4) != 0) transaction.commit();
    }
    ++done_;
  } catch (const pg::ConnectionLost&) {
    throw;
  } catch (const pg::DbError& e) {
    ++refused_;
    for (const char* expected :
         {"23505", "23503", "40001", "40P01", "25001", "25P02", "25000", "23502", "23514", "55P03"})
      if (e.sqlstate() == expected) return;
    throw std::runtime_error("unexpected refusal " + e.sqlstate() + ": " + e.what());
  }
}

}  // namespace diary::test
