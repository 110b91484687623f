// SPDX-License-Identifier: Apache-2.0
// POST /diary/ratings for a whole route.
#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

class RouteRatings : public testing::Test {
 protected:
  // Over three streets, the first of them twice.
  std::string route(const Person& of, bool is_public) {
    for (auto& id : segments) id = world().segment();
    const auto id = Uuid::random().text();
    world().owner.exec(
        "INSERT INTO diary.routes (route_id, user_id, route_name, segment_ids, geometry, length_m, "
        "duration_min, "
        "is_public) VALUES ($1, $2, 'Home', ARRAY[$3, $4, $5, $3], ST_GeomFromText('LINESTRING(10 50,10.001 "
        "50)', "
        "4326), 210, 3, $6)",
        {id, of.user_id, segments[0], segments[1], segments[2], is_public});
    return id;
  }
  Answer post(json::object body) { return client.post(api::ratings, body); }
  std::string stored(const std::string& route_id) {
    return world().one(
        "SELECT coalesce(string_agg(r.rating::text, ',' ORDER BY array_position($2::text[], "
        "segment_id::text)), '') "
        "FROM diary.ratings r WHERE route_id = $1",
        {route_id, "{" + segments[0] + "," + segments[1] + "," + segments[2] + "}"});
  }
  std::string segments[3];
  Person person = world().person();
  HttpClient client = world().client(person);
};

TEST_F(RouteRatings, RateEverySegmentOnce) {
  const auto id = route(person, false);
  const auto rating_id = Uuid::random();
  const json::object body{{"rating_id", rating_id.text()},
                          {"route_id", id},
                          {"rating", 4},
                          {"tags", {"calm"}},
                          {"comment", "all of it"}};
  const auto answer = post(body);
  ASSERT_EQ(answer.status, 201U) << answer.body;
  EXPECT_EQ(members(answer.json()), (std::set<std::string>{"rating_id", "route_id", "rating", "tags",
                                                           "comment", "timestamp", "user_id", "status"}));
  EXPECT_EQ(text_of(answer.json().at("route_id")), id);
  EXPECT_EQ(text_of(answer.json().at("rating_id")), rating_id.text());
  EXPECT_EQ(stored(id), "4,4,4");
  for (const auto& segment : segments)
    EXPECT_EQ(world().one("SELECT segment_id FROM diary.ratings WHERE rating_id = $1",
                          {Uuid::derived(rating_id, segment).text()}),
              segment);
  const auto again = post(body);
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(again.body, answer.body);
  EXPECT_EQ(stored(id), "4,4,4");
  auto changed = body;
  changed["rating"] = 3;
  expect_problem(post(changed), 409, "idempotency_mismatch");
}

TEST_F(RouteRatings, OverridesChangeSingleOnes) {
  const auto id = route(person, false);
  const json::object body{{"rating_id", Uuid::random().text()},
                          {"route_id", id},
                          {"rating", 4},
                          {"overrides", {{{"segment_id", segments[1]}, {"rating", 1}}}}};
  ASSERT_EQ(post(body).status, 201U);
  EXPECT_EQ(stored(id), "4,1,4");
  EXPECT_EQ(post(body).status, 200U);
  auto changed = body;
  changed.erase("overrides");
  expect_problem(post(changed), 409, "idempotency_mismatch");
}

TEST_F(RouteRatings, OverridesAreChecked) {
  const auto id = route(person, false);
  const auto with = [&](const json::value& overrides) {
    return post({{"route_id", id}, {"rating", 4}, {"overrides", overrides}});
  };
  expect_problem(with({{{"segment_id", "another"}, {"rating", 1}}}), 400, "validation_error", "overrides");
  expect_problem(with({{{"segment_id", segments[0]}, {"rating", 6}}}), 400, "validation_error",
                 "overrides[0].rating");
  expect_problem(with({{{"segment_id", segments[0]}}}), 400, "validation_error", "overrides[0].rating");
  expect_problem(with({{{"rating", 3}}}), 400, "validation_error", "overrides[0].segment_id");
  expect_problem(with({{{"segment_id", segments[0]}, {"rating", 3}, {"x", 1}}}), 400, "validation_error",
                 "overrides[0].x");
  expect_problem(with(json::array{3}), 400, "validation_error", "overrides");
  expect_problem(with(3), 400, "validation_error", "overrides");
  EXPECT_EQ(stored(id), "");
}

