// SPDX-License-Identifier: Apache-2.0
// diary.search_comments and diary.search_streets.
#include <fmt/format.h>

#include "db/schema_test.hpp"

namespace diary::test {
namespace {

// What a function's refusal says; "" when it does as it is told.
std::string told(pg::Connection& connection, const std::string& sql) {
  try {
    connection.exec(sql);
    return "";
  } catch (const pg::DbError& e) {
    EXPECT_EQ(e.sqlstate(), "22023") << sql;
    return e.what();
  }
}

class SearchComments : public SchemaTest {
 protected:
  void say(const std::string& comment, const std::string& status = "accepted", int hours_ago = 1) {
    owner.exec(
        "INSERT INTO diary.ratings (segment_id, user_id, rating, comment, status, submitted_at) "
        "VALUES ($1, $2, 2, $3, $4, date_trunc('day', now()) - $5 * interval '1 hour')",
        {where, user(), comment, status, hours_ago});
  }
  std::string headlines(const std::string& query) {
    return server
        .exec("SELECT string_agg(headline, '|' ORDER BY submitted_at) FROM diary.search_comments($1)",
              {query})
        .str(0, 0);
  }
  pg::Connection server = app();
  std::string where = segment();
};

TEST_F(SearchComments, FindsWordsAsAWebSearchDoes) {
  say("Both lamps are broken", "accepted", 2);
  say("The lamp is bright");
  EXPECT_EQ(headlines("lamp"), "Both <mark>lamps</mark> are broken|The <mark>lamp</mark> is bright");
  EXPECT_EQ(headlines("lamp -broken"), "The <mark>lamp</mark> is bright");
  EXPECT_EQ(headlines("\"broken lamp\""), "");
  EXPECT_EQ(headlines("bright or broken"),
            "Both lamps are <mark>broken</mark>|The lamp is <mark>bright</mark>");
  EXPECT_EQ(headlines("the"), "") << "a word that is in everything is no word to search for";
  for (const char* odd : {"'", "a & | b", "((", "\\", "<->", "!", ":*", "\"", "-", "%"})
    EXPECT_NO_THROW(headlines(odd)) << odd;
}

TEST_F(SearchComments, ACommentCannotBringMarkup) {
  say("dark <script>alert('x')</script> & \"dim\" <mark>here</mark>");
  EXPECT_EQ(headlines("dark"),
            "<mark>dark</mark> &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;dim&quot; "
            "&lt;mark&gt;here&lt;/mark&gt;");
  say("&lt;b&gt; dark http://example.org/?a=<img>&lt=dark");
  const std::string all = headlines("dark or lt or amp or script or mark or b");
  std::string rest = all;
  for (const char* ours : {"<mark>", "</mark>"}) {
    for (auto at = rest.find(ours); at != std::string::npos; at = rest.find(ours))
      rest.erase(at, std::string_view(ours).size());
  }
  EXPECT_NE(rest, all);
  EXPECT_EQ(rest.find_first_of("<>\"'"), std::string::npos) << all;
}

TEST_F(SearchComments, ShowsOnlyWhatIsPublished) {
  say("lamp one", "pending_review");
  say("lamp two", "rejected");
  EXPECT_EQ(headlines("lamp"), "");
  owner.exec("UPDATE diary.ratings SET status = 'accepted' WHERE comment = 'lamp one'");
  EXPECT_EQ(headlines("lamp"), "<mark>lamp</mark> one");
  const auto columns =
      server
          .exec(
              "SELECT string_agg(name, ' ') FROM (SELECT json_object_keys(row_to_json(s)) AS name FROM "
              "diary.search_comments('lamp') s) c")
          .str(0, 0);
  EXPECT_EQ(columns, "rating_id segment_id street rating submitted_at headline rank");
}

TEST_F(SearchComments, PagesAreNewestFirstAndMeet) {
  for (int i = 0; i < 7; ++i) say(fmt::format("lamp {}", i), "accepted", 1 + i / 2);  // times that repeat
  std::string seen;
  pg::Params after{std::nullopt, std::nullopt};
  for (;;) {
    const auto page = server.exec(
        "SELECT rating_id, submitted_at, headline FROM diary.search_comments('lamp', 3, $1, $2)", after);
    if (page.empty()) break;
    for (int i = 0; i < page.size(); ++i) seen += page.str(i, 0);
    after = {page.str(page.size() - 1, 1), page.str(page.size() - 1, 0)};
  }
  EXPECT_EQ(seen, one("SELECT string_agg(rating_id::text, '' ORDER BY submitted_at DESC, rating_id DESC) "
                      "FROM diary.ratings"));
}

TEST_F(SearchComments, RefusesWhatIsOverTheLimits) {
  EXPECT_EQ(told(server, "SELECT diary.search_comments(repeat('x', 200), 100)"), "");
  EXPECT_NE(told(server, "SELECT diary.search_comments(repeat('x', 201))").find("p_query"),
            std::string::npos);
  for (const char* query : {"NULL", "''", "' '"})
    EXPECT_NE(told(server, fmt::format("SELECT diary.search_comments({})", query)).find("p_query"),
              std::string::npos);
  for (const char* limit : {"0", "101", "NULL", "-1"})
    EXPECT_NE(told(server, fmt::format("SELECT diary.search_comments('x', {})", limit)).find("p_limit"),
              std::string::npos);
  EXPECT_NE(told(server, "SELECT diary.search_comments('x', 1, NULL, uuid_generate_v4())").find("p_before"),
            std::string::npos);
}

std::string plan(pg::Connection& connection, const std::string& sql) {
  const auto rows = connection.exec("EXPLAIN " + sql);
  std::string text;
  for (int i = 0; i < rows.size(); ++i) text += rows.str(i, 0) + "\n";
  return text;
}

TEST_F(SearchComments, UseTheIndex) {
  super.exec("SET session_replication_role = replica");  // only the rows matter here
  owner.exec(
      "INSERT INTO auth.users (email, password_hash) SELECT 'u' || i, 'x' FROM generate_series(1, 5000) i");
  super.exec(
      "INSERT INTO diary.ratings (segment_id, user_id, rating, comment) "
      "SELECT $1, user_id, 3, 'word' || row_number() OVER () || ' lamp' FROM auth.users",
      {where});
  owner.exec("ANALYZE diary.ratings");
  const auto text = plan(owner,
                         "SELECT * FROM diary.ratings WHERE to_tsvector('english', comment) @@ "
                         "websearch_to_tsquery('english', 'word77') AND comment IS NOT NULL AND status = "
                         "'accepted'");
  EXPECT_NE(text.find("idx_ratings_comment"), std::string::npos) << text;
  EXPECT_EQ(headlines("word77"), "<mark>word77</mark> lamp");
}

class SearchStreets : public SchemaTest {
 protected:
  void street(const std::string& name, int pieces = 1, const std::string& neighborhood = "Centre") {
    owner.exec(
        "INSERT INTO diary.segments (segment_id, street, neighborhood, length_m, geometry) "
        "SELECT $1 || i, $1, $3, 70, ST_SetSRID(ST_MakeLine(ST_MakePoint(10 + i * 0.001, 50), "
        "ST_MakePoint(10.001 + i * 0.001, 50.001)), 4326) FROM generate_series(1, $2::int) i",
        {name, pieces, neighborhood});
  }
  std::string found(const std::string& query) {
    return server
        .exec(
            "SELECT string_agg(street, '|' ORDER BY n) FROM diary.search_streets($1) WITH ORDINALITY "
            "s(street, hood, count, likeness, a, b, c, d, id, lng, lat, n)",
            {query})
        .str(0, 0);
  }
  pg::Connection server = app();
};

TEST_F(SearchStreets, ForgivesSlipsAccentsAndCapitals) {
  street("Chestnut Street");
  street("Rua de São João");
  street("100% Lane");
  street("100th Lane");
  street("East_West Road");
  for (const char* query : {"chestnut", "CHESTNUT STREET", "chesnut", "chestnutt", "  chest "})
    EXPECT_EQ(found(query), "Chestnut Street") << query;
  for (const char* query : {"sao joao", "São João", "SÃO"}) EXPECT_EQ(found(query), "Rua de São João");
  EXPECT_TRUE(found("100%").starts_with("100% Lane")) << "a percent sign is a percent sign";
  EXPECT_EQ(found("east_"), "East_West Road");
  EXPECT_EQ(found("____"), "") << "and an underscore an underscore";
  EXPECT_EQ(found("\\"), "");
  EXPECT_EQ(found("zzzz"), "");
}

TEST_F(SearchStreets, BeginningsComeFirstThenLikenessThenLength) {
  street("West Market Street", 9);
  street("Market Street", 2);
  street("Market Square", 5);
  street("Marked Lane", 9);
  EXPECT_EQ(found("market"), "Market Square|Market Street|West Market Street|Marked Lane");
}

TEST_F(SearchStreets, SayHowLongAndWhere) {
  street("Main Street", 3);
  street("Main Street", 0);
  owner.exec("UPDATE diary.segments SET neighborhood = 'South' WHERE segment_id = 'Main Street3'");
  const auto rows = server.exec("SELECT * FROM diary.search_streets('main')");
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows.str(0, 1), "Centre");
  EXPECT_EQ(rows.integer(0, 2), 2);
  EXPECT_EQ(rows.real(0, 3), 1);
  EXPECT_NEAR(rows.real(0, 4), 10.001, 1e-9);
  EXPECT_NEAR(rows.real(0, 5), 50, 1e-9);
  EXPECT_NEAR(rows.real(0, 6), 10.003, 1e-9);
  EXPECT_NEAR(rows.real(0, 7), 50.001, 1e-9);
  EXPECT_EQ(rows.str(0, 8), "Main Street1") << "both are as near to the middle";
  EXPECT_NEAR(rows.real(0, 9), 10.0015, 1e-9) << "a place on it";
  EXPECT_NEAR(rows.real(0, 10), 50.0005, 1e-9);
  EXPECT_EQ(server.exec("SELECT * FROM diary.search_streets('main', 1)").size(), 1);
  const pg::Transaction transaction(server);
  server.exec("SELECT * FROM diary.search_streets('main')");
  EXPECT_EQ(server.exec("SHOW pg_trgm.word_similarity_threshold").str(0, 0), "0.6") << "left as it was";
}

TEST_F(SearchStreets, RefuseWhatIsOverTheLimits) {
  EXPECT_EQ(told(server, "SELECT diary.search_streets(repeat('x', 200), 100)"), "");
  for (const char* query : {"repeat('x', 201)", "NULL", "' '"})
    EXPECT_NE(told(server, fmt::format("SELECT diary.search_streets({})", query)).find("p_query"),
              std::string::npos);
  for (const char* limit : {"0", "101", "NULL"})
    EXPECT_NE(told(server, fmt::format("SELECT diary.search_streets('x', {})", limit)).find("p_limit"),
              std::string::npos);
}

TEST_F(SearchStreets, UseTheIndexOnACity) {
  super.exec("SET session_replication_role = replica");
  super.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry, source_node, target_node) "
      "SELECT 's' || i, 'Street ' || md5((i % 5000)::text), 70, "
      "ST_GeomFromText('LINESTRING(10 50,10.001 50)', 4326), 1, 2 FROM generate_series(1, 50000) i");
  street("Chestnut Street", 20);
  owner.exec("ANALYZE diary.segments");
  const auto text = plan(owner,
                         "SELECT * FROM diary.segments WHERE diary.fold_text(street) %> 'chestnut' OR "
                         "diary.fold_text(street) LIKE 'chestnut%'");
  EXPECT_NE(text.find("idx_segments_street"), std::string::npos) << text;
  EXPECT_EQ(text.find("Seq Scan"), std::string::npos) << text;
  EXPECT_EQ(found("chesnut"), "Chestnut Street");
}

}  // namespace
}  // namespace diary::test
