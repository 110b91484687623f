// SPDX-License-Identifier: Apache-2.0
// GET /diary/segments/{id}/explain: the parts are the score, to the last digit.
#include <fmt/format.h>

#include <cmath>
#include <random>

#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

std::string path(const std::string& segment) {
  return "/api/v1/diary/segments/" + segment + "/explain";
}

class Explain : public testing::Test {
 protected:
  json::object get(const std::string& target) {
    const auto answer = client.get(target);
    EXPECT_EQ(answer.status, 200U) << target << ": " << answer.body;
    last = answer.body;
    return answer.status == 200 ? answer.json() : json::object{};
  }
  // In decimals, which JSON numbers as doubles are not: by PostgreSQL's jsonb, which keeps them.
  std::string decimals(const std::string& expression) {
    return world().one("SELECT " + expression + " FROM (SELECT $1::jsonb AS e) x", {last});
  }
  void expect_sums() {
    const std::string every =
        "(SELECT sum((b ->> '{0}')::numeric) FROM (SELECT e -> 'prior' AS b UNION ALL "
        "SELECT jsonb_array_elements(e -> 'ratings' -> 'by_age') UNION ALL SELECT "
        "jsonb_array_elements(e -> 'votes' -> 'by_age')) parts)";
    for (const auto& [of, total] : {std::pair{"part", "decayed_mean"}, std::pair{"weight", "sum_of_weights"},
                                    std::pair{"weighted_sum", "weighted_sum"}})
      EXPECT_EQ(decimals(fmt::format(fmt::runtime(every + " = (e ->> '{1}')::numeric"), of, total)), "t")
          << of << " in " << last;
    EXPECT_EQ(decimals("(e ->> 'sum_of_weights')::numeric = 5 + (e ->> 'n_eff')::numeric"), "t") << last;
    EXPECT_EQ(decimals("abs((e ->> 'weighted_sum')::numeric / (e ->> 'sum_of_weights')::numeric - (e ->> "
                       "'decayed_mean')::numeric) < 1e-14"),
              "t")
        << last;
  }
  std::string sample(const std::string& table, const std::string& segment, const std::string& columns,
                     const std::string& values, const std::string& age, const std::string& before = "now") {
    return world().one(
        fmt::format(
            "WITH u AS (INSERT INTO auth.users (email, password_hash) VALUES "
            "(gen_random_uuid()::text, '!') RETURNING user_id) INSERT INTO diary.{} (segment_id, "
            "user_id, submitted_at, {}) SELECT $1, user_id, $3::timestamptz - $2::interval, {} FROM u "
            "RETURNING user_id",
            table, columns, values),
        {segment, age, before});
  }
  HttpClient client = world().client();
  std::string last;
};

TEST_F(Explain, AnUnratedStreetIsAllPrior) {
  const auto segment = world().segment();
  const auto e = get(path(segment));
  EXPECT_EQ(members(e),
            (std::set<std::string>{"segment_id", "at", "decayed_mean", "n_eff", "confidence", "n_samples",
                                   "kish_n", "sum_of_weights", "weighted_sum", "prior", "ratings", "votes",
                                   "delta_30d", "tags", "interval"}));
  EXPECT_EQ(e.at("segment_id"), to_json(segment));
  EXPECT_EQ(json::serialize(e.at("prior")),
            json::serialize(json::parse(R"({"mean":3,"weight":5,"weighted_sum":15,"part":3})")));
  EXPECT_EQ(json::serialize(e.at("delta_30d")),
            json::serialize(
                json::parse(R"({"value":0,"recent":{"n":0,"mean":null},"older":{"n":0,"mean":null}})")));
  EXPECT_EQ(e.at("decayed_mean"), 3);
  EXPECT_EQ(e.at("kish_n"), 0);
  EXPECT_EQ(e.at("ratings").at("by_age").as_array().size(), 5U);
  EXPECT_TRUE(e.at("ratings").at("by_age").at(0).at("mean_value").is_null());
  EXPECT_TRUE(e.at("tags").as_array().empty());
  // t of 5 degrees at 97.5 % is 2.5706, times sqrt(2 / 5)
  EXPECT_NEAR(e.at("interval").at("low").to_number<double>(), 1.37, 1e-9);
  EXPECT_NEAR(e.at("interval").at("high").to_number<double>(), 4.63, 1e-9);
  expect_sums();
}