TEST_F(RouteRatings, OverridesHaveTheirBound) {
  const auto id = route(person, false);
  const auto with = [&](std::size_t count, int rating) {
    json::array overrides;
    for (std::size_t i = 0; i < count; ++i)
      overrides.push_back(json::object{{"segment_id", "other" + std::to_string(i)}, {"rating", rating}});
    return post({{"route_id", id}, {"rating", 4}, {"overrides", overrides}});
  };
  const auto full = with(1000, 1);
  expect_problem(full, 400, "validation_error", "overrides");
  EXPECT_NE(full.body.find("is not a segment of the route"), std::string::npos) << full.body;
  const auto over = with(1001, 1);
  expect_problem(over, 400, "validation_error", "overrides");
  EXPECT_NE(over.body.find("at most 1000"), std::string::npos) << over.body;
  const auto wrong = with(1000, 6);
  expect_problem(wrong, 400, "validation_error", "overrides[0].rating");
  EXPECT_EQ(wrong.json().at("errors").as_array().size(), 100U) << "a hundred are named";
  EXPECT_TRUE(text_of(wrong.json().at("detail")).ends_with("; and 900 more"));
  expect_problem(
      post({{"route_id", id},
            {"rating", 4},
            {"overrides",
             {{{"segment_id", segments[0]}, {"rating", 1}}, {{"segment_id", segments[0]}, {"rating", 2}}}}}),
      400, "validation_error", "overrides[1].segment_id");
  expect_problem(post({{"segment_id", segments[0]},
                       {"rating", 4},
                       {"overrides", {{{"segment_id", segments[0]}, {"rating", 1}}}}}),
                 400, "validation_error", "overrides");
  EXPECT_EQ(stored(id), "");
}

TEST_F(RouteRatings, WhoseRoute) {
  const auto other = world().person();
  const auto open = route(other, true);
  EXPECT_EQ(post({{"route_id", open}, {"rating", 2}}).status, 201U);
  EXPECT_EQ(stored(open), "2,2,2");
  const auto hidden = route(other, false);
  expect_problem(post({{"route_id", hidden}, {"rating", 2}}), 404, "not_found");
  EXPECT_EQ(stored(hidden), "");
  const auto nobodys = post({{"route_id", Uuid::random().text()}, {"rating", 2}});
  expect_problem(nobodys, 404, "not_found");
  expect_problem(post({{"route_id", "x"}, {"rating", 2}}), 400, "validation_error", "route_id");
}

TEST_F(RouteRatings, AllOrNone) {
  const auto id = route(person, false);
  ASSERT_EQ(post({{"segment_id", segments[1]}, {"rating", 5}}).status, 201U);
  const auto answer = post({{"route_id", id}, {"rating", 2}});
  expect_problem(answer, 409, "duplicate_rating");
  EXPECT_GT(answer.json().at("retry_after").as_int64(), 3500);
  EXPECT_EQ(stored(id), "");
}

TEST_F(RouteRatings, CountAsOneSubmission) {
  const auto id = route(person, false);
  ASSERT_EQ(post({{"route_id", id}, {"rating", 2}}).status, 201U);
  for (int i = 0; i < 19; ++i)
    ASSERT_EQ(post({{"segment_id", world().segment()}, {"rating", 3}}).status, 201U);
  expect_problem(post({{"segment_id", world().segment()}, {"rating", 3}}), 429, "rate_limit_exceeded");
  expect_problem(post({{"route_id", route(person, false)}, {"rating", 3}}), 429, "rate_limit_exceeded");
}

TEST_F(RouteRatings, ARouteThatChangedIsNoRetry) {
  const auto id = route(person, false);
  const json::object body{{"rating_id", Uuid::random().text()}, {"route_id", id}, {"rating", 4}};
  ASSERT_EQ(post(body).status, 201U);
  world().owner.exec("UPDATE diary.routes SET segment_ids = segment_ids || $2::text WHERE route_id = $1",
                     {id, world().segment()});
  expect_problem(post(body), 409, "idempotency_mismatch");
  EXPECT_EQ(stored(id), "4,4,4");
}

}  // namespace
}  // namespace diary::http::test
