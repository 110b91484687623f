// SPDX-License-Identifier: Apache-2.0
// GET /diary/segments and /diary/segments/{id}.

#include <cmath>

#include "http/api_test.hpp"
#include "support/gunzip.hpp"

namespace diary::http::test {
namespace {

constexpr const char* list = "/api/v1/diary/segments";
const std::set<std::string> segment_members{"segment_id",   "street",    "neighborhood", "length_m",
                                            "geometry",     "n_eff",     "confidence",   "top_tags",
                                            "decayed_mean", "delta_30d", "last_updated"};

class Segments : public testing::Test {
 protected:
  // Three hundred streets in a row of their own, once.
  static void SetUpTestSuite() {
    world().owner.exec(
        "INSERT INTO diary.segments (segment_id, street, neighborhood, length_m, geometry) "
        "SELECT 'row_' || lpad(i::text, 4, '0'), 'Row ' || i, 'Fishtown', 85.10, "
        "ST_SetSRID(ST_MakeLine(ST_MakePoint(-75 + i * 0.001, 40), ST_MakePoint(-75 + i * 0.001 + 0.001, "
        "40)), "
        "4326) FROM generate_series(1, 300) i");
    world().settle();
  }
  Answer get(const std::string& query) { return client.get(list + query); }
  std::vector<std::string> ids(const json::object& page) {
    std::vector<std::string> found;
    for (const auto& s : page.at("segments").as_array()) found.emplace_back(s.at("segment_id").as_string());
    return found;
  }
  std::int64_t total(const std::string& query) {
    const auto answer = get(query);
    EXPECT_EQ(answer.status, 200U) << query << ": " << answer.body;
    return answer.status == 200 ? answer.json().at("total").as_int64() : -1;
  }

