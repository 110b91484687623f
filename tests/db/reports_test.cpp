// SPDX-License-Identifier: Apache-2.0
// The three materialized views against plain recounts, and their refreshing beside readers and each other.
#include <fmt/format.h>

#include <cmath>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "db/live_oracle.hpp"
#include "db/schema_test.hpp"

namespace diary::test {
namespace {

constexpr double rounding = 0.005 + 1e-9;  // of two digits
constexpr double day_s = 86400;

struct Sample {
  std::string segment;
  double value;
  double age_s;
  std::set<std::string> tags;
  std::string date;  // in the city
};

class Reports : public SchemaTest {
 protected:
  void SetUp() override {
    super.exec(
        "INSERT INTO auth.users (email, password_hash) SELECT 'u' || i, 'x' FROM generate_series(1, 40) i");
    super.exec("SELECT setseed($1)", {static_cast<double>(seed() % 1000) / 1000});
    // Every other one in a handful of cells of the grid, the rest all over it and beyond.
    super.exec(
        "INSERT INTO diary.segments (segment_id, street, length_m, geometry) "
        "SELECT 's' || i, 'Street', 100, ST_SetSRID(ST_MakeLine(ST_MakePoint(lng, lat), "
        "ST_MakePoint(lng + random() * 0.004 - 0.002, lat + random() * 0.004 - 0.002)), 4326) "
        "FROM (SELECT i, -75.15 + (random() - 0.5) * size AS lng, 39.95 + (random() - 0.5) * size AS lat "
        "FROM (SELECT i, (ARRAY[0.11, 0.001])[1 + i % 2] AS size FROM generate_series(1, 40) i) s) place");
  }
  void rate() {
    // A few are refused: the same person on the same street within the hour.
    for (int i = 0; i < 900; ++i) {
      const auto ratings = refusal(
          super,
          "INSERT INTO diary.ratings (segment_id, user_id, rating, status, tags, submitted_at) "
          "SELECT 's' || ceil(30 * random() ^ 2), user_id, ceil(random() * 5), (ARRAY['accepted', "
          "'accepted', 'accepted', 'pending_review', 'rejected'])[ceil(random() * 5)::int], "
          "ARRAY(SELECT 't' || ceil(random() * 7) FROM generate_series(1, floor(random() * 4)::int)), "
          "now() - random() * interval '200 days' FROM auth.users WHERE email = 'u' || $1::int",
          {1 + i % 40});
      ASSERT_TRUE(ratings.empty() || ratings == "23505") << ratings;
      if (i % 2 == 0) continue;
      const auto votes = refusal(
          super,
          "INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating, submitted_at) "
          "SELECT 's' || ceil(30 * random() ^ 2), user_id, 'agree', round((1 + 4 * random())::numeric, 6), "
          "now() - random() * interval '200 days' FROM auth.users WHERE email = 'u' || $1::int",
          {1 + i % 40});
      ASSERT_TRUE(votes.empty() || votes == "23505") << votes;
    }
  }
  // Everything that counts, as of the open transaction.
  std::vector<Sample> samples() {
    const auto rows = super.exec(
        "SELECT segment_id, value, extract(epoch FROM now() - at), (SELECT string_agg(t, ' ') FROM "
        "unnest(tags) t), "
        "to_char(at AT TIME ZONE 'America/New_York', 'YYYY-MM-DD') FROM (SELECT segment_id, rating AS value, "
        "submitted_at AS at, tags FROM diary.ratings WHERE status = 'accepted' UNION ALL SELECT segment_id, "
        "implicit_rating, submitted_at, '{}' FROM diary.votes) u WHERE at > now() - interval '4320 hours'");
    std::vector<Sample> all;
    for (int i = 0; i < rows.size(); ++i) {
      Sample sample{rows.str(i, 0), rows.real(i, 1), rows.real(i, 2), {}, rows.str(i, 4)};
      std::string tags = rows.opt(i, 3).value_or("");
      for (std::size_t end = 0; !tags.empty(); tags.erase(0, end == std::string::npos ? end : end + 1)) {
        end = tags.find(' ');
        sample.tags.insert(tags.substr(0, end));
      }
      all.push_back(std::move(sample));
    }
    return all;
  }
  std::string route(const std::string& segments, const std::string& alternative = "NULL") {
    return super
        .exec(
            "INSERT INTO diary.routes (user_id, route_name, segment_ids, alt_segment_ids, geometry, "
            "length_m, "
            "duration_min) VALUES ($1, 'Way', " +
                segments + ", " + alternative +
                ", ST_GeomFromText('LINESTRING(10 50,10.001 50)', 4326), 70, 1) RETURNING route_id",
            {user()})
        .str(0, 0);
  }
  pg::Connection server = app();
};

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

TEST_F(Reports, SegmentAggregatesFollowTheFormulas) {
  rate();
  const pg::Transaction transaction(super);
  super.exec("REFRESH MATERIALIZED VIEW analytics.segment_aggregates");
  std::map<std::string, std::vector<Sample>> by_segment;
  for (Sample& sample : samples()) by_segment[sample.segment].push_back(std::move(sample));
  const auto rows = super.exec(
      "SELECT segment_id, decayed_mean, n_eff, array_to_string(top_tags, ' '), delta_30d, confidence, "
      "n_samples FROM "
      "analytics.segment_aggregates");
  ASSERT_EQ(rows.size(), 40);
  int rated = 0;
  for (int i = 0; i < rows.size(); ++i) {
    SCOPED_TRACE(rows.str(i, 0));
    double weights = 0;
    double sum = 0;
    std::vector<double> recent;
    std::vector<double> older;
    std::map<std::string, int> uses;
    for (const Sample& s : by_segment[rows.str(i, 0)]) {
      const double weight = std::exp2(-s.age_s / (21 * day_s));
      weights += weight;
      sum += weight * s.value;
      if (s.age_s < 30 * day_s) recent.push_back(s.value);
      if (s.age_s >= 30 * day_s && s.age_s <= 60 * day_s) older.push_back(s.value);
      for (const std::string& tag : s.tags) ++uses[tag];
    }
    std::set<std::pair<int, std::string>> ranked;
    for (const auto& [tag, n] : uses) ranked.emplace(-n, tag);
    std::string top;
    int taken = 0;
    for (const auto& [n, tag] : ranked)
      if (++taken <= 5) top += (top.empty() ? "" : " ") + tag;
    EXPECT_NEAR(rows.real(i, 1), (3.0 * 5 + sum) / (5 + weights), rounding);
    EXPECT_NEAR(rows.real(i, 2), weights, rounding);
    EXPECT_EQ(rows.str(i, 3), top);
    EXPECT_NEAR(rows.real(i, 4), (recent.empty() ? 3 : mean(recent)) - (older.empty() ? 3 : mean(older)),
                rounding);
    EXPECT_NEAR(rows.real(i, 5), std::min(1.0, weights / 10), rounding + 0.0005);
    EXPECT_EQ(rows.integer(i, 6), static_cast<std::int64_t>(by_segment[rows.str(i, 0)].size()));
    rated += static_cast<int>(!by_segment[rows.str(i, 0)].empty());
  }
  EXPECT_GT(rated, 20);
  EXPECT_LT(rated, 40);
}

TEST_F(Reports, TrendPoolsADaysSamples) {
  rate();
  std::map<std::string, std::set<std::string>> routes;
  routes[route("ARRAY['s1', 's2', 's3', 's2', 's1']")] = {"s1", "s2", "s3"};
  routes[route("ARRAY['s1']", "ARRAY['s4', 's5']")] = {"s1"};
  routes[route("ARRAY['s7', 's8', 's9', 's10', 's11', 's12']")] = {"s7", "s8", "s9", "s10", "s11", "s12"};
  routes[route("ARRAY['s40']")] = {"s40"};  // that nobody rated
  const pg::Transaction transaction(super);
  super.exec("REFRESH MATERIALIZED VIEW analytics.trend_daily");
  std::map<std::string, std::map<std::string, std::vector<double>>> pools;
  for (const Sample& sample : samples())
    for (const auto& [id, segments] : routes)
      if (segments.contains(sample.segment)) pools[id][sample.date].push_back(sample.value);
  std::size_t days = 0;
  int single = 0;
  for (const auto& [id, dates] : pools) days += dates.size();
  const auto rows = super.exec(
      "SELECT route_id, date, mean_rating, std_error, n_samples, confidence, route_name FROM "
      "analytics.trend_daily");
  ASSERT_EQ(static_cast<std::size_t>(rows.size()), days) << "a day without samples is absent";
  for (int i = 0; i < rows.size(); ++i) {
    SCOPED_TRACE(rows.str(i, 0) + " " + rows.str(i, 1));
    const std::vector<double>& pool = pools[rows.str(i, 0)][rows.str(i, 1)];
    const auto n = static_cast<double>(pool.size());
    ASSERT_EQ(rows.integer(i, 4), static_cast<std::int64_t>(pool.size()));
    EXPECT_NEAR(rows.real(i, 2), mean(pool), rounding);
    double squares = 0;
    for (const double v : pool) squares += (v - mean(pool)) * (v - mean(pool));
    if (pool.size() == 1) {
      EXPECT_TRUE(rows.is_null(i, 3)) << "one sample has no standard error";
      ++single;
    } else {
      EXPECT_NEAR(rows.real(i, 3), std::sqrt(squares / (n - 1)) / std::sqrt(n), rounding);
    }
    EXPECT_NEAR(rows.real(i, 5), std::min(1.0, n / 10), rounding);
    EXPECT_EQ(rows.str(i, 6), "Way");
  }
  EXPECT_GT(single, 0);
  EXPECT_LT(static_cast<std::size_t>(single), days);
}

TEST_F(Reports, TheTrendsDayIsTheCitys) {
  const auto where = segment();
  const auto way = route(fmt::format("ARRAY['{}']", where));
  // Half past eleven at night and half past midnight in Philadelphia: one day in UTC.
  for (const char* time : {"23:30", "00:30"})
    super.exec(
        "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at) VALUES ($1, $2, 4, "
        "((now() AT TIME ZONE 'America/New_York')::date - $3::int + $4::time) AT TIME ZONE "
        "'America/New_York')",
        {where, user(), std::string_view(time) == "23:30" ? 11 : 10, time});
  super.exec("SET timezone = 'Asia/Tokyo'");
  super.exec("REFRESH MATERIALIZED VIEW analytics.trend_daily");
  EXPECT_EQ(one("SELECT string_agg(n_samples || ' ' || ((now() AT TIME ZONE 'America/New_York')::date - "
                "date), ', ' "
                "ORDER BY date) FROM analytics.trend_daily WHERE route_id = $1",
                {way}),
            "1 11, 1 10");
  super.exec("UPDATE diary.city SET time_zone = 'UTC'");
  super.exec("REFRESH MATERIALIZED VIEW analytics.trend_daily");
  EXPECT_EQ(one("SELECT count(*) FROM analytics.trend_daily WHERE route_id = $1", {way}), "1");
}

TEST_F(Reports, TheGridCountsEachSampleOnce) {
  rate();
  server.exec("SELECT analytics.refresh_view('coverage_grid')");
  EXPECT_EQ(one("SELECT count(*) FROM analytics.coverage_grid"), "40000");
  EXPECT_EQ(one("SELECT count(*) FROM analytics.segment_aggregates"), "40")
      << "what the grid is made from comes first";
  EXPECT_EQ(
      one("SELECT sum(total_samples) FROM analytics.coverage_grid"),
      one("SELECT sum(n_samples) FROM analytics.segment_aggregates, ST_LineInterpolatePoint(geometry, 0.5) m "
          "WHERE ST_X(m) >= -75.2 AND ST_X(m) < -75.1 AND ST_Y(m) >= 39.9 AND ST_Y(m) < 40"));
  EXPECT_EQ(
      one("SELECT count(*) FROM analytics.coverage_grid WHERE segment_count = 0 AND (mean_confidence <> 0 OR "
          "total_samples <> 0)"),
      "0");
  // Every cell by itself, against every street.
  EXPECT_EQ(
      one("WITH cell AS (SELECT *, ST_MakeEnvelope(-75.20 + x * 0.0005, 39.90 + y * 0.0005, -75.20 + (x + 1) "
          "* "
          "0.0005, 39.90 + (y + 1) * 0.0005, 4326) AS shape FROM analytics.coverage_grid), recount AS "
          "(SELECT x, "
          "y, count(*) AS n, round(avg(LEAST(1.0, n_eff / 10)), 2) AS mean FROM cell JOIN "
          "analytics.segment_aggregates ON _ST_Intersects(shape, geometry) GROUP BY x, y) SELECT count(*) "
          "FROM "
          "cell LEFT JOIN recount r USING (x, y) WHERE (segment_count, mean_confidence) IS DISTINCT FROM "
          "(COALESCE(n, 0), COALESCE(mean, 0))"),
      "0");
  EXPECT_NE(one("SELECT count(*) FROM analytics.coverage_grid WHERE segment_count > 1"), "0");
}

TEST_F(Reports, AreRefreshedBesideAReader) {
  rate();
  route("ARRAY['s1', 's2']");
  for (const std::string view : {"segment_aggregates", "trend_daily", "coverage_grid"}) {
    server.exec(fmt::format("SELECT analytics.refresh_view('{}')", view));
    pg::Connection reader(database.superuser_conninfo());
    const pg::Transaction transaction(reader, "BEGIN ISOLATION LEVEL REPEATABLE READ");
    const auto stamp = fmt::format("SELECT count(*) || ' ' || max(computed_at) FROM analytics.{}", view);
    const auto before = reader.exec(stamp).str(0, 0);
    server.exec("SET lock_timeout = '20s'");
    EXPECT_EQ(refusal(server, fmt::format("SELECT analytics.refresh_view('{}')", view)), "") << view;
    EXPECT_EQ(reader.exec(stamp).str(0, 0), before) << view;
    EXPECT_NE(one(stamp), before) << view;
  }
}

TEST_F(Reports, AreMadeOnceByTwoWhoAskAtOnce) {
  for (const std::string view : {"segment_aggregates", "trend_daily", "coverage_grid"}) {
    const auto call = fmt::format("SELECT analytics.refresh_view('{}', '1 hour')", view);
    super.exec("DELETE FROM analytics.refresh_log");
    pg::Transaction first(server);
    EXPECT_EQ(server.exec(call).str(0, 0), "t");
    std::string second;
    std::thread other([&] { second = pg::Connection(database.owner_conninfo()).exec(call).str(0, 0); });
    EXPECT_TRUE(support::eventually([&] {
      return one("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = "
                 "current_database()") == "1";
    })) << view;
    first.commit();
    other.join();
    EXPECT_EQ(second, "f") << view;
    EXPECT_EQ(server.exec(call).str(0, 0), "f") << view;
  }
}

TEST_F(Reports, TheGridOnDemandIsAtMostAnHourOld) {
  rate();
  const auto age = [&] { return one("SELECT max(computed_at) FROM analytics.coverage_grid"); };
  EXPECT_EQ(server.exec("SELECT count(*) FROM analytics.coverage_grid_fresh()").str(0, 0), "40000");
  EXPECT_NE(one("SELECT sum(total_samples) FROM analytics.coverage_grid"), "0");
  const auto first = age();
  server.exec("SELECT count(*) FROM analytics.coverage_grid_fresh()");
  EXPECT_EQ(age(), first);
  super.exec("UPDATE analytics.refresh_log SET computed_at = computed_at - interval '61 minutes'");
  super.exec("DELETE FROM diary.ratings");
  super.exec("DELETE FROM diary.votes");
  EXPECT_EQ(server.exec("SELECT sum(total_samples) FROM analytics.coverage_grid_fresh()").str(0, 0), "0")
      << "the aggregates below are made anew as well";
  EXPECT_NE(age(), first);
}

TEST_F(Reports, AreFilledByARestore) {
  rate();
  route("ARRAY['s1', 's2', 's3']");
  super.exec("SET row_security = off");  // as pg_restore does
  for (const char* view : {"segment_aggregates", "trend_daily", "coverage_grid"}) {
    EXPECT_EQ(refusal(super, fmt::format("REFRESH MATERIALIZED VIEW analytics.{}", view)), "") << view;
    EXPECT_NE(one(fmt::format("SELECT count(*) FROM analytics.{}", view)), "0");
  }
}

TEST_F(Reports, ScoresOfADayAreKeptOnce) {
  rate();
  const auto rated =
      one("SELECT count(*) FROM analytics.segment_live(date_trunc('day', now(), 'UTC')) WHERE n_samples "
          "> 0");
  EXPECT_EQ(owner.exec("SELECT analytics.record_scores()").str(0, 0), rated);
  EXPECT_EQ(owner.exec("SELECT analytics.record_scores()").str(0, 0), "0");
  EXPECT_NE(owner.exec("SELECT analytics.record_scores(now() - interval '9 days')").str(0, 0), "0");
  EXPECT_EQ(
      one("SELECT count(*) FROM analytics.score_history h JOIN analytics.segment_live(h.at) l USING "
          "(segment_id) "
          "WHERE (h.decayed_mean, h.n_eff) IS DISTINCT FROM (round(l.decayed_mean, 2), round(l.n_eff, 2))"),
      "0");
  EXPECT_EQ(refusal(owner, "SELECT analytics.record_scores(now() + interval '1 s')"), "22023");
  EXPECT_EQ(refusal(server, "SELECT analytics.record_scores()"), "42501");
}

TEST_F(Reports, ExtensionsThatAreAbsentAreSaidToBe) {
  EXPECT_EQ(owner.exec("SELECT analytics.schedule_reports()").str(0, 0), "f");
  EXPECT_EQ(owner.exec("SELECT analytics.unschedule_reports()").str(0, 0), "f");
  if (one("SELECT count(*) FROM pg_available_extensions WHERE name = 'timescaledb'") == "0") {
    EXPECT_EQ(owner.exec("SELECT analytics.use_timescale()").str(0, 0), "f");
  }
  for (const char* what : {"schedule_reports", "unschedule_reports", "use_timescale"})
    EXPECT_EQ(refusal(server, fmt::format("SELECT analytics.{}()", what)), "42501");
}

}  // namespace
}  // namespace diary::test
