// SPDX-License-Identifier: Apache-2.0
// POST /diary/votes.
#include <cmath>

#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr const char* votes = "/api/v1/diary/votes";

class Votes : public testing::Test {
 protected:
  Answer post(json::object body) { return client.post(votes, body); }
  // Rated `n` times by others, some time ago.
  std::string rated(int n, int rating) {
    const auto segment = world().segment();
    for (int i = 0; i < n; ++i)
      world().owner.exec(
          "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at) "
          "VALUES ($1, $2, $3, now() - interval '30 hours')",
          {segment, world().person().user_id, rating});
    return segment;
  }
  // The formula at the instant of the vote, without the vote.
  double mean_at_vote(const std::string& segment) {
    const auto rows = world().owner.exec(
        "SELECT rating::float8, extract(epoch FROM v.received_at - r.submitted_at)::float8 / 86400 "
        "FROM diary.ratings r JOIN diary.votes v USING (segment_id) WHERE segment_id = $1",
        {segment});
    double sum = 15;
    double weights = 5;
    for (int i = 0; i < rows.size(); ++i) {
      const double weight = std::exp2(-rows.real(i, 1) / 21);
      sum += rows.real(i, 0) * weight;
      weights += weight;
    }
    return sum / weights;
  }
  std::string live(const std::string& segment) {
    return world().one("SELECT decayed_mean FROM analytics.segment_live WHERE segment_id = $1", {segment});
  }

  Person person = world().person();
  HttpClient client = world().client(person);
};

TEST_F(Votes, AnswerWithTheStoredRow) {
  const auto segment = world().segment();
  const auto id = Uuid::random().text();
  const auto at = after(-hours{1});
  const auto answer =
      post({{"vote_id", id}, {"segment_id", segment}, {"action", "safer"}, {"timestamp", at}});
  ASSERT_EQ(answer.status, 201U) << answer.body;
  const auto body = answer.json();
  EXPECT_EQ(members(body), (std::set<std::string>{"vote_id", "segment_id", "action", "implicit_rating",
                                                  "timestamp", "user_id", "status"}));
  EXPECT_EQ(text_of(body.at("vote_id")), id);
  EXPECT_EQ(text_of(body.at("segment_id")), segment);
  EXPECT_EQ(body.at("action"), "safer");
  EXPECT_EQ(body.at("implicit_rating").to_number<double>(), 4) << "unrated counts as 3";
  EXPECT_EQ(text_of(body.at("timestamp")), at);
  EXPECT_EQ(text_of(body.at("user_id")), person.user_id);
  EXPECT_EQ(body.at("status"), "accepted");
}

TEST_F(Votes, AgreeingIsTheScoreItselfAtFullPrecision) {
  const auto segment = rated(3, 5);
  const double before = std::stod(live(segment));
  const auto answer = post({{"segment_id", segment}, {"action", "agree"}});
  ASSERT_EQ(answer.status, 201U);
  const auto stored = world().one("SELECT implicit_rating FROM diary.votes WHERE segment_id = $1", {segment});
  EXPECT_NEAR(std::stod(stored), mean_at_vote(segment), 1e-8);
  EXPECT_GT(stored.size(), 12U) << stored << " was rounded";
  EXPECT_NEAR(std::stod(live(segment)), before, 1e-6) << "agreeing does not move the score";
}

TEST_F(Votes, SaferIsOneMoreAndFiveAtMost) {
  const auto middling = rated(3, 2);
  ASSERT_EQ(post({{"segment_id", middling}, {"action", "safer"}}).status, 201U);
  EXPECT_NEAR(
      std::stod(world().one("SELECT implicit_rating FROM diary.votes WHERE segment_id = $1", {middling})),
      mean_at_vote(middling) + 1, 1e-8);
  const auto best = rated(8, 5);
  const auto answer = post({{"segment_id", best}, {"action", "safer"}});
  EXPECT_EQ(answer.json().at("implicit_rating").to_number<double>(), 5);
}

TEST_F(Votes, FieldsAreChecked) {
  const auto segment = world().segment();
  expect_problem(post({{"segment_id", segment}}), 400, "validation_error", "action");
  expect_problem(post({{"action", "agree"}}), 400, "validation_error", "segment_id");
  for (const json::value& wrong :
       {json::value("Agree"), json::value("disagree"), json::value(1), json::value("")})
    expect_problem(post({{"segment_id", segment}, {"action", wrong}}), 400, "validation_error", "action");
  for (const json::value& wrong : {json::value(""), to_json(std::string(51, 'x')), json::value(1)})
    expect_problem(post({{"segment_id", wrong}, {"action", "agree"}}), 400, "validation_error", "segment_id");
  expect_problem(post({{"segment_id", segment}, {"action", "agree"}, {"rating", 3}}), 400, "validation_error",
                 "rating");
  expect_problem(post({{"segment_id", segment}, {"action", "agree"}, {"vote_id", "x"}}), 400,
                 "validation_error", "vote_id");
  expect_problem(
      post({{"segment_id", segment}, {"action", "agree"}, {"timestamp", after(-hours{24} - seconds{1})}}),
      400, "validation_error", "timestamp");
  EXPECT_EQ(
      post({{"segment_id", segment}, {"action", "agree"}, {"timestamp", after(-hours{24} + seconds{30})}})
          .status,
      201U);
  const auto answer = post({{"vote_id", 1}, {"segment_id", 2}, {"action", 3}, {"timestamp", 4}, {"x", 5}});
  expect_problem(answer, 400, "validation_error");
  EXPECT_EQ(wrong_fields(answer),
            (std::multiset<std::string>{"vote_id", "segment_id", "action", "timestamp", "x"}));
  expect_problem(post({{"segment_id", "none"}, {"action", "agree"}}), 404, "not_found");
}

