// SPDX-License-Identifier: Apache-2.0
// GET /diary/trend, /diary/tags and /diary/coverage: what they refuse, who sees what, and their numbers
// against a plain recount.
#include <fmt/format.h>

#include <cmath>
#include <random>

#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

const std::string trend = "/api/v1/diary/trend";
const std::string tags = "/api/v1/diary/tags";
const std::string coverage = "/api/v1/diary/coverage";
const std::string clusters = "/api/v1/diary/coverage/clusters";

std::uint64_t seed() {
  static const std::uint64_t value = [] {
    const char* given = std::getenv("DIARY_TEST_SEED");
    const std::uint64_t chosen =
        given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    fmt::print("DIARY_TEST_SEED={}\n", chosen);
    return chosen;
  }();
  return value;
}

class Statistics : public testing::Test {
 protected:
  std::string route(const Person& of, bool is_public, const std::vector<std::string>& segments) {
    const auto id = Uuid::random().text();
    std::string list;
    for (const auto& segment : segments) list += (list.empty() ? "" : ",") + segment;
    world().owner.exec(
        "INSERT INTO diary.routes (route_id, user_id, route_name, segment_ids, geometry, length_m, "
        "duration_min, is_public) VALUES ($1, $2, 'Home', $3::text[], ST_GeomFromText('LINESTRING(10 "
        "50,10.001 50)', 4326), 210, 3, $4)",
        {id, of.user_id, "{" + list + "}", is_public});
    return id;
  }
  // By somebody new each time, so that no rule about repetition applies.
  void rate(const std::string& segment, int value, const std::string& age, const std::string& tag_list = "{}",
            const std::string& status = "accepted") {
    world().owner.exec(
        "WITH u AS (INSERT INTO auth.users (email, password_hash) VALUES (gen_random_uuid()::text, '!') "
        "RETURNING user_id) INSERT INTO diary.ratings (segment_id, user_id, rating, tags, submitted_at, "
        "status) SELECT $1, user_id, $2::int, $4::text[], now() - $3::interval, $5 FROM u",
        {segment, value, age, tag_list, status});
  }
  void vote(const std::string& segment, const std::string& value, const std::string& age) {
    world().owner.exec(
        "WITH u AS (INSERT INTO auth.users (email, password_hash) VALUES (gen_random_uuid()::text, '!') "
        "RETURNING user_id) INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating, "
        "submitted_at) SELECT $1, user_id, 'agree', $2::numeric, now() - $3::interval FROM u",
        {segment, value, age});
  }
  json::object get(const std::string& target) {
    const auto answer = client.get(target);
    EXPECT_EQ(answer.status, 200U) << target << ": " << answer.body;
    return answer.status == 200 ? answer.json() : json::object{};
  }
  std::string day(int before_today) {
    return world().one(
        "SELECT to_char((now() AT TIME ZONE time_zone)::date - $1::int, 'YYYY-MM-DD') FROM diary.city",
        {before_today});
  }
  Person person = world().person();
  HttpClient client = world().client(person);
};

TEST_F(Statistics, ATrendHasExactlyItsMembersAndCountsTodaysRating) {
  const auto segment = world().segment();
  const auto id = route(person, false, {segment, segment});
  const auto empty = get(trend + "?route_id=" + id);
  EXPECT_EQ(members(empty), (std::set<std::string>{"route_id", "route_name", "data_points", "annotations"}));
  EXPECT_EQ(empty.at("route_id"), to_json(id));
  EXPECT_EQ(empty.at("route_name"), "Home");
  EXPECT_TRUE(empty.at("data_points").as_array().empty());
  EXPECT_TRUE(empty.at("annotations").as_array().empty());

  ASSERT_EQ(client.post("/api/v1/diary/ratings", {{"segment_id", segment}, {"rating", 4}}).status, 201U);
  const auto one = get(trend + "?route_id=" + id);
  ASSERT_EQ(one.at("data_points").as_array().size(), 1U) << json::serialize(one);
  const auto& point = one.at("data_points").at(0).as_object();
  EXPECT_EQ(members(point),
            (std::set<std::string>{"date", "mean_rating", "std_error", "confidence", "n_samples"}));
  EXPECT_EQ(point.at("date"), to_json(day(0)));
  EXPECT_EQ(point.at("mean_rating").to_number<double>(), 4);
  EXPECT_TRUE(point.at("std_error").is_null());
  EXPECT_EQ(point.at("confidence").to_number<double>(), 0.1);
  EXPECT_EQ(point.at("n_samples"), 1) << "a segment that is twice on the route counts once";
  EXPECT_EQ(json::serialize(one.at("annotations")),
            json::serialize(json::array{
                {{"date", day(0)}, {"label", "First rating or vote"}, {"type", "first_sample"}}}));

  rate(segment, 2, "0");
  vote(segment, "3.2345", "0");
  rate(segment, 1, "0", "{}", "rejected");
  const auto three = get(trend + "?route_id=" + id).at("data_points").at(0).as_object();
  EXPECT_EQ(three.at("n_samples"), 3);
  EXPECT_EQ(three.at("mean_rating").to_number<double>(), 3.08);
  EXPECT_EQ(three.at("std_error").to_number<double>(), 0.58);
}