  HttpClient client = world().client();
  const std::string box = "?bbox=-75,39.9,-74,40.1";
};

TEST_F(Segments, APageHasExactlyItsMembers) {
  const auto page = get(box + "&limit=2").json();
  EXPECT_EQ(members(page), (std::set<std::string>{"segments", "total", "limit", "offset", "next_cursor"}));
  EXPECT_EQ(page.at("total"), 300);
  EXPECT_EQ(page.at("limit"), 2);
  EXPECT_EQ(page.at("offset"), 0);
  const auto& first = page.at("segments").at(0).as_object();
  EXPECT_EQ(members(first), segment_members);
  EXPECT_EQ(first.at("segment_id"), "row_0001");
  EXPECT_EQ(first.at("street"), "Row 1");
  EXPECT_EQ(first.at("neighborhood"), "Fishtown");
  EXPECT_EQ(
      json::serialize(first.at("geometry")),
      json::serialize(json::parse(R"({"type":"LineString","coordinates":[[-74.999,40],[-74.998,40]]})")));
  EXPECT_EQ(first.at("length_m").to_number<double>(), 85.1);
  EXPECT_EQ(first.at("decayed_mean").to_number<double>(), 3);
  EXPECT_EQ(first.at("n_eff").to_number<double>(), 0);
  EXPECT_EQ(first.at("confidence").to_number<double>(), 0);
  EXPECT_EQ(first.at("delta_30d").to_number<double>(), 0);
  EXPECT_TRUE(first.at("top_tags").as_array().empty());
  EXPECT_TRUE(parse_rfc3339(first.at("last_updated").as_string()));
}

TEST_F(Segments, LimitHasItsBounds) {
  EXPECT_EQ(ids(get(box + "&limit=1").json()).size(), 1U);
  EXPECT_EQ(ids(get(box).json()).size(), 100U);
  EXPECT_EQ(ids(get(box + "&limit=1000").json()).size(), 300U);
  for (const char* wrong : {"0", "1001", "-1", "ten", "", "1.5", "99999999999999999999"})
    expect_problem(get(box + "&limit=" + wrong), 400, "validation_error", "limit");
}

TEST_F(Segments, BoxesAreChecked) {
  EXPECT_EQ(total("?bbox=-180,-90,180,90"), total(""));
  EXPECT_EQ(total("?bbox=0,0,1,1"), 0);
  EXPECT_EQ(total("?bbox=-74.9995,39.9999,-74.9985,40.0001"), 1);
  for (const char* wrong :
       {"", "1,2,3", "1,2,3,4,5", "3,0,1,1", "1,0,1,1", "0,1,1,1", "0,2,1,1", "-181,0,1,1", "0,0,180.1,1",
        "0,-90.5,1,1", "0,0,1,91", "nan,0,1,1", "0,0,inf,1", "0,0,1e999,1", "a,b,c,d", "0,0,1,1x", "0,,1,1"})
    expect_problem(get(std::string("?bbox=") + wrong), 400, "validation_error", "bbox");
}

TEST_F(Segments, ConfidenceFilters) {
  EXPECT_EQ(total(box + "&min_confidence=0"), 300);
  EXPECT_EQ(total(box + "&min_confidence=1"), 0);
  const auto rated = world().segment(20, 20);
  world().owner.exec(
      "INSERT INTO auth.users (email, password_hash) SELECT 'c' || i || '@example.org', '!' FROM "
      "generate_series(1, 5) i");
  world().owner.exec(
      "INSERT INTO diary.ratings (segment_id, user_id, rating) SELECT $1, user_id, 4 FROM auth.users "
      "WHERE email ~ '^c[1-5]@'",
      {rated});
  world().settle();
  EXPECT_EQ(total("?bbox=19,19,21,21&min_confidence=0.4"), 1);
  EXPECT_EQ(total("?bbox=19,19,21,21&min_confidence=0.51"), 0);
  for (const char* wrong : {"-0.01", "1.01", "nan", "x", ""})
    expect_problem(get(std::string("?min_confidence=") + wrong), 400, "validation_error", "min_confidence");
}

TEST_F(Segments, UpdatedAfterFilters) {
  EXPECT_EQ(total(box + "&updated_after=2000-01-01T00:00:00Z"), 300);
  EXPECT_EQ(total(box + "&updated_after=" + after(std::chrono::hours{1})), 0);
  EXPECT_EQ(total(box + "&updated_after=2000-01-01T00:00:00%2B01:00"), 300);
  for (const char* wrong : {"yesterday", "2026-01-01", "2026-01-01T00:00:00", ""})
    expect_problem(get(std::string("?updated_after=") + wrong), 400, "validation_error", "updated_after");
}

TEST_F(Segments, CursorsWalkTheWholeCityOnce) {
  const auto all = ids(get("?limit=1000").json());
  std::vector<std::string> walked;
  std::string cursor;
  int pages = 0;
  do {
    const auto page = get("?limit=37" + (cursor.empty() ? "" : "&cursor=" + cursor)).json();
    for (const auto& id : ids(page)) walked.push_back(id);
    EXPECT_EQ(page.at("total"), all.size());
    cursor = page.contains("next_cursor") ? std::string(page.at("next_cursor").as_string()) : "";
  } while (!cursor.empty() && ++pages < 100);
  EXPECT_EQ(walked, all);
  EXPECT_EQ(std::set<std::string>(walked.begin(), walked.end()).size(), walked.size());
}

TEST_F(Segments, ACursorIsTakenBackWhateverTheIds) {
  world().owner.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT v, 'Ü', 1, "
      "ST_GeomFromText('LINESTRING(60 60,60.001 60)', 4326) FROM unnest(ARRAY['a-é', 'b-街', 'c-🚶', "
      "repeat('ж', 50)]) v");
  world().settle();
  std::set<std::string> walked;
  std::string cursor;
  for (int page = 0; page < 4; ++page) {
    const auto answer = get("?bbox=59,59,61,61&limit=1" + (cursor.empty() ? "" : "&cursor=" + cursor));
    ASSERT_EQ(answer.status, 200U) << answer.body;
    const auto body = answer.json();
    for (const auto& id : ids(body)) walked.insert(id);
    cursor = body.contains("next_cursor") ? std::string(body.at("next_cursor").as_string()) : "";
    EXPECT_EQ(cursor.empty(), page == 3);
  }
  EXPECT_EQ(walked.size(), 4U);
}

TEST_F(Segments, ForeignCursorsAreRefused) {
  for (const char* wrong : {"", "1", "0", "garbage", "161626", "16", "1zz", "2616263", "100", "1ff", "1c3"})
    expect_problem(get(std::string("?cursor=") + wrong), 400, "validation_error", "cursor");
}

TEST_F(Segments, OffsetsSkip) {
  const auto all = ids(get(box + "&limit=1000").json());
  const auto page = get(box + "&limit=10&offset=295").json();
  EXPECT_EQ(ids(page), std::vector<std::string>(all.end() - 5, all.end()));
  EXPECT_EQ(page.at("offset"), 295);
  EXPECT_EQ(page.at("total"), 300);
  EXPECT_FALSE(page.contains("next_cursor"));
  const auto beyond = get(box + "&offset=300").json();
  EXPECT_EQ(beyond.at("total"), 300);
  EXPECT_TRUE(ids(beyond).empty());
  for (const char* wrong : {"-1", "x", "1.5", ""})
    expect_problem(get(std::string("?offset=") + wrong), 400, "validation_error", "offset");
}

TEST_F(Segments, AllWrongParametersAreNamedAtOnce) {
  const auto answer = get("?bbox=1&limit=0&min_confidence=2&offset=-1&cursor=x&updated_after=x");
  expect_problem(answer, 400, "validation_error");
  EXPECT_EQ(wrong_fields(answer), (std::multiset<std::string>{"bbox", "limit", "min_confidence", "offset",
                                                              "cursor", "updated_after"}));
}

TEST_F(Segments, WhatIsEchoedIsAlwaysJson) {
  std::string ends_in_half_a_letter(199, 'x');
  ends_in_half_a_letter += "%C3%A9";
  expect_problem(get("?bbox=" + ends_in_half_a_letter), 400, "validation_error", "bbox");
  for (const char* broken : {"?bbox=%ff", "?%ff=1", "?limit=%c3%28", "/%ff", "/%c3", "/%ed%a0%80", "/%00"})
    expect_problem(get(broken), 400, "malformed");
}

TEST_F(Segments, GeoJsonOnRequest) {
  const Headers accept{{"Accept", "application/geo+json"}};
  const auto answer = client.get(list + box + "&limit=2", accept);
  EXPECT_EQ(answer.header("content-type"), "application/geo+json");
  const auto page = answer.json();
  EXPECT_EQ(page.at("type"), "FeatureCollection");
  const auto& feature = page.at("features").at(1).as_object();
  EXPECT_EQ(feature.at("type"), "Feature");
  EXPECT_EQ(feature.at("id"), "row_0002");
  EXPECT_EQ(feature.at("geometry").at("type"), "LineString");
  auto expected = segment_members;
  expected.erase("geometry");
  EXPECT_EQ(members(feature.at("properties").as_object()), expected);
  EXPECT_EQ(client.get(std::string(list) + "/row_0001", accept).json().at("type"), "Feature");
}

TEST_F(Segments, OneById) {
  const auto answer = get("/row_0007");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(members(answer.json()), segment_members);
  EXPECT_EQ(answer.json().at("segment_id"), "row_0007");
  expect_problem(get("/no_such"), 404, "not_found");
  expect_problem(get("/" + std::string(300, 'x')), 404, "not_found");
  expect_problem(get("/%27%3B%20DROP%20TABLE"), 404, "not_found");
}

TEST_F(Segments, AsOfAPastMoment) {
  const auto segment = world().segment();
  const auto user = world().person();
  world().owner.exec(
      "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at, received_at) "
      "VALUES ($1, $2, 5, now() - interval '21 days', now() - interval '21 days')",
      {segment, user.user_id});
  const auto mean_at = [&](const std::string& at) {
    const auto answer = get("/" + segment + "?at=" + at);
    EXPECT_EQ(answer.status, 200U) << answer.body;
    return answer.json().at("decayed_mean").to_number<double>();
  };
  EXPECT_EQ(mean_at(after(-std::chrono::hours{22 * 24})), 3);             // before it
  EXPECT_EQ(mean_at(after(-std::chrono::minutes{21 * 1440 - 1})), 3.33);  // 20 / 6
  EXPECT_EQ(mean_at(after(-std::chrono::seconds{1})), 3.18);              // 17.5 / 5.5
  EXPECT_EQ(mean_at("2020-01-01T00:00:00Z"), 3);
  expect_problem(get("/" + segment + "?at=" + after(std::chrono::seconds{30})), 400, "validation_error",
                 "at");
  expect_problem(get("/" + segment + "?at=tomorrow"), 400, "validation_error", "at");
  expect_problem(get("/no_such?at=2020-01-01T00:00:00Z"), 404, "not_found");
}

TEST_F(Segments, TagsOfReadsAreHonoured) {
  const auto first = get("/row_0001");
  const auto tag = first.header("etag");
  ASSERT_EQ(tag.front(), '"');
  for (const auto& match : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
    const auto again = client.get(std::string(list) + "/row_0001", {{"If-None-Match", match}});
    EXPECT_EQ(again.status, 304U) << match;
    EXPECT_EQ(again.header("etag"), tag);
    EXPECT_TRUE(again.body.empty());
    EXPECT_NE(again.header("content-length"), "0") << "of a 304 it is the length that a 200 would have";
  }
  EXPECT_EQ(client.get(std::string(list) + "/row_0001", {{"If-None-Match", "\"other\""}}).status, 200U);
  EXPECT_NE(get("/row_0002").header("etag"), tag);
}

TEST_F(Segments, CompressedForThoseWhoTakeIt) {
  const auto target = list + box;
  const auto plain = client.get(target);
  EXPECT_EQ(plain.header("content-encoding"), "");
  const auto packed = client.get(target, {{"Accept-Encoding", "br, gzip;q=0.8"}});
  EXPECT_EQ(packed.header("content-encoding"), "gzip");
  EXPECT_NE(packed.header("vary").find("Accept-Encoding"), std::string::npos);
  EXPECT_EQ(support::gunzip(packed.body), plain.body);
  EXPECT_NE(packed.header("etag"), plain.header("etag"));
  EXPECT_EQ(
      client.get(target, {{"Accept-Encoding", "gzip"}, {"If-None-Match", packed.header("etag")}}).status,
      304U);
  EXPECT_EQ(client.get(target, {{"Accept-Encoding", "gzip;q=0.01"}}).header("content-encoding"), "gzip");
  for (const char* refused : {"gzip;q=0", "gzip;q=0.000", "identity", "br"})
    EXPECT_EQ(client.get(target, {{"Accept-Encoding", refused}}).header("content-encoding"), "") << refused;
}

}  // namespace
}  // namespace diary::http::test
