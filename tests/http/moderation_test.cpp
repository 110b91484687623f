// SPDX-License-Identifier: Apache-2.0
// GET and POST /moderation/ratings: the queue, and what a decision does to the scores.
#include <cmath>
#include <thread>

#include "http/rated.hpp"

namespace diary::http::test {
namespace {

constexpr const char* queue = "/api/v1/moderation/ratings";

class Moderation : public testing::Test {
 protected:
  static Person with_role(const std::string& role) {
    auto person = world().person();
    world().owner.exec("UPDATE auth.users SET role = $2 WHERE user_id = $1", {person.user_id, role});
    return person;
  }
  Answer decide(const std::string& id, const json::object& body) {
    return client.post(std::string(queue) + "/" + id, body);
  }
  Answer decide(const std::string& id, const char* status) { return decide(id, {{"status", status}}); }
  static std::string drift() { return world().one("SELECT count(*) FROM analytics.drift"); }
  static std::string live(const std::string& segment) {
    return world().one(
        "SELECT concat_ws(' ', n_samples, n_30d, n_60d) FROM analytics.segment_live WHERE segment_id = $1",
        {segment});
  }
  std::string pending(const std::string& age = "2 hours") {
    return insert_rating({segment, author.user_id, 5, age, "pending_review", "hm"});
  }