TEST_F(Statistics, ATrendsWindowAndDaysCanBeChosen) {
  const auto segment = world().segment();
  const auto id = route(person, true, {segment});
  rate(segment, 5, "10 days");
  rate(segment, 1, "200 days");
  const auto points = [&](const std::string& more) {
    return get(trend + "?route_id=" + id + more).at("data_points").as_array();
  };
  EXPECT_EQ(points("").size(), 11U);
  EXPECT_EQ(points("&window_days=5").size(), 5U);
  EXPECT_EQ(points("&window_days=1").size(), 1U);
  EXPECT_EQ(points("&window_days=365").size(), 90U) << "90 days are shown";
  EXPECT_EQ(points("&window_days=365").at(0).at("n_samples"), 1);
  EXPECT_EQ(points("&window_days=365").at(89).at("n_samples"), 2);
  EXPECT_EQ(points("&start_date=" + day(5) + "&end_date=" + day(3)).size(), 3U);
  EXPECT_EQ(points("&end_date=" + day(11)).size(), 0U);
  EXPECT_EQ(points("&start_date=" + day(3) + "&end_date=" + day(-30)).size(), 4U) << "none after today";
  EXPECT_EQ(points("&start_date=" + day(-3) + "&end_date=" + day(-30)).size(), 0U);
  EXPECT_EQ(points("&start_date=" + day(3659)).size(), 41U);
  expect_problem(client.get(trend + "?route_id=" + id + "&start_date=" + day(3660)), 400, "validation_error",
                 "start_date");
  expect_problem(client.get(trend + "?route_id=" + id + "&start_date=" + day(2) + "&end_date=" + day(3)), 400,
                 "validation_error", "start_date");
  expect_problem(client.get(trend + "?route_id=" + id + "&start_date=" + day(-1)), 400, "validation_error",
                 "start_date");
}

TEST_F(Statistics, TheGreatestCertainChangeIsAnnotated) {
  const auto segment = world().segment();
  const auto id = route(person, true, {segment});
  for (int i = 0; i < 5; ++i) {
    rate(segment, 1 + i % 2, fmt::format("{} days", 15 + i));
    rate(segment, 4 + i % 2, fmt::format("{} days", 1 + i));
  }
  const auto found = get(trend + "?route_id=" + id + "&window_days=10").at("annotations").as_array();
  ASSERT_EQ(found.size(), 2U) << json::serialize(found);
  EXPECT_EQ(found.at(0).at("type"), "first_sample");
  EXPECT_EQ(found.at(0).at("date"), to_json(day(19)));
  EXPECT_EQ(found.at(1).at("type"), "rise");
  EXPECT_EQ(found.at(1).at("label"), "+3.00 against the 10 days before");
  // with fewer than five on either side nothing is said
  EXPECT_EQ(get(trend + "?route_id=" + id + "&window_days=4").at("annotations").as_array().size(), 1U);
}

TEST_F(Statistics, WhatIsWrongIsNamed) {
  const auto id = route(person, true, {world().segment()});
  expect_problem(client.get(trend), 400, "validation_error", "route_id");
  expect_problem(client.get(trend + "?route_id=home"), 400, "validation_error", "route_id");
  expect_problem(client.get(tags), 400, "validation_error", "route_id");
  for (const char* wrong : {"2026-02-30", "2026-1-1", "yesterday", "", "2026-01-01T00:00:00Z", "1969-12-31"})
    for (const char* name : {"start_date", "end_date"})
      expect_problem(client.get(trend + "?route_id=" + id + "&" + name + "=" + wrong), 400,
                     "validation_error", name);
  for (const char* wrong : {"0", "366", "-1", "x", "", "1.5"})
    expect_problem(client.get(trend + "?route_id=" + id + "&window_days=" + wrong), 400, "validation_error",
                   "window_days");
  for (const char* wrong : {"0", "101", "x", ""})
    expect_problem(client.get(tags + "?route_id=" + id + "&top_n=" + wrong), 400, "validation_error",
                   "top_n");
  for (const char* right : {"1", "100"})
    EXPECT_EQ(client.get(tags + "?route_id=" + id + "&top_n=" + right).status, 200U);
  EXPECT_EQ(wrong_fields(client.get(trend + "?route_id=x&start_date=x&end_date=x&window_days=x")),
            (std::multiset<std::string>{"route_id", "start_date", "end_date", "window_days"}));
}

