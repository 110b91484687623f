// SPDX-License-Identifier: Apache-2.0
// GET /diary/routes, and how many and how long routes may be.
#include <atomic>
#include <thread>

#include "http/saved_routes_test.hpp"

namespace diary::http::test {
namespace {

class SavedRouteLists : public testing::Test {
 protected:
  std::vector<std::string> ids(HttpClient& of, const std::string& query) {
    const auto answer = of.get(saved_routes + query);
    EXPECT_EQ(answer.status, 200U) << answer.body;
    const auto page = answer.json();
    std::vector<std::string> found;
    for (const auto& route : page.at("routes").as_array()) found.push_back(text_of(route.at("route_id")));
    return found;
  }
  Answer get(const std::string& query) { return client.get(saved_routes + query); }

  Person person = world().person();
  HttpClient client = world().client(person);
  HttpClient nobody = world().client();
};

// Inserts `count` routes of `person` over one street.
void insert_routes(const Person& person, const std::string& segment, int count) {
  world().owner.exec(
      "INSERT INTO diary.routes (user_id, route_name, segment_ids, geometry, length_m, duration_min) "
      "SELECT $1, 'Many', ARRAY[$2::text], geometry, 70, 1 FROM diary.segments, generate_series(1, $3::int) "
      "WHERE segment_id = $2",
      {person.user_id, segment, count});
}

TEST_F(SavedRouteLists, HoldOwnAndPublicOnesNewestFirst) {
  const auto row = street_row(2, 30, 10);
  const auto query = "?segment_id=" + row[0];
  const auto own = saved(client, route_over(row));
  auto other = world().client(world().person());
  const auto open = saved(other, route_over(row, true));
  const auto hidden = saved(other, route_over(row));
  EXPECT_EQ(ids(client, query), (std::vector<std::string>{open, own}));
  EXPECT_EQ(ids(other, query), (std::vector<std::string>{hidden, open}));
  EXPECT_EQ(ids(nobody, query), (std::vector<std::string>{open}));
  const auto page = get(query).json();
  EXPECT_EQ(members(page), (std::set<std::string>{"routes", "limit"}));
  EXPECT_EQ(page.at("limit"), 50);
  EXPECT_EQ(page.at("routes").at(0).at("is_own"), false);
  EXPECT_EQ(page.at("routes").at(1).at("is_own"), true);
}

TEST_F(SavedRouteLists, AreFilteredByPlaceAndStreet) {
  const auto row = street_row(3, 31, 10);
  auto with_alternative = route_over({row[0]});
  with_alternative["alt_segment_ids"] = {row[2]};
  const auto first = saved(client, with_alternative);
  const auto second = saved(client, route_over({row[1]}));
  EXPECT_EQ(ids(client, "?bbox=30.9,9.9,31.0005,10.1"), (std::vector<std::string>{first}));
  EXPECT_EQ(ids(client, "?bbox=30.9,9.9,31.1,10.1"), (std::vector<std::string>{second, first}));
  EXPECT_EQ(ids(client, "?bbox=32.9,9.9,33,10.1"), std::vector<std::string>{});
  EXPECT_EQ(ids(client, "?segment_id=" + row[1]), (std::vector<std::string>{second}));
  EXPECT_EQ(ids(client, "?segment_id=" + row[2]), (std::vector<std::string>{first}));
  EXPECT_EQ(ids(client, "?segment_id=nowhere"), std::vector<std::string>{});
  expect_problem(get("?bbox=1,2,3"), 400, "validation_error", "bbox");
  expect_problem(get("?segment_id="), 400, "validation_error", "segment_id");
  expect_problem(get("?segment_id=" + std::string(51, 'x')), 400, "validation_error", "segment_id");
}

TEST_F(SavedRouteLists, ArePagedByCursor) {
  const auto row = street_row(1, 34, 10);
  std::vector<std::string> all;
  for (int i = 0; i < 5; ++i) all.insert(all.begin(), saved(client, route_over(row)));
  const std::string query = "?segment_id=" + row[0] + "&limit=2";
  std::vector<std::string> walked;
  std::string cursor;
  for (int pages = 0; pages < 3; ++pages) {
    const auto page = get(query + (cursor.empty() ? "" : "&cursor=" + cursor)).json();
    for (const auto& route : page.at("routes").as_array()) walked.push_back(text_of(route.at("route_id")));
    if (pages == 0) walked.push_back("new"), saved(client, route_over(row));  // no later page moves
    EXPECT_EQ(page.contains("next_cursor"), pages < 2);
    cursor = page.contains("next_cursor") ? text_of(page.at("next_cursor")) : "";
  }
  std::erase(walked, "new");
  EXPECT_EQ(walked, all);
  for (const char* wrong : {"", "x", "1", "161", "161-61", "2aa-bb"})
    expect_problem(get(std::string("?cursor=") + wrong), 400, "validation_error", "cursor");
  for (const char* wrong : {"0", "101", "x"})
    expect_problem(get(std::string("?limit=") + wrong), 400, "validation_error", "limit");
}

TEST_F(SavedRouteLists, LimitHasItsBounds) {
  const auto row = street_row(1, 35, 10);
  insert_routes(person, row[0], 101);
  const auto query = "?segment_id=" + row[0];
  EXPECT_EQ(ids(client, query + "&limit=1").size(), 1U);
  EXPECT_EQ(ids(client, query).size(), 50U);
  EXPECT_EQ(ids(client, query + "&limit=100").size(), 100U);
}

TEST_F(SavedRouteLists, FiveHundredMayBeSaved) {
  const auto row = street_row(1, 36, 10);
  insert_routes(person, row[0], 499);
  auto body = route_over(row);
  body["route_id"] = Uuid::random().text();
  ASSERT_EQ(client.post(saved_routes, body).status, 201U);
  expect_problem(client.post(saved_routes, route_over(row)), 409, "conflict");
  expect_problem(send_json(client, "PUT", one_route(Uuid::random().text()), route_over(row)), 409,
                 "conflict");
  EXPECT_EQ(client.post(saved_routes, body).status, 200U);  // which is there
  const auto id = text_of(body.at("route_id"));
  EXPECT_EQ(send_json(client, "PUT", one_route(id), route_over(row)).status, 200U);
  EXPECT_EQ(client.send("DELETE", one_route(id)).status, 204U);
  EXPECT_EQ(client.post(saved_routes, route_over(row)).status, 201U);
}

TEST_F(SavedRouteLists, TwoAtOnceDoNotPassTheLimit) {
  const auto row = street_row(1, 37, 10);
  insert_routes(person, row[0], 499);
  std::vector<std::thread> threads;
  std::atomic<int> created = 0;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      auto one = world().client(person);
      if (one.post(saved_routes, route_over(row)).status == 201) ++created;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(created, 1);
  EXPECT_EQ(world().one("SELECT count(*) FROM diary.routes WHERE user_id = $1", {person.user_id}), "500");
}

// A row of 10,000 streets of 71.5 m, or of `length_m`, made at once.
std::vector<std::string> long_row(const std::string& name, double lat, double length_m = 71.5) {
  world().owner.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry) "
      "SELECT $1 || i, 'Long Row', $3::numeric, ST_SetSRID(ST_MakeLine(ST_MakePoint(i * 0.001, $2), "
      "ST_MakePoint(i * 0.001 + 0.001, $2)), 4326) FROM generate_series(1, 10000) i",
      {name, lat, length_m});
  std::vector<std::string> ids;
  for (int i = 1; i <= 10'000; ++i) ids.push_back(name + std::to_string(i));
  return ids;
}

TEST_F(SavedRouteLists, TenThousandStreetsAreARoute) {
  auto row = long_row("long_", 60);
  const auto answer = client.post(saved_routes, route_over(row));
  ASSERT_EQ(answer.status, 201U) << answer.body.substr(0, 500);
  EXPECT_EQ(answer.json().at("length_m").to_number<double>(), 715'000);
  EXPECT_EQ(answer.json().at("geometry").at("coordinates").as_array().size(), 10'001U);
  // A page ends with the route that has brought so many streets.
  saved(client, route_over({row[0]}));
  saved(client, route_over({row[0]}));
  const auto query = std::string("?segment_id=") + row[0];
  EXPECT_EQ(ids(client, query).size(), 3U);
  const auto again = saved(client, route_over(row));
  EXPECT_EQ(ids(client, query), (std::vector<std::string>{again}));
  const auto page = get(query).json();
  ASSERT_TRUE(page.contains("next_cursor"));
  const auto rest = get(query + "&cursor=" + text_of(page.at("next_cursor"))).json();
  EXPECT_EQ(rest.at("routes").as_array().size(), 3U);
  EXPECT_FALSE(rest.contains("next_cursor"));

  auto body = route_over(row);
  body["geometry"] = answer.json().at("geometry");
  EXPECT_EQ(client.post(saved_routes, body).status, 201U);
  row.push_back(row.back());
  expect_problem(client.post(saved_routes, route_over(row)), 400, "validation_error", "segment_ids");
}

TEST_F(SavedRouteLists, EightHundredKilometresAreTheMost) {
  const auto row = long_row("far_", 61, 80);
  EXPECT_EQ(client.post(saved_routes, route_over(row)).status, 201U);
  world().owner.exec("UPDATE diary.segments SET length_m = 80.01 WHERE segment_id = 'far_1'");
  expect_problem(client.post(saved_routes, route_over(row)), 422, "unprocessable");
}

}  // namespace
}  // namespace diary::http::test
