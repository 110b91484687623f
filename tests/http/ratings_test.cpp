// SPDX-License-Identifier: Apache-2.0
// POST /diary/ratings for a segment.
#include <cmath>

#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::string times(int n, const std::string& text) {
  std::string out;
  for (int i = 0; i < n; ++i) out += text;
  return out;
}

class Ratings : public testing::Test {
 protected:
  Answer post(json::object body, const Headers& headers = {}) {
    return client.post(api::ratings, body, headers);
  }
  // A rating that is right but for one member.
  Answer with(const char* name, const std::string& text) { return with(name, to_json(text)); }
  Answer with(const char* name, const char* text) { return with(name, json::value(text)); }
  Answer with(const char* name, const json::value& value) {
    json::object body{{"segment_id", world().segment()}, {"rating", 4}};
    body[name] = value;
    return post(std::move(body));
  }
  void expect_refused(const char* name, const std::string& text) { expect_refused(name, to_json(text)); }
  void expect_refused(const char* name, const char* text) { expect_refused(name, json::value(text)); }
  void expect_refused(const char* name, const json::value& value) {
    SCOPED_TRACE(std::string(name) + " = " + json::serialize(value));
    expect_problem(with(name, value), 400, "validation_error", name);
  }
  std::int64_t stored() {
    return std::stoll(world().one("SELECT count(*) FROM diary.ratings WHERE user_id = $1", {person.user_id}));
  }

  Person person = world().person();
  HttpClient client = world().client(person);
};

TEST_F(Ratings, AnswersWithTheStoredRow) {
  const auto segment = world().segment();
  const auto id = Uuid::random().text();
  const auto at = after(-minutes{5});
  const auto answer = post({{"rating_id", id},
                            {"segment_id", segment},
                            {"rating", 4},
                            {"tags", {" Well Lit ", "busy", "BUSY"}},
                            {"comment", "Fine by day 🚶"},
                            {"timestamp", at},
                            {"metadata", {{"device", "mobile"}, {"source", "manual"}}}});
  ASSERT_EQ(answer.status, 201U) << answer.body;
  const auto body = answer.json();
  EXPECT_EQ(members(body), (std::set<std::string>{"rating_id", "segment_id", "rating", "tags", "comment",
                                                  "timestamp", "user_id", "status"}));
  EXPECT_EQ(text_of(body.at("rating_id")), id);
  EXPECT_EQ(text_of(body.at("segment_id")), segment);
  EXPECT_EQ(body.at("rating"), 4);
  EXPECT_EQ(json::serialize(body.at("tags")), R"(["well lit","busy"])");
  EXPECT_EQ(body.at("comment"), "Fine by day 🚶");
  EXPECT_EQ(text_of(body.at("timestamp")), at);
  EXPECT_EQ(text_of(body.at("user_id")), person.user_id);
  EXPECT_EQ(body.at("status"), "accepted");
  EXPECT_EQ(
      world().one(
          "SELECT concat_ws(' ', rating_id, rating, array_to_string(tags, '+'), device, source, status) "
          "FROM diary.ratings WHERE segment_id = $1",
          {segment}),
      id + " 4 well lit+busy mobile manual accepted");
  EXPECT_EQ(
      world().one("SELECT submitted_at = $2::timestamptz FROM diary.ratings WHERE rating_id = $1", {id, at}),
      "t");
}

TEST_F(Ratings, TheLeastIsASegmentAndARating) {
  const auto answer = post({{"segment_id", world().segment()}, {"rating", 1}});
  ASSERT_EQ(answer.status, 201U);
  EXPECT_EQ(members(answer.json()), (std::set<std::string>{"rating_id", "segment_id", "rating", "tags",
                                                           "timestamp", "user_id", "status"}));
  EXPECT_EQ(post({{"segment_id", world().segment()},
                  {"rating", 1},
                  {"tags", nullptr},
                  {"comment", nullptr},
                  {"timestamp", nullptr},
                  {"metadata", nullptr},
                  {"rating_id", nullptr},
                  {"route_id", nullptr}})
                .status,
            201U)
      << "null is as good as absent";
}

TEST_F(Ratings, AreOneToFive) {
  EXPECT_EQ(with("rating", 1).status, 201U);
  EXPECT_EQ(with("rating", 5).status, 201U);
  for (const json::value& wrong :
       {json::value(0), json::value(6), json::value(-1), json::value("5"), json::value(4.5),
        json::value(nullptr), json::value(true), json::value(1e300), json::value(UINT64_MAX)})
    expect_refused("rating", wrong);
}