TEST_F(Statistics, AnothersPrivateRouteIsNotThere) {
  const auto segment = world().segment();
  rate(segment, 2, "1 day", "{dark}");
  const auto hidden = route(person, false, {segment});
  const auto open = route(person, true, {segment});
  auto nobody = world().client();
  auto other = world().client(world().person());
  for (const std::string& call : {trend, tags}) {
    EXPECT_EQ(client.get(call + "?route_id=" + hidden).status, 200U);
    for (auto* who : {&nobody, &other}) {
      expect_problem(who->get(call + "?route_id=" + hidden), 404, "not_found");
      EXPECT_EQ(who->get(call + "?route_id=" + open).status, 200U);
    }
    expect_problem(client.get(call + "?route_id=" + Uuid::random().text()), 404, "not_found");
  }
}

TEST_F(Statistics, TagsAreCountedOncePerRating) {
  const std::vector<std::string> on{world().segment(), world().segment()};
  const auto id = route(person, true, {on[0], on[1], on[0]});
  const auto none = get(tags + "?route_id=" + id);
  EXPECT_EQ(members(none), (std::set<std::string>{"route_id", "tags", "total_ratings"}));
  EXPECT_TRUE(none.at("tags").as_array().empty());
  EXPECT_EQ(none.at("total_ratings"), 0);
  rate(on[0], 5, "1 day", "{calm,calm,lit}");
  rate(on[1], 5, "2 days", "{lit,busy}");
  rate(on[1], 5, "3 days");
  rate(on[1], 5, "3 days", "{calm}", "pending_review");
  rate(on[1], 5, "180 days", "{old}");
  vote(on[1], "3", "1 day");
  rate(world().segment(), 5, "1 day", "{elsewhere}");
  const auto found = get(tags + "?route_id=" + id);
  EXPECT_EQ(found.at("total_ratings"), 3);
  EXPECT_EQ(json::serialize(found.at("tags")),
            json::serialize(json::array{{{"tag", "lit"}, {"count", 2}, {"percentage", 66.7}},
                                        {{"tag", "busy"}, {"count", 1}, {"percentage", 33.3}},
                                        {{"tag", "calm"}, {"count", 1}, {"percentage", 33.3}}}));
  EXPECT_EQ(get(tags + "?route_id=" + id + "&top_n=1").at("tags").as_array().size(), 1U);
}

TEST_F(Statistics, BoxesOfCoverageAreChecked) {
  for (const std::string& call : {coverage, clusters}) {
    expect_problem(client.get(call), 400, "validation_error", "bbox");
    for (const char* wrong : {"", "1,2,3", "2,0,1,1", "0,0,1,91", "a,b,c,d"})
      expect_problem(client.get(call + "?bbox=" + wrong), 400, "validation_error", "bbox");
    // At the equator 0.09 degrees north are 9951.7 m, so 100 km² end 0.09027 degrees east.
    EXPECT_EQ(client.get(call + "?grid_size=5000&bbox=20,0,20.0902,0.09").status, 200U);
    expect_problem(client.get(call + "?grid_size=5000&bbox=20,0,20.0903,0.09"), 422, "unprocessable");
    // At 60 degrees north, 10027 m and 0.1787 degrees.
    EXPECT_EQ(client.get(call + "?grid_size=5000&bbox=20,60,20.1785,60.09").status, 200U);
    expect_problem(client.get(call + "?grid_size=5000&bbox=20,60,20.179,60.09"), 422, "unprocessable");
    expect_problem(client.get(call + "?grid_size=5000&bbox=-180,-90,180,90"), 422, "unprocessable");
  }
  for (const char* wrong : {"9.99", "5000.1", "nan", "x", "", "-50"})
    expect_problem(client.get(coverage + "?bbox=20,0,20.001,0.001&grid_size=" + wrong), 400,
                   "validation_error", "grid_size");
  for (const char* right : {"10", "5000", "12.5"})
    EXPECT_EQ(client.get(coverage + "?bbox=20,0,20.001,0.001&grid_size=" + right).status, 200U);
  for (const char* wrong : {"0", "257", "x", ""})
    expect_problem(client.get(clusters + "?bbox=20,0,20.001,0.001&k=" + wrong), 400, "validation_error", "k");
  for (const char* right : {"1", "256"})
    EXPECT_EQ(client.get(clusters + "?bbox=20,0,20.001,0.001&k=" + right).status, 200U);
}

