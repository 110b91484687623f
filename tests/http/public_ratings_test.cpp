// SPDX-License-Identifier: Apache-2.0
// GET /diary/segments/{segment_id}/ratings and /diary/ratings/search: what everybody may read.
#include "http/rated.hpp"

namespace diary::http::test {
namespace {

std::string ratings_of(const std::string& segment) {
  return "/api/v1/diary/segments/" + segment + "/ratings";
}

// What a cursor holds: "1", then its parts in hexadecimal, a dash between them.
std::vector<std::string> parts_of(const std::string& cursor) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 1; i < cursor.size(); ++i) {
    if (cursor[i] == '-') {
      parts.emplace_back();
    } else {
      parts.back() += static_cast<char>(std::stoi(cursor.substr(i++, 2), nullptr, 16));
    }
  }
  return parts;
}

// The person and the exact moment are nowhere in it, cursors included.
void expect_private(const Answer& answer, const std::string& user_id) {
  EXPECT_EQ(answer.body.find(user_id), std::string::npos);
  const auto page = answer.json();
  for (const auto& row : page.at("ratings").as_array())
    EXPECT_TRUE(text_of(row.at("timestamp")).ends_with(":00:00Z")) << row;
  if (!page.contains("next_cursor")) return;
  const auto cursor = text_of(page.at("next_cursor"));
  const auto parts = parts_of(cursor);
  ASSERT_EQ(parts.size(), 2U) << cursor;
  EXPECT_TRUE(parts.front().ends_with(":00:00Z")) << parts.front();
  for (const auto& row : page.at("ratings").as_array())
    EXPECT_NE(parts.back(), text_of(row.at("rating_id"))) << "not even which rating it was";
}

class SegmentRatings : public testing::Test {
 protected:
  std::string segment = world().segment();
  Person person = world().person();
  HttpClient client = world().client();
};

TEST_F(SegmentRatings, ShowWhatWasSaidAndNotByWhom) {
  const auto id = insert_rating({segment, person.user_id, 2, "10 days", "accepted", "Lamp <b>broken</b>"});
  const auto answer = client.get(ratings_of(segment));
  ASSERT_EQ(answer.status, 200U) << answer.body;
  const auto page = answer.json();
  EXPECT_EQ(members(page), (std::set<std::string>{"segment_id", "ratings", "limit"}));
  EXPECT_EQ(text_of(page.at("segment_id")), segment);
  EXPECT_EQ(page.at("limit"), 20);
  ASSERT_EQ(page.at("ratings").as_array().size(), 1U);
  const auto& row = page.at("ratings").as_array().front().as_object();
  EXPECT_EQ(members(row),
            (std::set<std::string>{"rating_id", "segment_id", "rating", "tags", "comment", "timestamp"}));
  EXPECT_EQ(text_of(row.at("rating_id")), id);
  EXPECT_EQ(row.at("rating"), 2);
  EXPECT_EQ(json::serialize(row.at("tags")), R"(["lit"])");
  EXPECT_EQ(row.at("comment"), "Lamp <b>broken</b>");
  EXPECT_EQ(text_of(row.at("timestamp")),
            world().one("SELECT to_char(date_trunc('hour', submitted_at AT TIME ZONE 'UTC'), "
                        "'YYYY-MM-DD\"T\"HH24:MI:SSZ') FROM diary.ratings WHERE rating_id = $1",
                        {id}));
  expect_private(answer, person.user_id);
}

TEST_F(SegmentRatings, ShowAcceptedOnesAlone) {
  insert_rating({segment, person.user_id, 2, "3 hours", "pending_review"});
  insert_rating({segment, person.user_id, 2, "5 hours", "rejected"});
  const auto shown = insert_rating({segment, person.user_id, 2, "7 hours"});
  const auto rows = walk(client, ratings_of(segment), 10);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(member(rows, 0, "rating_id"), shown);
}

TEST_F(SegmentRatings, NewestFirstPageByPageOverClosedMonths) {
  std::vector<std::string> ids;
  // Two at the same moment.
  for (int i = 0; i < 12; ++i) {
    Rated rated{segment, world().person().user_id, 1 + i % 5, std::to_string(10 * i) + " days 1 minute"};
    if (i == 4) rated.when = ids[3];
    ids.push_back(insert_rating(rated));
  }
  close_months();
  EXPECT_NE(world().one("SELECT count(*) FROM diary.closed_ratings JOIN diary.ratings ON id = rating_id "
                        "WHERE segment_id = $1",
                        {segment}),
            "0");
  const auto expected = world().one(
      "SELECT string_agg(rating_id::text, ' ' ORDER BY submitted_at DESC, rating_id DESC) FROM diary.ratings "
      "WHERE segment_id = $1",
      {segment});
  for (const std::size_t limit : {1U, 3U, 4U, 12U, 100U}) {
    const auto rows = walk(client, ratings_of(segment), limit);
    std::string found;
    for (std::size_t i = 0; i < rows.size(); ++i) found += (i == 0 ? "" : " ") + member(rows, i, "rating_id");
    EXPECT_EQ(found, expected) << "pages of " << limit;
  }
  const auto page = client.get(ratings_of(segment) + "?limit=2");
  expect_private(page, person.user_id);
}

