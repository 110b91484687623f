// SPDX-License-Identifier: Apache-2.0
// GET /me/ratings and DELETE /diary/ratings/{rating_id}: what people do with their own.
#include <thread>

#include "http/rated.hpp"

namespace diary::http::test {
namespace {

constexpr const char* mine = "/api/v1/me/ratings";

class OwnRatings : public testing::Test {
 protected:
  Answer remove(const std::string& id) { return client.send("DELETE", std::string(api::ratings) + "/" + id); }
  std::string live(const std::string& segment) {
    return world().one(
        "SELECT n_samples || ' ' || round(decayed_mean, 6) FROM analytics.segment_live WHERE segment_id = $1",
        {segment});
  }
  static std::string drift() { return world().one("SELECT count(*) FROM analytics.drift"); }

  Person person = world().person();
  HttpClient client = world().client(person);
};

TEST_F(OwnRatings, AreShownWhateverBecameOfThem) {
  const auto segment = world().segment();
  insert_rating({segment, person.user_id, 1, "3 hours", "pending_review", "hm"});
  const auto rejected = insert_rating({segment, person.user_id, 2, "5 hours", "rejected"});
  insert_rating({segment, person.user_id, 3, "7 hours"});
  insert_rating({segment, world().person().user_id, 5, "9 hours"});
  world().amend("UPDATE diary.ratings SET moderation_reason = 'a name in it' WHERE rating_id = $1",
                {rejected});
  const auto answer = client.get(mine);
  ASSERT_EQ(answer.status, 200U) << answer.body;
  const auto page = answer.json();
  EXPECT_EQ(members(page), (std::set<std::string>{"ratings", "limit"}));
  const auto& rows = page.at("ratings").as_array();
  ASSERT_EQ(rows.size(), 3U) << "nobody else's";
  EXPECT_EQ(members(rows[0].as_object()),
            (std::set<std::string>{"rating_id", "segment_id", "street", "rating", "tags", "comment",
                                   "timestamp", "device", "source", "user_id", "status"}));
  EXPECT_EQ(member(rows, 0, "status"), "pending_review");
  EXPECT_EQ(member(rows, 0, "user_id"), person.user_id);
  EXPECT_EQ(member(rows, 1, "status"), "rejected");
  EXPECT_EQ(member(rows, 1, "reason"), "a name in it");
  EXPECT_EQ(member(rows, 2, "status"), "accepted");
  EXPECT_EQ(world().one("SELECT submitted_at = $2::timestamptz FROM diary.ratings WHERE rating_id = $1",
                        {rejected, member(rows, 1, "timestamp")}),
            "t")
      << "one's own times are exact";
}

TEST_F(OwnRatings, PageByPageOverClosedMonths) {
  const auto segment = world().segment();
  for (int i = 0; i < 9; ++i)
    insert_rating({segment, person.user_id, 1 + i % 5, std::to_string(15 * i) + " days"});
  close_months();
  for (const std::size_t limit : {1U, 4U, 9U, 100U}) {
    const auto rows = walk(client, mine, limit);
    ASSERT_EQ(rows.size(), 9U) << "pages of " << limit;
    for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ(rows.at(i).at("rating"), 1 + i % 5);
  }
  expect_page_checks(client, mine, 100);
}

TEST_F(OwnRatings, NeedAToken) {
  expect_problem(world().client().get(mine), 401, "unauthorized");
  expect_problem(world().client().send("DELETE", std::string(api::ratings) + "/" + Uuid::random().text()),
                 401, "unauthorized");
}

TEST_F(OwnRatings, ADeletedOneIsGoneEverywhere) {
  const auto segment = world().segment();
  const auto before = live(segment);
  const json::object body{
      {"rating_id", Uuid::random().text()}, {"segment_id", segment}, {"rating", 1}, {"tags", {"dark"}}};
  ASSERT_EQ(client.post(api::ratings, body).status, 201U);
  ASSERT_NE(live(segment), before);
  const auto answer = remove(text_of(body.at("rating_id")));
  EXPECT_EQ(answer.status, 204U) << answer.body;
  EXPECT_EQ(answer.body, "");
  const auto seen = client.get("/api/v1/diary/segments/" + segment).json();
  EXPECT_EQ(seen.at("n_eff").to_number<double>(), 0);
  EXPECT_EQ(seen.at("decayed_mean").to_number<double>(), 3);
  EXPECT_EQ(seen.at("top_tags"), json::array{});
  EXPECT_EQ(live(segment), before);
  EXPECT_EQ(client.get("/api/v1/diary/segments/" + segment + "/ratings").json().at("ratings"), json::array{});
  EXPECT_EQ(client.get(mine).json().at("ratings"), json::array{});
  EXPECT_EQ(drift(), "0");
  EXPECT_EQ(world().one(
                "SELECT actor_id FROM audit.log WHERE operation = 'DELETE' AND old_data ->> 'rating_id' = $1",
                {text_of(body.at("rating_id"))}),
            person.user_id);
  expect_problem(remove(text_of(body.at("rating_id"))), 404, "not_found");
}

TEST_F(OwnRatings, ALateRetryDoesNotBringItBack) {
  const auto segment = world().segment();
  const json::object body{{"rating_id", Uuid::random().text()}, {"segment_id", segment}, {"rating", 1}};
  ASSERT_EQ(client.post(api::ratings, body).status, 201U);
  ASSERT_EQ(remove(text_of(body.at("rating_id"))).status, 204U);
  expect_problem(client.post(api::ratings, body), 409, "idempotency_mismatch");
  expect_problem(world().client(world().person()).post(api::ratings, body), 409, "idempotency_mismatch");
  auto another = body;
  another["rating_id"] = Uuid::random().text();
  EXPECT_EQ(client.post(api::ratings, another).status, 201U) << "a new one may come at once";
}

// Or the limit of an hour could be passed by deleting.
TEST_F(OwnRatings, DeletedOnesCountAmongThoseOfTheHour) {
  for (int i = 0; i < 20; ++i) {
    const auto answer = client.post(api::ratings, {{"segment_id", world().segment()}, {"rating", 3}});
    ASSERT_EQ(answer.status, 201U) << i << answer.body;
    if (i % 2 > 0) continue;
    ASSERT_EQ(remove(text_of(answer.json().at("rating_id"))).status, 204U);
  }
  const auto over = client.post(api::ratings, {{"segment_id", world().segment()}, {"rating", 3}});
  expect_problem(over, 429, "rate_limit_exceeded");
  EXPECT_GT(over.json().at("retry_after").as_int64(), 3500);
}

TEST_F(OwnRatings, OthersAndUnknownOnesAreNotFound) {
  const auto segment = world().segment();
  const auto others = insert_rating({segment, world().person().user_id});
  expect_problem(remove(others), 404, "not_found");
  EXPECT_EQ(world().one("SELECT count(*) FROM diary.ratings WHERE rating_id = $1", {others}), "1");
  expect_problem(remove(Uuid::random().text()), 404, "not_found");
  expect_problem(remove("no-uuid"), 404, "not_found");
}

TEST_F(OwnRatings, OfAClosedMonthCanBeDeletedAsWell) {
  const auto segment = world().segment();
  const auto id = insert_rating({segment, person.user_id, 1, "70 days"});
  insert_rating({segment, world().person().user_id, 5, "71 days"});
  close_months();
  ASSERT_EQ(world().one("SELECT count(*) FROM diary.closed_ratings WHERE id = $1", {id}), "1");
  EXPECT_EQ(world().one("SELECT n FROM analytics.segment_state WHERE segment_id = $1", {segment}), "2");
  EXPECT_EQ(remove(id).status, 204U);
  EXPECT_EQ(world().one("SELECT n FROM analytics.segment_state WHERE segment_id = $1", {segment}), "1");
  EXPECT_EQ(world().one("SELECT count(*) FROM diary.closed_ratings WHERE id = $1", {id}), "0");
  EXPECT_EQ(drift(), "0");
  expect_problem(client.post(api::ratings, {{"rating_id", id}, {"segment_id", segment}, {"rating", 1}}), 409,
                 "idempotency_mismatch");
}

TEST_F(OwnRatings, ARatedRouteCanBeDeletedByItsOneId) {
  const auto a = world().segment();
  const auto b = world().segment();
  const auto route = Uuid::random().text();
  world().owner.exec(
      "INSERT INTO diary.routes (route_id, user_id, route_name, segment_ids, geometry, length_m, "
      "duration_min) VALUES "
      "($1, $2, 'Home', ARRAY[$3, $4], ST_GeomFromText('LINESTRING(10 50,10.001 50)', 4326), 140, 2)",
      {route, person.user_id, a, b});
  const json::object body{{"rating_id", Uuid::random().text()}, {"route_id", route}, {"rating", 2}};
  ASSERT_EQ(client.post(api::ratings, body).status, 201U);
  const auto rows = client.get(mine).json().at("ratings").as_array();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(member(rows, 0, "route_id"), route);
  EXPECT_EQ(remove(text_of(body.at("rating_id"))).status, 204U);
  EXPECT_EQ(client.get(mine).json().at("ratings"), json::array{});
  EXPECT_EQ(live(a), "0 3.000000");
  EXPECT_EQ(live(b), "0 3.000000");
  expect_problem(client.post(api::ratings, body), 409, "idempotency_mismatch");
  expect_problem(remove(text_of(body.at("rating_id"))), 404, "not_found");
}

TEST_F(OwnRatings, IsDeletedOnceHoweverManyAsk) {
  const auto segment = world().segment();
  const auto id = insert_rating({segment, person.user_id, 1});
  std::atomic<int> gone = 0;
  std::atomic<int> absent = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i)
    threads.emplace_back([&] {
      auto status = world().client(person).send("DELETE", std::string(api::ratings) + "/" + id).status;
      if (status == 204) ++gone;
      if (status == 404) ++absent;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(gone, 1);
  EXPECT_EQ(absent, 5);
  EXPECT_EQ(drift(), "0");
}

}  // namespace
}  // namespace diary::http::test