TEST_F(Statistics, TooManyCellsAreRefused) {
  // rows of 10 m are 9.043e-5 degrees high, columns 8.983e-5 wide at the equator: 316 x 316, and 318 x 318
  EXPECT_EQ(client.get(coverage + "?bbox=20,0,20.02836,0.02856&grid_size=10").status, 200U);
  expect_problem(client.get(coverage + "?bbox=20,0,20.02852,0.02872&grid_size=10"), 422, "unprocessable");
  expect_problem(client.get(coverage + "?bbox=20,-89,20.0000001,89&grid_size=10"), 422, "unprocessable");
}

TEST_F(Statistics, ACellHasExactlyItsMembers) {
  const auto segment = world().segment(30, 10);
  for (int i = 0; i < 4; ++i) rate(segment, 3, "0");
  const auto found = get(coverage + "?bbox=29.999,9.999,30.003,10.001&grid_size=1000");
  EXPECT_EQ(members(found), (std::set<std::string>{"grid_size_m", "bbox", "cells"}));
  EXPECT_EQ(found.at("grid_size_m").to_number<double>(), 1000);
  EXPECT_EQ(json::serialize(found.at("bbox")), json::serialize(json::parse("[29.999,9.999,30.003,10.001]")));
  ASSERT_EQ(found.at("cells").as_array().size(), 1U);
  const auto& cell = found.at("cells").at(0).as_object();
  EXPECT_EQ(members(cell), (std::set<std::string>{"x", "y", "center_lng", "center_lat", "mean_confidence",
                                                  "segment_count", "total_samples"}));
  EXPECT_EQ(cell.at("segment_count"), 1);
  EXPECT_EQ(cell.at("total_samples"), 4);
  EXPECT_EQ(cell.at("mean_confidence").to_number<double>(), 0.4);
  EXPECT_EQ(get(coverage + "?bbox=29.999,9.999,30.003,10.001").at("grid_size_m").to_number<double>(), 50);
}

TEST_F(Statistics, ClustersWeighConfidence) {
  const auto weak = world().segment(40, 10);
  const auto strong = world().segment(40.02, 10);
  rate(weak, 1, "0");
  for (int i = 0; i < 3; ++i) rate(strong, 5, "0");
  const std::string box = "?bbox=39.99,9.99,40.05,10.01";
  const auto one = get(clusters + box + "&k=1");
  EXPECT_EQ(members(one), (std::set<std::string>{"bbox", "k", "clusters"}));
  EXPECT_EQ(one.at("k"), 1);
  ASSERT_EQ(one.at("clusters").as_array().size(), 1U);
  const auto& cluster = one.at("clusters").at(0).as_object();
  EXPECT_EQ(members(cluster), (std::set<std::string>{"center_lng", "center_lat", "segment_count",
                                                     "mean_score", "total_confidence"}));
  EXPECT_NEAR(cluster.at("center_lng").to_number<double>(), 40.0005 + 0.02 * 0.75, 1e-6);
  EXPECT_EQ(cluster.at("segment_count"), 2);
  EXPECT_EQ(cluster.at("total_confidence").to_number<double>(), 0.4);
  EXPECT_EQ(get(clusters + box).at("k"), 8);
  EXPECT_EQ(get(clusters + box).at("clusters").as_array().size(), 2U) << "as many as there are places";
}

TEST_F(Statistics, ABoxWithTooManySegmentsHasNoClusters) {
  world().owner.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT 'mass_' || i, 'Mass', 1, "
      "ST_GeomFromText('LINESTRING(50 10,50.0001 10)', 4326) FROM generate_series(1, 100000) i");
  const std::string box = "?bbox=49.99,9.99,50.01,10.01";
  EXPECT_TRUE(get(clusters + box).at("clusters").as_array().empty());
  world().segment(50, 10);
  expect_problem(client.get(clusters + box), 422, "unprocessable");
}