TEST_F(Explain, EachAgeHasItsBucket) {
  const auto segment = world().segment();
  const std::pair<const char*, int> ages[] = {
      {"0", 0},       {"6 days 23:59", 0},  {"7 days", 1},  {"29 days 23:59", 1},
      {"30 days", 2}, {"59 days 23:59", 2}, {"60 days", 3}, {"89 days 23:59", 3},
      {"90 days", 4}, {"179 days 23:59", 4}};
  for (const auto& [age, bucket] : ages)
    sample("ratings", segment, "rating", std::to_string(bucket + 1), age);
  sample("ratings", segment, "rating", "5", "180 days");
  sample("ratings", segment, "rating, status", "5, 'rejected'", "0");
  sample("votes", segment, "action, implicit_rating", "'agree', 3.5", "0");
  sample("votes", segment, "action, implicit_rating", "'safer', 4.5", "8 days");
  const auto e = get(path(segment));
  const char* const edges[] = {"0 7", "7 30", "30 60", "60 90", "90 180"};
  for (std::size_t i = 0; i < 5; ++i) {
    const auto& bucket = e.at("ratings").at("by_age").at(i);
    EXPECT_EQ(members(bucket.as_object()),
              (std::set<std::string>{"from_days", "to_days", "count", "mean_value", "weight", "weighted_sum",
                                     "part"}));
    EXPECT_EQ(fmt::format("{} {}", bucket.at("from_days").as_int64(), bucket.at("to_days").as_int64()),
              edges[i]);
    EXPECT_EQ(bucket.at("count"), 2);
    EXPECT_EQ(bucket.at("mean_value"), i + 1);
    EXPECT_EQ(e.at("votes").at("by_age").at(i).at("count"), i < 2 ? 1 : 0);
  }
  EXPECT_EQ(e.at("n_samples"), 12);
  EXPECT_EQ(e.at("votes").at("agree"), 1);
  EXPECT_EQ(e.at("votes").at("safer"), 1);
  EXPECT_EQ(e.at("delta_30d").at("recent").at("n"), 6);
  EXPECT_EQ(e.at("delta_30d").at("older").at("n"), 2);
  EXPECT_EQ(e.at("delta_30d").at("older").at("mean"), 3);
  expect_sums();
}

TEST_F(Explain, FiftyAgreeingVotesAreNoEvidence) {
  const auto segment = world().segment();
  for (int i = 0; i < 5; ++i) sample("ratings", segment, "rating, tags", "4, '{lit}'", "0");
  const auto before = get(path(segment));
  for (int i = 0; i < 50; ++i)
    sample("votes", segment, "action, implicit_rating",
           fmt::format("'agree', (SELECT decayed_mean FROM analytics.segment_live WHERE segment_id = '{}')",
                       segment),
           "0");
  const auto after = get(path(segment));
  const auto number = [](const json::value& value) { return value.to_number<double>(); };
  EXPECT_NEAR(number(after.at("n_eff")), 55, 0.01);
  EXPECT_NEAR(number(after.at("votes").at("by_age").at(0).at("weight")), 50, 0.01);
  EXPECT_NEAR(number(after.at("votes").at("decayed_mean_without")), 3.5, 1e-4);
  EXPECT_NEAR(number(after.at("decayed_mean")), number(before.at("decayed_mean")), 1e-4);
  for (const char* end : {"low", "high"})
    EXPECT_NEAR(number(after.at("interval").at(end)), number(before.at("interval").at(end)), 0.011)
        << "the interval stands on the ratings alone";
  EXPECT_EQ(json::serialize(after.at("tags")), R"([{"tag":"lit","count":5}])");
  expect_sums();
}

