// SPDX-License-Identifier: Apache-2.0
// Saving routes, and finding, changing and deleting one's own.
#include "http/saved_routes_test.hpp"

namespace diary::http::test {
namespace {

const std::set<std::string> route_members{"route_id",         "route_name",   "segment_ids", "geometry",
                                          "length_m",         "duration_min", "avg_safety",  "is_public",
                                          "avg_safety_saved", "is_own",       "created_at",  "updated_at"};

class SavedRoutes : public testing::Test {
 protected:
  Answer post(const json::object& body) { return client.post(saved_routes, body); }
  Answer put(const std::string& id, const json::object& body) {
    return send_json(client, "PUT", one_route(id), body);
  }
  Answer patch(const std::string& id, const json::object& body) {
    return send_json(client, "PATCH", one_route(id), body);
  }
  std::string row(const std::string& id) {
    return world().one("SELECT coalesce(max(r::text), 'none') FROM diary.routes r WHERE route_id = $1", {id});
  }

  Person person = world().person();
  HttpClient client = world().client(person);
  std::vector<std::string> row_of_three = street_row(3);
};

TEST_F(SavedRoutes, ARouteHasExactlyItsMembers) {
  const auto answer = post(route_over(row_of_three));
  ASSERT_EQ(answer.status, 201U) << answer.body;
  const auto route = answer.json();
  EXPECT_EQ(members(route), route_members);
  EXPECT_EQ(answer.header("location"), one_route(text_of(route.at("route_id"))));
  EXPECT_EQ(text_of(route.at("route_name")), "To work");
  EXPECT_EQ(route.at("segment_ids"), json::value(to_array(row_of_three)));
  EXPECT_EQ(route.at("length_m").to_number<double>(), 210);
  EXPECT_EQ(route.at("duration_min").to_number<double>(), 2.52);
  EXPECT_EQ(route.at("avg_safety").to_number<double>(), 3);
  EXPECT_EQ(route.at("avg_safety_saved").to_number<double>(), 3);
  EXPECT_EQ(route.at("is_public"), false);
  EXPECT_EQ(route.at("is_own"), true);
  EXPECT_EQ(json::serialize(route.at("geometry")),
            json::serialize(json::parse(
                R"({"type":"LineString","coordinates":[[10,50],[10.001,50],[10.002,50],[10.003,50]]})")));
  const auto read = client.get(one_route(text_of(route.at("route_id"))));
  EXPECT_EQ(read.status, 200U);
  EXPECT_EQ(read.body, answer.body);
  EXPECT_NE(read.header("etag"), "");
}

TEST_F(SavedRoutes, WalkEachStreetTheWayTheyAreListed) {
  const std::vector<std::string> back(row_of_three.rbegin(), row_of_three.rend());
  const auto line = [&](const std::vector<std::string>& ids) {
    const auto answer = post(route_over(ids));
    EXPECT_EQ(answer.status, 201U) << answer.body;
    return json::serialize(answer.json().at("geometry").at("coordinates"));
  };
  EXPECT_EQ(line(back), json::serialize(json::parse("[[10.003,50],[10.002,50],[10.001,50],[10,50]]")));
  EXPECT_EQ(line({row_of_three[0]}), json::serialize(json::parse("[[10,50],[10.001,50]]")));
  EXPECT_EQ(line({row_of_three[1], row_of_three[1], row_of_three[2]}),
            json::serialize(json::parse("[[10.002,50],[10.001,50],[10.002,50],[10.003,50]]")));
}

TEST_F(SavedRoutes, ScoresAreThoseOfTheStreetsByLength) {
  const std::vector<std::string> ids{street(11, 50, 11.001, 50, 100), street(11.001, 50, 11.002, 50, 300)};
  const auto id = saved(client, route_over(ids));
  const auto other = world().person();
  auto rating = world().client(other);
  ASSERT_EQ(rating.post("/api/v1/diary/ratings", {{"segment_id", ids[1]}, {"rating", 5}}).status, 201U);
  const auto route = client.get(one_route(id)).json();
  EXPECT_EQ(route.at("avg_safety_saved").to_number<double>(), 3);
  EXPECT_EQ(route.at("avg_safety").to_number<double>(), 3.25);  // (100 * 3 + 300 * (15 + 5) / 6) / 400
  const auto now = post(route_over(ids)).json();
  EXPECT_EQ(now.at("avg_safety_saved").to_number<double>(), 3.25);
}

TEST_F(SavedRoutes, EndsMayLieTwentyFiveMetresApart) {
  // 0.0001 degrees of latitude are 11.12 m there.
  const auto first = street(12, 50, 12, 50.001);
  const auto near = street(12, 50.001 + 0.000224, 12, 50.002);  // 24.9 m
  const auto far = street(12, 50.001 + 0.000226, 12, 50.002);   // 25.1 m
  EXPECT_EQ(post(route_over({first, near})).status, 201U);
  EXPECT_EQ(post(route_over({near, first})).status, 201U);
  expect_problem(post(route_over({first, far})), 422, "unprocessable", "segment_ids[1]");
  expect_problem(post(route_over({far, first})), 422, "unprocessable", "segment_ids[1]");
}

TEST_F(SavedRoutes, TheBreakIsNamed) {
  const auto far = street(13, 50, 13.001, 50);
  const auto answer = post(route_over({row_of_three[0], row_of_three[1], far, row_of_three[2]}));
  expect_problem(answer, 422, "unprocessable", "segment_ids[2]");
  const auto message = text_of(answer.json().at("detail"));
  EXPECT_EQ(text_of(answer.json().at("value")), far);
  for (const std::string& part :
       {std::string("segment_ids[1]"), row_of_three[1], std::string("segment_ids[2]"), far})
    EXPECT_NE(message.find(part), std::string::npos) << part << " in " << message;
  // Each is next to the others, and yet nobody walks them in this order.
  const auto spur = street(10.001, 50, 10.001, 50.001);
  expect_problem(post(route_over({row_of_three[0], spur, row_of_three[1]})), 422, "unprocessable",
                 "segment_ids[2]");
  EXPECT_EQ(post(route_over({row_of_three[0], spur, spur, row_of_three[1]})).status, 201U);
}

TEST_F(SavedRoutes, UnknownStreetsAreNamed) {
  expect_problem(post(route_over({row_of_three[0], "nowhere"})), 422, "unprocessable", "segment_ids[1]");
  auto body = route_over(row_of_three);
  body["alt_segment_ids"] = {"nowhere"};
  expect_problem(post(body), 422, "unprocessable", "alt_segment_ids[0]");
}

TEST_F(SavedRoutes, FiguresThatAreSentAreCheckedWithinOnePercent) {
  const auto with = [&](const char* name, double value) {
    auto body = route_over(row_of_three);
    body[name] = value;
    return post(body);
  };
  for (const auto& [name, least, most] :
       {std::tuple{"length_m", 207.9, 212.1}, {"duration_min", 2.495, 2.545}, {"avg_safety", 2.97, 3.03}}) {
    EXPECT_EQ(with(name, least).status, 201U) << name;
    EXPECT_EQ(with(name, most).status, 201U) << name;
    expect_problem(with(name, least - 0.01), 422, "unprocessable", name);
    expect_problem(with(name, most + 0.01), 422, "unprocessable", name);
  }
  auto body = route_over(row_of_three);
  body["length_m"] = 212;
  EXPECT_EQ(post(body).json().at("length_m").to_number<double>(), 212);  // as sent
  body["length_m"] = 300;
  body["avg_safety"] = 4;
  EXPECT_EQ(wrong_fields(post(body)), (std::multiset<std::string>{"avg_safety", "length_m"}));
}

TEST_F(SavedRoutes, AGeometryThatIsSentFollowsTheStreets) {
  const auto with = [&](const char* coordinates) {
    auto body = route_over(row_of_three);
    body["geometry"] = {{"type", "LineString"}, {"coordinates", json::parse(coordinates)}};
    return post(body);
  };
  const auto fine = with("[[10,50.0001],[10.003,50.0001]]");  // 11 m beside, with fewer points
  ASSERT_EQ(fine.status, 201U) << fine.body;
  EXPECT_EQ(json::serialize(fine.json().at("geometry").at("coordinates")),
            json::serialize(json::parse("[[10,50.0001],[10.003,50.0001]]")));
  EXPECT_EQ(with("[[10,50.00022],[10.003,50.00022]]").status, 201U);  // 24.5 m
  for (const char* wrong :
       {"[[10,50.00023],[10.003,50.00023]]",          // 25.6 m beside
        "[[10,50],[10.0028,50]]",                     // too short
        "[[10,50],[10.003,50],[10.0031,50]]",         // too long
        "[[10.003,50],[10,50]]",                      // the other way round
        "[[10,50],[10.0015,50.00045],[10.003,50]]"})  // within 1 %, but 50 m off in the middle
    expect_problem(with(wrong), 422, "unprocessable", "geometry");
  auto single = route_over({row_of_three[0]});  // which has no direction
  single["geometry"] = {{"type", "LineString"}, {"coordinates", json::parse("[[10.001,50],[10,50]]")}};
  EXPECT_EQ(post(single).status, 201U);
}

TEST_F(SavedRoutes, MayHaveAnAlternative) {
  const auto detour = street(10, 50, 10.003, 50, 260);
  auto body = route_over(row_of_three);
  body["alt_segment_ids"] = {detour};
  body["alt_length_m"] = 261;
  const auto answer = post(body);
  ASSERT_EQ(answer.status, 201U) << answer.body;
  const auto route = answer.json();
  ASSERT_TRUE(route.contains("alternative"));
  const auto& alternative = route.at("alternative").as_object();
  EXPECT_EQ(members(alternative), (std::set<std::string>{"segment_ids", "geometry", "length_m",
                                                         "duration_min", "avg_safety", "avg_safety_saved"}));
  EXPECT_EQ(alternative.at("length_m").to_number<double>(), 261);
  EXPECT_EQ(alternative.at("duration_min").to_number<double>(), 3.12);
  body["alt_length_m"] = 300;
  expect_problem(post(body), 422, "unprocessable", "alt_length_m");
  const auto id = text_of(route.at("route_id"));
  EXPECT_TRUE(patch(id, {{"route_name", "Other"}}).json().contains("alternative"));
  EXPECT_FALSE(patch(id, {{"alt_segment_ids", nullptr}}).json().contains("alternative"));
  EXPECT_TRUE(patch(id, {{"alt_segment_ids", {detour}}}).json().contains("alternative"));
  EXPECT_FALSE(put(id, route_over(row_of_three)).json().contains("alternative"));
}

TEST_F(SavedRoutes, BodiesAreChecked) {
  const auto good = route_over(row_of_three);
  const auto with = [&](const char* name, const json::value& value) {
    auto body = good;
    body[name] = value;
    return post(body);
  };
  EXPECT_EQ(with("route_name", json::string(std::string(200, 'x'))).status, 201U);
  const json::array point{10, 50};
  for (const auto& [name, value] :
       std::vector<std::pair<const char*, json::value>>{{"route_name", nullptr},
                                                        {"route_name", ""},
                                                        {"route_name", json::string(std::string(201, 'x'))},
                                                        {"route_name", 1},
                                                        {"segment_ids", nullptr},
                                                        {"segment_ids", json::array()},
                                                        {"segment_ids", "a"},
                                                        {"segment_ids", {1}},
                                                        {"segment_ids", {""}},
                                                        {"segment_ids", {json::string(std::string(51, 'x'))}},
                                                        {"is_public", "yes"},
                                                        {"is_public", 1},
                                                        {"length_m", 0},
                                                        {"length_m", -1},
                                                        {"length_m", "210"},
                                                        {"length_m", 1e7},
                                                        {"duration_min", 0.001},
                                                        {"duration_min", 1e4},
                                                        {"avg_safety", 0.9},
                                                        {"avg_safety", 5.1},
                                                        {"route_id", "x"},
                                                        {"geometry", "x"},
                                                        {"user_id", to_json(person.user_id)},
                                                        {"is_own", true},
                                                        {"alt_length_m", 210},
                                                        {"alt_geometry", json::object()}})
    EXPECT_EQ(with(name, value).status, 400U) << name << " " << value;
  expect_problem(with("user_id", to_json(person.user_id)), 400, "validation_error", "user_id");
  expect_problem(with("alt_length_m", 210), 400, "validation_error", "alt_length_m");
  expect_problem(with("geometry", {{"type", "Point"}, {"coordinates", {point, point}}}), 400,
                 "validation_error", "geometry.type");
  for (const json::value& wrong :
       {json::value{point}, json::value{point, {10, 91}}, json::value{point, {181, 50}},
        json::value{point, {10}}, json::value{point, "x"}, json::value(1)})
    expect_problem(with("geometry", {{"type", "LineString"}, {"coordinates", wrong}}), 400,
                   "validation_error", "geometry.coordinates");
  expect_problem(with("geometry", {{"type", "LineString"}, {"coordinates", {point, point}}, {"crs", 1}}), 400,
                 "validation_error", "geometry.crs");
  EXPECT_EQ(wrong_fields(post({{"is_public", 1}, {"x", 1}})),
            (std::multiset<std::string>{"is_public", "route_name", "segment_ids", "x"}));
}

TEST_F(SavedRoutes, ARetriedPostIsTheSameRoute) {
  const auto id = Uuid::random().text();
  auto body = route_over(row_of_three);
  body["route_id"] = id;
  body["length_m"] = 211;
  body["geometry"] = {{"type", "LineString"},
                      {"coordinates", json::parse("[[10,50.0001],[10.003,50.0001]]")}};
  const auto first = post(body);
  ASSERT_EQ(first.status, 201U) << first.body;
  const auto before = row(id);
  const auto again = post(body);
  EXPECT_EQ(again.status, 200U) << again.body;
  EXPECT_EQ(again.body, first.body);
  for (const auto& [name, value] : std::vector<std::pair<const char*, json::value>>{
           {"route_name", "Home"},
           {"segment_ids", {row_of_three[0]}},
           {"is_public", true},
           {"length_m", 210},
           {"alt_segment_ids", {row_of_three[0]}},
           {"geometry", {{"type", "LineString"}, {"coordinates", json::parse("[[10,50],[10.003,50]]")}}}}) {
    auto changed = body;
    changed[name] = value;
    expect_problem(post(changed), 409, "idempotency_mismatch");
  }
  EXPECT_EQ(row(id), before);
}

TEST_F(SavedRoutes, AnIdempotencyKeyIsAnIdToo) {
  const auto key = Uuid::random().text();
  const auto with = [&](const json::object& body, const std::string& value) {
    return client.post(saved_routes, body, {{"Idempotency-Key", value}});
  };
  const auto first = with(route_over(row_of_three), key);
  ASSERT_EQ(first.status, 201U) << first.body;
  EXPECT_EQ(text_of(first.json().at("route_id")), key);
  EXPECT_EQ(with(route_over(row_of_three), key).status, 200U);
  expect_problem(with(route_over(row_of_three, true), key), 409, "idempotency_mismatch");
  expect_problem(with(route_over(row_of_three), "x"), 400, "validation_error", "Idempotency-Key");
  auto body = route_over(row_of_three);
  body["route_id"] = Uuid::random().text();
  expect_problem(with(body, key), 400, "validation_error", "Idempotency-Key");
}

TEST_F(SavedRoutes, PutCreatesAndReplaces) {
  const auto id = Uuid::random().text();
  const auto made = put(id, route_over(row_of_three));
  ASSERT_EQ(made.status, 201U) << made.body;
  EXPECT_EQ(text_of(made.json().at("route_id")), id);
  EXPECT_EQ(put(id, route_over(row_of_three)).status, 200U);
  auto body = route_over({row_of_three[0]}, true);
  body["route_id"] = id;
  const auto replaced = put(id, body);
  EXPECT_EQ(replaced.status, 200U) << replaced.body;
  EXPECT_EQ(replaced.json().at("length_m").to_number<double>(), 70);
  EXPECT_EQ(replaced.json().at("is_public"), true);
  EXPECT_EQ(replaced.json().at("created_at"), made.json().at("created_at"));
  EXPECT_NE(replaced.json().at("updated_at"), made.json().at("updated_at"));
  EXPECT_EQ(world().one("SELECT count(*) FROM diary.route_segments WHERE route_id = $1", {id}), "1");
  body["route_id"] = Uuid::random().text();
  expect_problem(put(id, body), 400, "validation_error", "route_id");
  expect_problem(put("x", route_over(row_of_three)), 400, "validation_error", "route_id");
  expect_problem(put(id, {{"route_name", "x"}}), 400, "validation_error", "segment_ids");
}

TEST_F(SavedRoutes, PatchChangesWhatItNames) {
  const auto id = saved(client, route_over(row_of_three));
  const auto before = client.get(one_route(id)).json();
  EXPECT_EQ(patch(id, {}).status, 200U);
  const auto renamed = patch(id, {{"route_name", "Home"}}).json();
  EXPECT_EQ(text_of(renamed.at("route_name")), "Home");
  EXPECT_EQ(renamed.at("geometry"), before.at("geometry"));
  EXPECT_EQ(renamed.at("is_public"), false);
  EXPECT_EQ(patch(id, {{"is_public", true}}).json().at("is_public"), true);
  const auto shorter = patch(id, {{"segment_ids", {row_of_three[0]}}}).json();
  EXPECT_EQ(shorter.at("length_m").to_number<double>(), 70);
  EXPECT_EQ(text_of(shorter.at("route_name")), "Home");
  EXPECT_EQ(shorter.at("is_public"), true);
  expect_problem(patch(id, {{"length_m", 70}}), 400, "validation_error", "length_m");
  expect_problem(patch(id, {{"segment_ids", nullptr}}), 400, "validation_error", "segment_ids");
  expect_problem(patch(id, {{"route_id", id}}), 400, "validation_error", "route_id");
  expect_problem(patch(id, {{"segment_ids", {"nowhere"}}}), 422, "unprocessable", "segment_ids[0]");
  expect_problem(patch(Uuid::random().text(), {}), 404, "not_found");
  expect_problem(patch("x", {}), 404, "not_found");
}

TEST_F(SavedRoutes, ChangeOnlyAsTheyWereSeen) {
  const auto id = saved(client, route_over(row_of_three));
  const auto tag = [&](const Headers& headers = {}) {
    return client.get(one_route(id), headers).header("etag");
  };
  const auto change = [&](const std::string& method, const json::object& body, const std::string& if_match) {
    return client.send(method, one_route(id), body.empty() ? "" : json::serialize(body),
                       {{"Content-Type", "application/json"}, {"If-Match", if_match}});
  };
  const auto first = tag();
  EXPECT_EQ(change("PATCH", {{"route_name", "Second"}}, first).status, 200U);
  expect_problem(change("PATCH", {{"route_name", "Third"}}, first), 412, "precondition_failed");
  expect_problem(change("PUT", route_over(row_of_three), first), 412, "precondition_failed");
  expect_problem(change("DELETE", {}, first), 412, "precondition_failed");
  expect_problem(change("PATCH", {{"route_name", "Third"}}, "W/" + tag()), 412, "precondition_failed");
  expect_problem(change("PATCH", {{"route_name", "Third"}}, "x"), 412, "precondition_failed");
  EXPECT_EQ(text_of(client.get(one_route(id)).json().at("route_name")), "Second");
  EXPECT_EQ(change("PUT", route_over(row_of_three), first + ", " + tag()).status, 200U);
  EXPECT_EQ(change("PATCH", {{"route_name", "Fourth"}}, tag({{"Accept", "application/geo+json"}})).status,
            200U);
  EXPECT_EQ(change("PATCH", {{"route_name", "Fifth"}}, "*").status, 200U);
  EXPECT_EQ(change("DELETE", {}, tag()).status, 204U);
  expect_problem(change("PUT", route_over(row_of_three), "*"), 412, "precondition_failed");
  expect_problem(change("DELETE", {}, first), 404, "not_found");
}

TEST_F(SavedRoutes, ATagOfTheCompressedFormIsATagToo) {
  const auto row = street_row(40, 40, 40);
  const auto id = saved(client, route_over(row));
  const auto tag = client.get(one_route(id), {{"Accept-Encoding", "gzip"}}).header("etag");
  ASSERT_NE(tag.find("-gzip"), std::string::npos);
  EXPECT_EQ(client.send("DELETE", one_route(id), "", {{"If-Match", tag}}).status, 204U);
}

TEST_F(SavedRoutes, DeletedIsGone) {
  const auto id = saved(client, route_over(row_of_three));
  const auto answer = client.send("DELETE", one_route(id));
  EXPECT_EQ(answer.status, 204U) << answer.body;
  expect_problem(client.get(one_route(id)), 404, "not_found");
  expect_problem(client.send("DELETE", one_route(id)), 404, "not_found");
  EXPECT_EQ(row(id), "none");
}

TEST_F(SavedRoutes, RatingsOutliveTheirRoute) {
  const auto id = saved(client, route_over(row_of_three));
  ASSERT_EQ(client.post("/api/v1/diary/ratings", {{"route_id", id}, {"rating", 4}}).status, 201U);
  EXPECT_EQ(client.send("DELETE", one_route(id)).status, 204U);
  EXPECT_EQ(world().one("SELECT count(*) || ' ' || count(route_id) FROM diary.ratings WHERE user_id = $1",
                        {person.user_id}),
            "3 0");
}

TEST_F(SavedRoutes, AreFeaturesForThoseWhoWish) {
  const auto id = saved(client, route_over(row_of_three));
  const auto answer = client.get(one_route(id), {{"Accept", "application/geo+json"}});
  EXPECT_EQ(answer.header("content-type"), "application/geo+json");
  const auto feature = answer.json();
  EXPECT_EQ(members(feature), (std::set<std::string>{"type", "id", "geometry", "properties"}));
  auto expected = route_members;
  expected.erase("geometry");
  EXPECT_EQ(members(feature.at("properties").as_object()), expected);
  const auto page =
      client.get(std::string(saved_routes) + "?limit=1", {{"Accept", "application/geo+json"}}).json();
  EXPECT_EQ(text_of(page.at("type")), "FeatureCollection");
  EXPECT_EQ(page.at("features").as_array().size(), 1U);
}

TEST_F(SavedRoutes, AnAccountThatIsOffSavesNothing) {
  const auto id = saved(client, route_over(row_of_three));
  world().owner.exec("UPDATE auth.users SET is_active = false WHERE user_id = $1", {person.user_id});
  expect_problem(post(route_over(row_of_three)), 401, "unauthorized");
  expect_problem(put(id, route_over(row_of_three)), 401, "unauthorized");
  expect_problem(patch(id, {}), 401, "unauthorized");
  expect_problem(client.send("DELETE", one_route(id)), 401, "unauthorized");
  EXPECT_NE(row(id), "none");
}

TEST_F(SavedRoutes, WritingNeedsAToken) {
  auto nobody = world().client();
  const auto id = saved(client, route_over(row_of_three));
  expect_problem(nobody.post(saved_routes, route_over(row_of_three)), 401, "unauthorized");
  expect_problem(send_json(nobody, "PUT", one_route(id), route_over(row_of_three)), 401, "unauthorized");
  expect_problem(send_json(nobody, "PATCH", one_route(id), json::object{}), 401, "unauthorized");
  expect_problem(nobody.send("DELETE", one_route(id)), 401, "unauthorized");
}

}  // namespace
}  // namespace diary::http::test