// Random samples on a few streets, and routes over some of them. The recounts below go through the rows one
// by one, with definitions of their own.
class Recount : public Statistics {
 protected:
  struct Sample {
    std::string segment;
    double value;
    std::int64_t day;  // the city's, counted back from today
    std::vector<std::string> tags;
    bool rating;
    double age_days;
  };
  void SetUp() override {
    std::mt19937_64 random(seed());
    const auto pick = [&](int low, int high) {
      return std::uniform_int_distribution<int>(low, high)(random);
    };
    for (int i = 0; i < 6; ++i) streets.push_back(world().segment(60 + 0.0007 * i, 10 + 0.0003 * i));
    for (int i = 0; i < 250; ++i) {
      const auto& street = streets[static_cast<std::size_t>(pick(0, 5))];
      const std::string age =
          fmt::format("{} days {} seconds", pick(0, 3) == 0 ? pick(100, 200) : pick(0, 60), pick(0, 86399));
      std::string list;
      for (int t = pick(0, 3); t > 0; --t) list += (list.empty() ? "" : ",") + fmt::format("t{}", pick(1, 8));
      const int kind = pick(0, 9);
      if (kind < 6) rate(street, pick(1, 5), age, "{" + list + "}");
      if (kind == 6) rate(street, pick(1, 5), age, "{" + list + "}", "pending_review");
      if (kind > 6) vote(street, fmt::format("{}.{:05}", pick(1, 4), pick(0, 99999)), age);
    }
    const auto rows = world().owner.exec(
        "SELECT x.segment_id, x.value, (now() AT TIME ZONE 'America/New_York')::date - (x.at AT TIME ZONE "
        "'America/New_York')::date, array_to_json(x.tags), x.is_rating, extract(epoch FROM now() - x.at) / "
        "86400 FROM (SELECT segment_id, rating::float8 AS value, submitted_at AS at, tags, true AS is_rating "
        "FROM diary.ratings WHERE status = 'accepted' UNION ALL SELECT segment_id, implicit_rating, "
        "submitted_at, '{}', false FROM diary.votes) x");
    for (int i = 0; i < rows.size(); ++i) {
      Sample s{rows.str(i, 0), rows.real(i, 1), rows.integer(i, 2), {}, rows.boolean(i, 4), rows.real(i, 5)};
      const auto list = json::parse(rows.text(i, 3));
      for (const auto& tag : list.as_array()) s.tags.emplace_back(tag.as_string());
      samples.push_back(s);
    }
    for (int i = 0; i < 3; ++i) {
      std::vector<std::string> on;
      for (int n = pick(1, 5); n > 0; --n) on.push_back(streets[static_cast<std::size_t>(pick(0, 5))]);
      routes.emplace_back(route(person, false, on), std::set<std::string>(on.begin(), on.end()));
    }
  }
  void TearDown() override {
    world().owner.exec("DELETE FROM diary.routes WHERE user_id = $1", {person.user_id});
    for (const auto& street : streets)
      world().owner.exec("DELETE FROM diary.segments WHERE segment_id = $1", {street});
  }
  std::vector<std::string> streets;
  std::vector<Sample> samples;
  std::vector<std::pair<std::string, std::set<std::string>>> routes;
};

TEST_F(Recount, TrendsAgree) {
  for (const auto& [id, on] : routes) {
    for (const int window : {1, 7, 30, 200}) {
      std::map<std::string, json::object> points;
      const auto body = get(fmt::format("{}?route_id={}&window_days={}", trend, id, window));
      for (const auto& point : body.at("data_points").as_array())
        points[text_of(point.at("date"))] = point.as_object();
      std::size_t expected_points = 0;
      for (int back = 0; back < 90; ++back) {
        std::vector<double> values;
        for (const auto& s : samples)
          if (on.contains(s.segment) && s.day >= back && s.day < back + window) values.push_back(s.value);
        if (values.empty()) continue;
        ++expected_points;
        const auto n = static_cast<double>(values.size());
        double mean = 0;
        for (const double v : values) mean += v / n;
        double squares = 0;
        for (const double v : values) squares += (v - mean) * (v - mean);
        const auto date = day(back);
        ASSERT_TRUE(points.contains(date)) << date;
        const auto& point = points[date];
        EXPECT_EQ(point.at("n_samples").to_number<double>(), n) << date;
        EXPECT_NEAR(point.at("mean_rating").to_number<double>(), mean, 0.005000001) << date;
        EXPECT_NEAR(point.at("confidence").to_number<double>(), std::min(1.0, n / 10), 1e-9) << date;
        EXPECT_EQ(point.at("std_error").is_null(), n == 1) << date;
        if (n > 1) {
          EXPECT_NEAR(point.at("std_error").to_number<double>(), std::sqrt(squares / (n - 1) / n),
                      0.005000001)
              << date;
        }
      }
      EXPECT_EQ(points.size(), expected_points);
    }
  }
}