TEST_F(Votes, TimesHaveTheirBounds) {
  const auto at = [&](std::chrono::microseconds offset) {
    return post({{"segment_id", world().segment()}, {"action", "agree"}, {"timestamp", after(offset)}});
  };
  EXPECT_EQ(at(seconds{60}).status, 201U);
  const auto begun = now();
  const auto ahead = at(seconds{62});
  if (now() - begun < seconds{2}) expect_problem(ahead, 400, "validation_error", "timestamp");
  expect_problem(at(hours{1}), 400, "validation_error", "timestamp");
  expect_problem(post({{"segment_id", world().segment()}, {"action", "agree"}, {"timestamp", "yesterday"}}),
                 400, "validation_error", "timestamp");
  EXPECT_EQ(post({{"segment_id", world().segment()},
                  {"action", "agree"},
                  {"timestamp", nullptr},
                  {"vote_id", nullptr}})
                .status,
            201U)
      << "null is as good as absent";
  expect_problem(world().client().post(votes, {{"segment_id", world().segment()}, {"action", "agree"}}), 401,
                 "unauthorized");
}

TEST_F(Votes, AKeyInTheHeaderIsAsGood) {
  const auto key = Uuid::random().text();
  const json::object body{{"segment_id", rated(1, 4)}, {"action", "safer"}};
  const auto first = client.post(votes, body, {{"Idempotency-Key", key}});
  ASSERT_EQ(first.status, 201U) << first.body;
  EXPECT_EQ(text_of(first.json().at("vote_id")), key);
  const auto again = client.post(votes, body, {{"Idempotency-Key", key}});
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(again.body, first.body);
  auto both = body;
  both["vote_id"] = key;
  EXPECT_EQ(client.post(votes, both, {{"Idempotency-Key", key}}).status, 200U);
  both["vote_id"] = Uuid::random().text();
  expect_problem(client.post(votes, both, {{"Idempotency-Key", key}}), 400, "validation_error",
                 "Idempotency-Key");
  expect_problem(client.post(votes, body, {{"Idempotency-Key", "x"}}), 400, "validation_error",
                 "Idempotency-Key");
  auto other = body;
  other["segment_id"] = world().segment();
  expect_problem(client.post(votes, other, {{"Idempotency-Key", key}}), 409, "idempotency_mismatch");
}

TEST_F(Votes, ARetryIsTheSameRow) {
  const json::object body{
      {"vote_id", Uuid::random().text()}, {"segment_id", rated(1, 5)}, {"action", "agree"}};
  const auto first = post(body);
  ASSERT_EQ(first.status, 201U);
  const auto again = post(body);
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(again.body, first.body);
  auto changed = body;
  changed["action"] = "safer";
  expect_problem(post(changed), 409, "idempotency_mismatch");
  expect_problem(world().client(world().person()).post(votes, body), 409, "idempotency_mismatch");
  EXPECT_EQ(client
                .post(votes, {{"segment_id", world().segment()}, {"action", "agree"}},
                      {{"Idempotency-Key", Uuid::random().text()}})
                .status,
            201U);
}

TEST_F(Votes, OnceADaySegmentAndAction) {
  const auto segment = world().segment();
  world().owner.exec(
      "INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating, submitted_at) "
      "VALUES ($1, $2, 'agree', 3, now() - interval '23 hours 59 minutes')",
      {segment, person.user_id});
  const auto answer = post({{"segment_id", segment}, {"action", "agree"}});
  expect_problem(answer, 409, "duplicate_vote");
  EXPECT_NEAR(answer.json().at("retry_after").to_number<double>(), 60, 5);
  EXPECT_EQ(post({{"segment_id", segment}, {"action", "safer"}}).status, 201U) << "another action";
  const auto older = world().segment();
  world().owner.exec(
      "INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating, submitted_at) "
      "VALUES ($1, $2, 'agree', 3, now() - interval '24 hours 1 second')",
      {older, person.user_id});
  EXPECT_EQ(post({{"segment_id", older}, {"action", "agree"}}).status, 201U);
}

TEST_F(Votes, FiftyAnHour) {
  for (int i = 0; i < 50; ++i)
    ASSERT_EQ(post({{"segment_id", world().segment()}, {"action", "agree"}}).status, 201U) << i;
  const auto answer = post({{"segment_id", world().segment()}, {"action", "agree"}});
  expect_problem(answer, 429, "rate_limit_exceeded");
  EXPECT_GT(answer.json().at("retry_after").as_int64(), 3500);
  EXPECT_LE(answer.json().at("retry_after").as_int64(), 3600);
  EXPECT_EQ(answer.header("retry-after"), json::serialize(answer.json().at("retry_after")));
  EXPECT_EQ(client.post("/api/v1/diary/ratings", {{"segment_id", world().segment()}, {"rating", 3}}).status,
            201U)
      << "ratings have a limit of their own";
}

}  // namespace
}  // namespace diary::http::test