TEST_F(Ratings, TagsHaveTheirBounds) {
  EXPECT_EQ(with("tags", json::array{}).status, 201U);
  EXPECT_EQ(with("tags", {"a", "b", "c", "d", "e"}).status, 201U);
  expect_refused("tags", {"a", "b", "c", "d", "e", "f"});
  EXPECT_EQ(
      with("tags", {times(50, "x"), times(50, "é"), times(50, "🚶"), "  " + times(50, "y") + "  "}).status,
      201U);
  expect_refused("tags", json::array{times(51, "x")});
  expect_refused("tags", json::array{times(51, "🚶")});
  expect_refused("tags", json::array{""});
  expect_refused("tags", json::array{"   "});
  expect_refused("tags", json::array{1});
  expect_refused("tags", json::array{nullptr});
  expect_refused("tags", json::array{"a\nb"});
  expect_refused("tags", "a");
  expect_refused("tags", json::object{});
}

TEST_F(Ratings, TagsAreOneFormOnceAndInOrder) {
  const auto answer = with("tags", {"Dark", " dark ", "DARK", "ÉCLAIRÉ", "éclairé"});
  ASSERT_EQ(answer.status, 201U) << answer.body;
  EXPECT_EQ(json::serialize(answer.json().at("tags")), R"(["dark","éclairé"])");
}

TEST_F(Ratings, AwkwardTagsComeBackAsTheyWere) {
  const json::array awkward{"\"quoted\"", "back\\slash", "{braces}", "comma,", "null"};
  const auto answer = with("tags", awkward);
  ASSERT_EQ(answer.status, 201U) << answer.body;
  EXPECT_EQ(answer.json().at("tags"), awkward);
}

TEST_F(Ratings, CommentsHaveTheirBound) {
  for (const char* letter : {"x", "é", "街", "🚶"}) {
    EXPECT_EQ(with("comment", times(500, letter)).status, 201U) << letter;
    expect_refused("comment", times(501, letter));
  }
  expect_refused("comment", 5);
  const auto quoted = with("comment", "'; DROP TABLE diary.ratings; -- \"\\\n\t");
  EXPECT_EQ(quoted.status, 201U);
  EXPECT_EQ(quoted.json().at("comment"), "'; DROP TABLE diary.ratings; -- \"\\\n\t");
}

TEST_F(Ratings, TimesHaveTheirBounds) {
  EXPECT_EQ(with("timestamp", after(-hours{24} + seconds{30})).status, 201U);
  expect_refused("timestamp", after(-hours{24} - seconds{1}));
  EXPECT_EQ(with("timestamp", after(seconds{60})).status, 201U);
  const auto begun = now();
  const auto ahead = with("timestamp", after(seconds{62}));
  if (now() - begun < seconds{2}) expect_problem(ahead, 400, "validation_error", "timestamp");
  expect_refused("timestamp", after(hours{1}));
  expect_refused("timestamp", "2026-02-30T00:00:00Z");
  expect_refused("timestamp", "2026-01-01 00:00");
  expect_refused("timestamp", 1767225600);
  const auto offset = to_rfc3339(now()).substr(0, 19) + "+00:00";
  EXPECT_EQ(with("timestamp", offset).status, 201U);
}

TEST_F(Ratings, WordsOfTheMetadata) {
  for (const char* device : {"mobile", "desktop", "tablet"})
    EXPECT_EQ(with("metadata", {{"device", device}}).status, 201U);
  for (const char* source : {"recording", "manual", "community"})
    EXPECT_EQ(with("metadata", {{"source", source}}).status, 201U);
  EXPECT_EQ(with("metadata", json::object{}).status, 201U);
  expect_problem(with("metadata", {{"device", "fridge"}}), 400, "validation_error", "metadata.device");
  expect_problem(with("metadata", {{"source", "Manual"}}), 400, "validation_error", "metadata.source");
  expect_problem(with("metadata", {{"colour", "red"}}), 400, "validation_error", "metadata.colour");
  expect_refused("metadata", "mobile");
}

TEST_F(Ratings, ExactlyOneOfSegmentAndRoute) {
  expect_problem(post({{"rating", 3}}), 400, "validation_error", "segment_id");
  expect_problem(post({{"rating", 3}, {"segment_id", nullptr}}), 400, "validation_error", "segment_id");
  expect_problem(post({{"rating", 3}, {"segment_id", nullptr}, {"route_id", nullptr}}), 400,
                 "validation_error", "segment_id");
  expect_problem(
      post({{"rating", 3}, {"segment_id", world().segment()}, {"route_id", Uuid::random().text()}}), 400,
      "validation_error", "route_id");
  expect_refused("segment_id", "");
  expect_refused("segment_id", times(51, "x"));
  expect_refused("segment_id", 5);
  expect_problem(with("segment_id", times(50, "x")), 404, "not_found");
  expect_problem(with("segment_id", times(50, "街")), 404, "not_found");
}