  std::string segment = world().segment();
  Person author = world().person();
  Person moderator = with_role("moderator");
  HttpClient client = world().client(moderator);
};

TEST_F(Moderation, IsForModerators) {
  const auto id = pending();
  const auto one = std::string(queue) + "/" + id;
  expect_problem(world().client().get(queue), 401, "unauthorized");
  expect_problem(world().client().post(one, {{"status", "accepted"}}), 401, "unauthorized");
  expect_problem(world().client(author).get(queue), 403, "forbidden");
  expect_problem(world().client(author).post(one, {{"status", "accepted"}}), 403, "forbidden");
  expect_problem(world().client(author).post(one, {{"status", "nonsense"}}), 403, "forbidden");
  EXPECT_EQ(world().one("SELECT status FROM diary.ratings WHERE rating_id = $1", {id}), "pending_review");
  EXPECT_EQ(world().client(with_role("admin")).post(one, {{"status", "accepted"}}).status, 200U);
}

TEST_F(Moderation, TheQueueIsWhatWaitsLongestFirst) {
  world().amend("UPDATE diary.ratings SET status = 'rejected' WHERE status = 'pending_review'");
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(pending(std::to_string(30 * i) + " days 2 hours"));
  close_months();
  insert_rating({world().segment(), author.user_id});
  for (const std::size_t limit : {1U, 2U, 5U, 100U}) {
    const auto rows = walk(client, queue, limit);
    ASSERT_EQ(rows.size(), 5U) << "pages of " << limit;
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(member(rows, i, "rating_id"), ids[4 - i]);
  }
  const auto page = client.get(queue).json();
  EXPECT_EQ(members(page), (std::set<std::string>{"status", "ratings", "limit"}));
  EXPECT_EQ(page.at("status"), "pending_review");
  const auto& row = page.at("ratings").as_array().front().as_object();
  EXPECT_EQ(members(row),
            (std::set<std::string>{"rating_id", "segment_id", "street", "rating", "tags", "comment",
                                   "timestamp", "device", "source", "user_id", "status", "matches"}));
  EXPECT_EQ(text_of(row.at("user_id")), author.user_id);
  EXPECT_EQ(client.get(std::string(queue) + "?status=pending_review").body, client.get(queue).body);
}

TEST_F(Moderation, WhatWasDecidedIsListedNewestFirst) {
  for (const char* status : {"accepted", "rejected"}) {
    const auto street = world().segment();
    const auto older = insert_rating({street, author.user_id, 3, "-1 minute", status});
    const auto newer = insert_rating({street, world().person().user_id, 3, "-2 minutes", status});
    const auto rows =
        client.get(std::string(queue) + "?limit=2&status=" + status).json().at("ratings").as_array();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(member(rows, 0, "rating_id"), newer);
    EXPECT_EQ(member(rows, 1, "rating_id"), older);
    EXPECT_EQ(member(rows, 0, "status"), status);
  }
  expect_problem(client.get(std::string(queue) + "?status=all"), 400, "validation_error", "status");
  for (const char* status : {"pending_review", "accepted", "rejected"})
    expect_page_checks(client, std::string(queue) + "?status=" + status, 100);
}

TEST_F(Moderation, AcceptingCountsFromWhenItWasSubmitted) {
  const auto id = pending("10 days");
  EXPECT_EQ(live(segment), "0 0 0");
  const auto answer = decide(id, "accepted");
  ASSERT_EQ(answer.status, 200U) << answer.body;
  const auto body = answer.json();
  EXPECT_EQ(text_of(body.at("rating_id")), id);
  EXPECT_EQ(body.at("status"), "accepted");
  EXPECT_EQ(body.at("previous_status"), "pending_review");
  const auto seen = client.get("/api/v1/diary/segments/" + segment).json();
  const double weight = std::exp2(-10.0 / 21);
  EXPECT_NEAR(seen.at("n_eff").to_number<double>(), weight, 0.00501) << "ten days of age";
  EXPECT_NEAR(seen.at("decayed_mean").to_number<double>(), (15 + 5 * weight) / (5 + weight), 0.00501);
  EXPECT_EQ(json::serialize(seen.at("top_tags")), R"(["lit"])");
  EXPECT_EQ(live(segment), "1 1 0");
  EXPECT_EQ(drift(), "0");
  EXPECT_EQ(
      client.get("/api/v1/diary/segments/" + segment + "/ratings").json().at("ratings").as_array().size(),
      1U);
}

TEST_F(Moderation, WindowsAndClosedMonthsFollow) {
  const std::vector<std::pair<std::string, std::string>> ages{
      {"1 hour", "1 1 0"},           {"29 days 23 hours", "1 1 0"}, {"30 days 1 hour", "1 0 1"},
      {"59 days 23 hours", "1 0 1"}, {"61 days", "1 0 0"},          {"179 days", "1 0 0"},
      {"181 days", "0 0 0"}};
  for (const auto& [age, counted] : ages) {
    segment = world().segment();
    const auto id = pending(age);
    close_months();
    ASSERT_EQ(decide(id, "accepted").status, 200U) << age;
    EXPECT_EQ(live(segment), counted) << age;
    EXPECT_EQ(drift(), "0") << age;
    ASSERT_EQ(decide(id, "rejected").status, 200U) << age;
    EXPECT_EQ(live(segment), "0 0 0") << age;
    EXPECT_EQ(drift(), "0") << age;
  }
}

TEST_F(Moderation, RejectingTakesItOutAndTheReasonIsTold) {
  const auto id = insert_rating({segment, author.user_id, 1, "2 hours", "accepted", "Ann lives here"});
  EXPECT_EQ(live(segment), "1 1 0");
  const auto answer = decide(id, {{"status", "rejected"}, {"reason", "Names a person."}});
  ASSERT_EQ(answer.status, 200U) << answer.body;
  EXPECT_EQ(answer.json().at("reason"), "Names a person.");
  EXPECT_EQ(live(segment), "0 0 0");
  const auto seen = world().client(author);
  EXPECT_EQ(
      member(world().client(author).get("/api/v1/me/ratings").json().at("ratings").as_array(), 0, "reason"),
      "Names a person.");
  EXPECT_EQ(
      world().one(
          "SELECT concat_ws(' ', old_data ->> 'status', new_data ->> 'status', new_data ->> "
          "'moderation_reason') "
          "FROM audit.log WHERE new_data ->> 'rating_id' = $1 AND operation = 'UPDATE' AND actor_id = $2",
          {id, moderator.user_id}),
      "accepted rejected Names a person.");
  const auto again = decide(id, "pending_review");
  EXPECT_EQ(again.json().at("previous_status"), "rejected");
  EXPECT_FALSE(again.json().contains("reason")) << "the reason goes with the decision";
  EXPECT_EQ(drift(), "0");
}

TEST_F(Moderation, NotBesideAnotherWithinTheHour) {
  const auto rejected = insert_rating({segment, author.user_id, 1, "3 hours", "rejected"});
  const auto later = insert_rating({segment, author.user_id, 2, "2 hours 1 minute"});
  expect_problem(decide(rejected, "accepted"), 409, "duplicate_rating");
  expect_problem(decide(rejected, "pending_review"), 409, "duplicate_rating");
  EXPECT_EQ(live(segment), "1 1 0");
  EXPECT_EQ(decide(later, "rejected").status, 200U);
  EXPECT_EQ(decide(rejected, "accepted").status, 200U);
  EXPECT_EQ(live(segment), "1 1 0");
  EXPECT_EQ(drift(), "0");
}

TEST_F(Moderation, FieldsAreChecked) {
  const auto id = pending();
  for (const json::value& wrong :
       {json::value("approved"), json::value(1), json::value(nullptr), json::value("")})
    expect_problem(decide(id, {{"status", wrong}}), 400, "validation_error", "status");
  expect_problem(decide(id, json::object{}), 400, "validation_error", "status");
  expect_problem(decide(id, {{"status", "accepted"}, {"note", "x"}}), 400, "validation_error", "note");
  const auto reason = [&](std::size_t length) {
    return decide(id, {{"status", "rejected"}, {"reason", std::string(length, 'x')}});
  };
  expect_problem(reason(501), 400, "validation_error", "reason");
  EXPECT_EQ(reason(500).status, 200U);
  expect_problem(decide(Uuid::random().text(), "accepted"), 404, "not_found");
  expect_problem(decide("no-uuid", "accepted"), 404, "not_found");
  expect_problem(client.get(std::string(queue) + "/" + id), 405, "method_not_allowed");
}

// Many moderators on the same few ratings, while their authors rate and delete: the last word stands, and the
// sums are those of a recount.
TEST_F(Moderation, ManyAtOnce) {
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i)
    ids.push_back(insert_rating({segment, world().person().user_id, 1 + i, "3 hours", "pending_review"}));
  std::vector<Person> moderators;
  for (int i = 0; i < 4; ++i) moderators.push_back(with_role("moderator"));
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (std::size_t m = 0; m < moderators.size(); ++m)
    threads.emplace_back([&, m] {
      auto one = world().client(moderators[m]);
      for (std::size_t i = 0; i < 20; ++i) {
        const char* status = (i + m) % 3 == 0 ? "accepted" : (i + m) % 3 == 1 ? "rejected" : "pending_review";
        if (one.post(std::string(queue) + "/" + ids[(i * (m + 1)) % ids.size()], {{"status", status}})
                .status != 200)
          ++wrong;
      }
    });
  threads.emplace_back([&] {
    for (int i = 0; i < 10; ++i) {
      auto one = world().client(world().person());
      const auto answer = one.post("/api/v1/diary/ratings", {{"segment_id", segment}, {"rating", 3}});
      if (answer.status != 201 ||
          one.send("DELETE", "/api/v1/diary/ratings/" + text_of(answer.json().at("rating_id"))).status != 204)
        ++wrong;
    }
  });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(drift(), "0");
  for (const auto& id : ids) EXPECT_EQ(decide(id, "accepted").status, 200U);
  EXPECT_EQ(live(segment), "4 4 0");
  EXPECT_EQ(drift(), "0");
}

TEST_F(Moderation, OneThatIsDeletedMeanwhileIsNotFound) {
  const auto id = pending();
  EXPECT_EQ(world().client(author).send("DELETE", "/api/v1/diary/ratings/" + id).status, 204U);
  expect_problem(decide(id, "accepted"), 404, "not_found");
  EXPECT_EQ(live(segment), "0 0 0");
}

}  // namespace
}  // namespace diary::http::test
