// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ratings put straight into the database, with whatever age and status, and pages walked to their end.

#include "http/api_test.hpp"

namespace diary::http::test {

struct Rated {
  std::string segment;
  std::string by;
  int rating = 4;
  std::string age = "2 hours";  // an interval
  std::string status = "accepted";
  std::optional<std::string> comment{};
  std::string id = Uuid::random().text();
  std::optional<std::string> when{};  // as that rating, whatever the age
};

// The rating's id.
inline std::string insert_rating(const Rated& rated) {
  world().owner.exec(
      "INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, tags, comment, submitted_at, "
      "received_at, status, device, source) SELECT $1, $2, $3, $4, '{lit}', $5, t, t, $7, 'mobile', 'manual' "
      "FROM (SELECT coalesce((SELECT submitted_at FROM diary.ratings WHERE rating_id = $8), "
      "clock_timestamp() - "
      "$6::interval) AS t) moment",
      {rated.id, rated.segment, rated.by, rated.rating, rated.comment, rated.age, rated.status, rated.when});
  return rated.id;
}

// Moves all that can be moved into the tables of closed months.
inline void close_months() {
  while (world().one("SELECT diary.close_months(5000)") != "0") {
  }
}

// All rows of all pages, and each page as large as it may be.
inline json::array walk(HttpClient& client, const std::string& target, std::size_t limit) {
  json::array all;
  std::string cursor;
  while (true) {
    const auto answer = client.get(target + (target.find('?') == std::string::npos ? "?" : "&") + "limit=" +
                                   std::to_string(limit) + (cursor.empty() ? "" : "&cursor=" + cursor));
    EXPECT_EQ(answer.status, 200U) << answer.body;
    if (answer.status != 200) return all;
    const auto page = answer.json();
    EXPECT_EQ(page.at("limit"), limit);
    const auto& rows = page.at("ratings").as_array();
    EXPECT_LE(rows.size(), limit);
    all.insert(all.end(), rows.begin(), rows.end());
    if (!page.contains("next_cursor")) return all;
    EXPECT_EQ(rows.size(), limit) << "only the last page may be short";
    cursor = text_of(page.at("next_cursor"));
  }
}

inline std::string member(const json::array& rows, std::size_t i, const char* name) {
  return text_of(rows.at(i).at(name));
}

// Wrong values of a page's parameters.
inline void expect_page_checks(HttpClient& client, const std::string& target, int most) {
  const std::string with = target + (target.find('?') == std::string::npos ? "?" : "&");
  EXPECT_EQ(client.get(with + "limit=1").status, 200U);
  EXPECT_EQ(client.get(with + "limit=" + std::to_string(most)).status, 200U);
  for (const std::string& wrong :
       {std::string("0"), std::to_string(most + 1), std::string("x"), std::string("1.5"), std::string("")})
    expect_problem(client.get(with + "limit=" + wrong), 400, "validation_error", "limit");
  for (const char* wrong :
       {"", "x", "1", "1-", "161-62", "161", "2323032362d30312d30315430303a30303a30305a-61"})
    expect_problem(client.get(with + "cursor=" + wrong), 400, "validation_error", "cursor");
  EXPECT_EQ(wrong_fields(client.get(with + "limit=0&cursor=x")),
            (std::multiset<std::string>{"limit", "cursor"}));
}

}  // namespace diary::http::test