TEST_F(Ratings, UnknownMembersAreRefusedByName) {
  expect_refused("user_id", person.user_id);
  expect_refused("Rating", 3);
  expect_refused("status", "accepted");
}

TEST_F(Ratings, EveryWrongFieldIsNamed) {
  const auto answer = post({{"rating_id", "x"},
                            {"rating", 9},
                            {"tags", 1},
                            {"comment", 1},
                            {"timestamp", 1},
                            {"metadata", {{"device", 1}, {"x", 1}}},
                            {"nonsense", 1},
                            {"overrides", json::array{}}},
                           {{"Idempotency-Key", "not a uuid"}});
  expect_problem(answer, 400, "validation_error");
  EXPECT_EQ(
      wrong_fields(answer),
      (std::multiset<std::string>{"rating_id", "rating", "tags", "comment", "timestamp", "metadata.device",
                                  "metadata.x", "nonsense", "overrides", "segment_id", "Idempotency-Key"}));
  const auto told = answer.json();
  for (const auto& error : told.at("errors").as_array()) EXPECT_TRUE(error.as_object().contains("message"));
}

TEST_F(Ratings, ARetryIsTheSameRow) {
  const json::object body{{"rating_id", Uuid::random().text()},
                          {"segment_id", world().segment()},
                          {"rating", 4},
                          {"tags", {"dark"}},
                          {"timestamp", after(-minutes{1})}};
  const auto first = post(body);
  ASSERT_EQ(first.status, 201U);
  const auto again = post(body);
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(stored(), 1);
}

TEST_F(Ratings, ARetryWithoutATimeIsTheSameRow) {
  const json::object body{
      {"rating_id", Uuid::random().text()}, {"segment_id", world().segment()}, {"rating", 4}};
  const auto first = post(body);
  ASSERT_EQ(first.status, 201U);
  const auto again = post(body);
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(again.body, first.body);
}

TEST_F(Ratings, AKeyInTheHeaderIsAsGood) {
  const auto key = Uuid::random().text();
  const json::object body{{"segment_id", world().segment()}, {"rating", 4}};
  const auto first = post(body, {{"Idempotency-Key", key}});
  ASSERT_EQ(first.status, 201U);
  EXPECT_EQ(text_of(first.json().at("rating_id")), key);
  EXPECT_EQ(post(body, {{"Idempotency-Key", key}}).status, 200U);
  auto both = body;
  both["rating_id"] = key;
  EXPECT_EQ(post(both, {{"Idempotency-Key", key}}).status, 200U);
  both["rating_id"] = Uuid::random().text();
  expect_problem(post(both, {{"Idempotency-Key", key}}), 400, "validation_error", "Idempotency-Key");
  expect_problem(post(body, {{"Idempotency-Key", "x"}}), 400, "validation_error", "Idempotency-Key");
}

TEST_F(Ratings, TheSameIdWithAnotherContentIsRefused) {
  const json::object body{{"rating_id", Uuid::random().text()},
                          {"segment_id", world().segment()},
                          {"rating", 4},
                          {"tags", {"dark"}},
                          {"comment", "a"},
                          {"timestamp", after(-minutes{1})},
                          {"metadata", {{"device", "mobile"}, {"source", "manual"}}}};
  ASSERT_EQ(post(body).status, 201U);
  const std::vector<std::pair<const char*, json::value>> changes{
      {"rating", 3},
      {"tags", json::array{}},
      {"comment", "b"},
      {"comment", nullptr},
      {"timestamp", to_json(after(-minutes{2}))},
      {"segment_id", to_json(world().segment())},
      {"metadata", json::object{{"device", "tablet"}, {"source", "manual"}}},
      {"metadata", nullptr}};
  for (const auto& [name, value] : changes) {
    auto changed = body;
    changed[name] = value;
    SCOPED_TRACE(name);
    expect_problem(post(changed), 409, "idempotency_mismatch");
  }
  expect_problem(world().client(world().person()).post(api::ratings, body), 409, "idempotency_mismatch");
  EXPECT_EQ(stored(), 1);
}

TEST_F(Ratings, OnceAnHourAndSegment) {
  const auto segment = world().segment();
  const Time first = now() - hours{3};
  const auto at = [&](Time time) {
    return post({{"segment_id", segment}, {"rating", 3}, {"timestamp", to_rfc3339(time)}});
  };
  ASSERT_EQ(at(first).status, 201U);
  for (const Time time : {first, first + seconds{1}, first - seconds{1}, first + hours{1} - seconds{1},
                          first - hours{1} + std::chrono::microseconds{1}}) {
    const auto answer = at(time);
    expect_problem(answer, 409, "duplicate_rating");
    EXPECT_EQ(answer.header("retry-after"), json::serialize(answer.json().at("retry_after")));
  }
  EXPECT_EQ(at(first + hours{1}).status, 201U) << "exactly an hour after";
  EXPECT_EQ(at(first - hours{1}).status, 201U) << "exactly an hour before";
  EXPECT_EQ(
      world()
          .client(world().person())
          .post(api::ratings, {{"segment_id", segment}, {"rating", 3}, {"timestamp", to_rfc3339(first)}})
          .status,
      201U)
      << "others may";
}