TEST_F(Explain, PartsAreTheScoreWhateverTheSamples) {
  const char* given = std::getenv("DIARY_TEST_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  fmt::print("DIARY_TEST_SEED={}\n", seed);
  std::mt19937_64 random(seed);
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  for (int round = 0; round < 12; ++round) {
    const auto segment = world().segment();
    double w = 0;
    double w2 = 0;
    for (int n = pick(1, 40); n > 0; --n) {
      const int age_s = pick(0, 1) == 0 ? pick(0, 179 * 86400) : pick(0, 40 * 86400);
      const std::string age = fmt::format("{} seconds", age_s);
      const double weight = std::exp2(-age_s / 86400.0 / 21);
      w += weight;
      w2 += weight * weight;
      if (pick(0, 2) > 0)
        sample("ratings", segment, "rating", std::to_string(pick(1, 5)), age);
      else
        sample("votes", segment, "action, implicit_rating",
               fmt::format("'safer', {}.{:09}", pick(1, 4), pick(0, 999'999'999)), age);
    }
    const auto e = get(path(segment));
    expect_sums();
    EXPECT_NEAR(e.at("kish_n").to_number<double>(), w * w / w2, 0.01);
    const std::string at = text_of(e.at("at"));
    EXPECT_EQ(
        world().one("SELECT $2::jsonb ->> 'decayed_mean' = trim_scale(decayed_mean)::text AND $2::jsonb "
                    "->> 'n_eff' = trim_scale(n_eff)::text FROM analytics.segment_live($3::timestamptz) "
                    "WHERE segment_id = $1",
                    {segment, last, at}),
        "t")
        << last;
    // The live state, which runs on.
    EXPECT_EQ(world().one("SELECT abs(decayed_mean - ($2::jsonb ->> 'decayed_mean')::numeric) < 1e-5 FROM "
                          "analytics.segment_live WHERE segment_id = $1",
                          {segment, last}),
              "t");
    const auto shown = client.get("/api/v1/diary/segments/" + segment + "?at=" + at).json();
    for (const char* name : {"decayed_mean", "n_eff"})
      EXPECT_EQ(world().one(fmt::format("SELECT round(($1::jsonb ->> '{}')::numeric, 2)", name), {last}),
                world().one("SELECT round($1::numeric, 2)", {json::serialize(shown.at(name))}))
          << name;
    EXPECT_EQ(shown.at("confidence"), e.at("confidence"));
    EXPECT_EQ(shown.at("delta_30d"), e.at("delta_30d").at("value"));
    const auto again = get(path(segment) + "?at=" + at);
    EXPECT_EQ(json::serialize(again), json::serialize(e)) << "the same moment, asked for later";
  }
}

// The mean of the prior and the ratings is 2.8564021701399005 in as many digits as the ratings alone give it,
// which rounds up, and a little less in the digits that it has beside a vote.
TEST_F(Explain, PartsAreTheScoreAtTheEdgeOfRounding) {
  const auto segment = world().segment();
  const auto at = world().one(
      "SELECT to_char(date_trunc('second', now()) AT TIME ZONE 'UTC' - interval '48 hours', "
      "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')");
  sample("ratings", segment, "rating", "5", "34 hours", at);
  sample("votes", segment, "action, implicit_rating", "'safer', 3.340000034", "24 hours", at);
  EXPECT_EQ(get(path(segment) + "?at=" + at).at("n_samples"), 2);
  expect_sums();
}

TEST_F(Explain, WhatIsWrongIsNamed) {
  const auto segment = world().segment();
  expect_problem(client.get(path("nowhere")), 404, "not_found");
  expect_problem(client.get(path("nowhere") + "?at=2026-01-01T00:00:00Z"), 404, "not_found");
  for (const std::string& wrong : {std::string("yesterday"), std::string(), after(std::chrono::hours{1})})
    expect_problem(client.get(path(segment) + "?at=" + wrong), 400, "validation_error", "at");
  EXPECT_EQ(get(path(segment) + "?at=2001-01-01T00:00:00Z").at("at"), "2001-01-01T00:00:00Z");
}

}  // namespace
}  // namespace diary::http::test