TEST_F(Recount, TagsAgree) {
  for (const auto& [id, on] : routes) {
    std::map<std::string, int> uses;
    int total = 0;
    for (const auto& s : samples) {
      if (!s.rating || !on.contains(s.segment) || s.age_days >= 180) continue;
      ++total;
      for (const auto& tag : std::set<std::string>(s.tags.begin(), s.tags.end())) ++uses[tag];
    }
    std::vector<std::pair<std::string, int>> sorted(uses.begin(), uses.end());
    std::ranges::stable_sort(sorted, std::ranges::greater{}, &std::pair<std::string, int>::second);
    const auto body = get(tags + "?top_n=5&route_id=" + id);
    EXPECT_EQ(body.at("total_ratings"), total);
    const auto& found = body.at("tags").as_array();
    ASSERT_EQ(found.size(), std::min<std::size_t>(5, sorted.size()));
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(text_of(found.at(i).at("tag")), sorted[i].first);
      EXPECT_EQ(found.at(i).at("count"), sorted[i].second);
      EXPECT_NEAR(found.at(i).at("percentage").to_number<double>(), 100.0 * sorted[i].second / total,
                  0.0500001);
    }
  }
}

TEST_F(Recount, CoverageAgrees) {
  // Cells big enough for the whole box: one cell, everything in it.
  const auto whole = get(coverage + "?bbox=59.999,9.999,60.01,10.01&grid_size=5000").at("cells").as_array();
  ASSERT_EQ(whole.size(), 1U);
  std::int64_t count = 0;
  for (const auto& s : samples)
    if (s.age_days < 180 && std::ranges::find(streets, s.segment) != streets.end()) ++count;
  EXPECT_EQ(whole.at(0).at("total_samples"), count);
  // Small ones: each street's samples stand in the cell of its middle, and it counts in all cells it touches.
  const double south = 9.999;
  const double west = 59.999;
  const auto cells = get(coverage + "?bbox=59.999,9.999,60.01,10.01&grid_size=60").at("cells").as_array();
  std::int64_t sum = 0;
  for (const auto& cell : cells) {
    const double lng = cell.at("center_lng").to_number<double>();
    const double lat = cell.at("center_lat").to_number<double>();
    const double height = (lat - south) / (cell.at("y").to_number<double>() + 0.5);
    const double width = (lng - west) / (cell.at("x").to_number<double>() + 0.5);
    EXPECT_NEAR(height * 110575 / 60, 1, 0.01);
    EXPECT_NEAR(width * 111320 * std::cos(lat * 3.14159265 / 180) / 60, 1, 0.01);
    std::int64_t expected_samples = 0;
    std::int64_t expected_streets = 0;
    double confidence = 0;
    for (std::size_t i = 0; i < streets.size(); ++i) {
      // Each runs 0.001 degrees east.
      const double x = 60 + 0.0007 * static_cast<double>(i);
      const double y = 10 + 0.0003 * static_cast<double>(i);
      if (std::abs(y - lat) > height / 2 || x + 0.001 < lng - width / 2 || x > lng + width / 2) continue;
      ++expected_streets;
      double weight = 0;
      const bool home = std::abs(x + 0.0005 - lng) < width / 2;
      for (const auto& s : samples) {
        if (s.segment != streets[i] || s.age_days >= 180) continue;
        weight += std::exp2(-s.age_days / 21);
        if (home) ++expected_samples;
      }
      confidence += std::min(1.0, weight / 10);
    }
    EXPECT_EQ(cell.at("segment_count"), expected_streets);
    EXPECT_EQ(cell.at("total_samples"), expected_samples);
    EXPECT_NEAR(cell.at("mean_confidence").to_number<double>(),
                confidence / static_cast<double>(expected_streets), 0.0111);
    sum += expected_samples;
  }
  EXPECT_EQ(sum, count);
}

}  // namespace
}  // namespace diary::http::test