TEST_F(Ratings, ARefusalSaysWhenToComeBack) {
  const auto segment = world().segment();
  ASSERT_EQ(post({{"segment_id", segment}, {"rating", 3}, {"timestamp", after(-minutes{20})}}).status, 201U);
  const auto answer = post({{"segment_id", segment}, {"rating", 3}});
  expect_problem(answer, 409, "duplicate_rating");
  EXPECT_NEAR(answer.json().at("retry_after").to_number<double>(), 40 * 60, 5);
}

TEST_F(Ratings, TwentyAnHour) {
  for (int i = 0; i < 20; ++i)
    ASSERT_EQ(post({{"segment_id", world().segment()}, {"rating", 3}}).status, 201U) << i;
  const json::object over{
      {"rating_id", Uuid::random().text()}, {"segment_id", world().segment()}, {"rating", 3}};
  const auto answer = post(over);
  expect_problem(answer, 429, "rate_limit_exceeded");
  EXPECT_GT(answer.json().at("retry_after").as_int64(), 3500);
  EXPECT_LE(answer.json().at("retry_after").as_int64(), 3600);
  EXPECT_EQ(stored(), 20);
  world().amend(
      "UPDATE diary.ratings SET received_at = received_at - interval '1 hour', submitted_at = submitted_at - "
      "interval '1 hour' WHERE user_id = $1 "
      "AND rating_id = (SELECT rating_id FROM diary.ratings WHERE user_id = $1 LIMIT 1)",
      {person.user_id});
  EXPECT_EQ(post(over).status, 201U) << "one of them is an hour old";
}

TEST_F(Ratings, ARetryIsNotLimited) {
  json::object last;
  for (int i = 0; i < 20; ++i) {
    last = {{"rating_id", Uuid::random().text()}, {"segment_id", world().segment()}, {"rating", 3}};
    ASSERT_EQ(post(last).status, 201U);
  }
  EXPECT_EQ(post(last).status, 200U);
}

// The specification's formula, over all samples of a segment as of now.
double expected_mean(const std::string& segment, double* n_eff = nullptr) {
  const auto rows = world().owner.exec(
      "SELECT value, extract(epoch FROM clock_timestamp() - t)::float8 / 86400 FROM analytics.sample "
      "WHERE segment_id = $1",
      {segment});
  double sum = 0;
  double weights = 0;
  for (int i = 0; i < rows.size(); ++i) {
    const double weight = std::exp2(-rows.real(i, 1) / 21);
    sum += rows.real(i, 0) * weight;
    weights += weight;
  }
  if (n_eff != nullptr) *n_eff = weights;
  return (15 + sum) / (5 + weights);
}

TEST_F(Ratings, AReadAfterTheAnswerSeesTheRating) {
  const auto segment = world().segment();
  for (int i = 0; i < 12; ++i) {
    auto rater = world().client(world().person());
    const auto answer = rater.post(api::ratings, {{"segment_id", segment},
                                                  {"rating", 1 + i % 5},
                                                  {"tags", {"t" + std::to_string(i % 7)}},
                                                  {"timestamp", after(-minutes{100 * i})}});
    ASSERT_EQ(answer.status, 201U) << answer.body;
    const auto seen = rater.get("/api/v1/diary/segments/" + segment).json();
    double n_eff = 0;
    const double mean = expected_mean(segment, &n_eff);
    EXPECT_NEAR(seen.at("decayed_mean").to_number<double>(), mean, 0.00501);
    EXPECT_NEAR(seen.at("n_eff").to_number<double>(), n_eff, 0.00501);
    EXPECT_NEAR(seen.at("confidence").to_number<double>(), std::min(1.0, n_eff / 10), 0.0101);
    EXPECT_EQ(seen.at("top_tags").as_array().size(), static_cast<std::size_t>(std::min(5, i + 1)));
  }
}

TEST_F(Ratings, TheTablesColumnsFollow) {
  const auto segment = world().segment();
  ASSERT_EQ(post({{"segment_id", segment}, {"rating", 5}, {"tags", {"lit"}}}).status, 201U);
  EXPECT_TRUE(support::eventually(
      [&] {
        return world().one(
                   "SELECT decayed_mean || ' ' || n_eff || ' ' || array_to_string(top_tags, ',') "
                   "FROM diary.segments WHERE segment_id = $1",
                   {segment}) == "3.33 1.00 lit";
      },
      seconds{5}));
}

}  // namespace
}  // namespace diary::http::test