// Somebody deletes their rating while another is turning the page.
TEST_F(SegmentRatings, APageWhoseLastRowIsGoneIsNoEnd) {
  for (int i = 0; i < 4; ++i)
    insert_rating({segment, world().person().user_id, 3, std::to_string(30 * i) + " hours"});
  const auto page = client.get(ratings_of(segment) + "?limit=2").json();
  world().amend("DELETE FROM diary.ratings WHERE rating_id = $1",
                {member(page.at("ratings").as_array(), 1, "rating_id")});
  const auto next = client.get(ratings_of(segment) + "?limit=2&cursor=" + text_of(page.at("next_cursor")));
  ASSERT_EQ(next.status, 200U) << next.body;
  EXPECT_EQ(next.json().at("ratings").as_array().size(), 2U);
}

TEST_F(SegmentRatings, AnIdThatTellsTheTimeIsNotShown) {
  for (const char* id : {"018f4d9e-0000-7000-8000-000000000001", "c232ab00-9414-11ec-b3c8-9f6bdeced846"}) {
    const auto street = world().segment();
    insert_rating({street, person.user_id, 2, "2 hours", "accepted", std::nullopt, id});
    const auto answer = client.get(ratings_of(street));
    ASSERT_EQ(answer.json().at("ratings").as_array().size(), 1U);
    EXPECT_EQ(answer.body.find(id), std::string::npos) << answer.body;
  }
}

TEST_F(SegmentRatings, AreNoneOrNotFound) {
  EXPECT_EQ(client.get(ratings_of(segment)).json().at("ratings"), json::array{});
  expect_problem(client.get(ratings_of("there-is-none")), 404, "not_found");
  expect_problem(client.post(ratings_of(segment), {}), 405, "method_not_allowed");
  expect_page_checks(client, ratings_of(segment), 100);
}

class CommentSearch : public testing::Test {
 protected:
  const std::string path = "/api/v1/diary/ratings/search";
  // A word that nobody else uses.
  std::string word = "w" + Uuid::random().text().substr(0, 8) + "x";
  Person person = world().person();
  HttpClient client = world().client();
};

TEST_F(CommentSearch, FindsAcceptedCommentsAndMarksTheWords) {
  const auto segment = world().segment();
  const auto id =
      insert_rating({segment, person.user_id, 2, "3 days", "accepted", "The <b>" + word + "</b> is out"});
  insert_rating({world().segment(), person.user_id, 2, "3 days", "pending_review", word});
  insert_rating({world().segment(), person.user_id, 2, "3 days", "rejected", word});
  insert_rating({world().segment(), person.user_id, 2, "3 days"});
  const auto answer = client.get(path + "?q=" + word);
  ASSERT_EQ(answer.status, 200U) << answer.body;
  const auto page = answer.json();
  EXPECT_EQ(members(page), (std::set<std::string>{"ratings", "limit"}));
  ASSERT_EQ(page.at("ratings").as_array().size(), 1U) << answer.body;
  const auto& row = page.at("ratings").as_array().front().as_object();
  EXPECT_EQ(members(row), (std::set<std::string>{"rating_id", "segment_id", "street", "rating", "tags",
                                                 "comment", "timestamp", "headline"}));
  EXPECT_EQ(text_of(row.at("rating_id")), id);
  EXPECT_EQ(text_of(row.at("segment_id")), segment);
  EXPECT_EQ(row.at("street"), "Main Street");
  EXPECT_EQ(text_of(row.at("comment")), "The <b>" + word + "</b> is out");
  EXPECT_EQ(text_of(row.at("headline")), "The &lt;b&gt;<mark>" + word + "</mark>&lt;/b&gt; is out");
  expect_private(answer, person.user_id);
}

TEST_F(CommentSearch, PageByPage) {
  for (int i = 0; i < 7; ++i)
    insert_rating({world().segment(), world().person().user_id, 3, std::to_string(20 * i) + " days 5 minutes",
                   "accepted", word + " number " + std::to_string(i)});
  close_months();
  for (const std::size_t limit : {1U, 3U, 7U, 50U}) {
    const auto rows = walk(client, path + "?q=" + word, limit);
    ASSERT_EQ(rows.size(), 7U) << "pages of " << limit;
    for (std::size_t i = 0; i < 7; ++i)
      EXPECT_EQ(member(rows, i, "comment"), word + " number " + std::to_string(i));
  }
  expect_private(client.get(path + "?limit=2&q=" + word), person.user_id);
  const auto none = client.get(path + "?q=nothing" + word);
  EXPECT_EQ(none.status, 200U);
  EXPECT_EQ(none.json().at("ratings"), json::array{});
}

TEST_F(CommentSearch, NeedsWords) {
  expect_problem(client.get(path), 400, "validation_error", "q");
  for (const char* wrong : {"", "%20", "%20%09%20"})
    expect_problem(client.get(path + "?q=" + wrong), 400, "validation_error", "q");
  EXPECT_EQ(client.get(path + "?q=" + std::string(200, 'x')).status, 200U);
  expect_problem(client.get(path + "?q=" + std::string(201, 'x')), 400, "validation_error", "q");
  for (const char* odd : {"the", "%22", "-", "or", "%27%3B%20DROP", "a%26%7C%21%28", "%C3%A9%F0%9F%9A%B6"})
    EXPECT_EQ(client.get(path + "?q=" + odd).status, 200U) << odd;
  expect_page_checks(client, path + "?q=x", 50);
}

// A literal path is no rating's id, whatever the method.
TEST_F(CommentSearch, IsAPathOfItsOwn) {
  const auto answer = world().client(person).send("DELETE", path);
  expect_problem(answer, 405, "method_not_allowed");
  EXPECT_EQ(answer.header("allow"), "GET, HEAD, OPTIONS");
}

}  // namespace
}  // namespace diary::http::test
