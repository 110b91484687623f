// SPDX-License-Identifier: Apache-2.0
// The city in memory against the statement that it stands for, db/queries/segment/list.sql.
#include "snapshot/city.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <random>

#include "snapshot/feed.hpp"
#include "store/segment_store.hpp"
#include "support/eventually.hpp"
#include "support/test_database.hpp"

namespace diary::snapshot {
namespace {

namespace json = boost::json;

void load(City& city, pg::Connection& connection) {
  CityStore store(connection);
  city.begin_loading();
  std::optional<std::string> after;
  while (true) {
    const auto page = store.page(after, 500);
    city.add(page, now());
    if (page.empty()) break;
    after = page.back().segment_id;
  }
  city.finish_loading();
}

// Streets of two to six points on a coarse lattice, so that many ends and edges fall on each other, with
// names that need escaping; samples of all ages.
void fill(pg::Connection& connection, int streets, std::mt19937_64& random) {
  const auto seed = static_cast<double>(random() % 1'000'000) / 1e6;
  connection.exec(fmt::format("SELECT setseed({})", seed));
  connection.exec(fmt::format(
      R"sql(INSERT INTO diary.segments (segment_id, street, neighborhood, length_m, geometry)
      SELECT (ARRAY['a','B','ä','seg-','z_'])[1 + i % 5] || i, 'Street "' || chr(9) || i || '" \ é',
             CASE WHEN i % 3 > 0 THEN 'N' || i % 7 END, 10 + (i % 900) * 0.25, line
      FROM generate_series(1, {}) i, LATERAL (
        SELECT ST_SetSRID(ST_MakeLine(ARRAY(SELECT ST_MakePoint(x + step * (random() * 6)::int, y + step * (random() * 6)::int)
                                            FROM generate_series(1, 2 + i % 5) ORDER BY random())), 4326) AS line
        FROM (SELECT i, 10 + (random() * 50)::int * 0.01 AS x, 50 + (random() * 50)::int * 0.01 AS y,
                     CASE WHEN i % 4 = 0 THEN 0.00123456789 ELSE 0.005 END AS step) place) made
      WHERE NOT ST_IsEmpty(line) AND ST_Length(line) > 0)sql",
      streets));
  connection.exec(
      "INSERT INTO auth.users (email, password_hash) SELECT 'u' || i || '@x.org', '!' FROM "
      "generate_series(1, 40) i");
  connection.exec(
      R"sql(INSERT INTO diary.ratings (segment_id, user_id, rating, tags, submitted_at)
      SELECT segment_id, user_id, 1 + (random() * 4)::int, (ARRAY['lit','dark','"q"','ä/ö'])[1:(random() * 4)::int],
             now() - (random() * random() * 200) * interval '1 day'
      FROM diary.segments s, LATERAL (SELECT user_id FROM auth.users u WHERE s.segment_id <> '' ORDER BY random()
                                      LIMIT CASE WHEN random() < 0.3 THEN 20 ELSE 1 END) u
      WHERE random() < 0.7 ON CONFLICT DO NOTHING)sql");
}

SegmentQuery random_query(std::mt19937_64& random, const std::vector<std::string>& ids) {
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  SegmentQuery query;
  if (pick(0, 4) > 0) {
    const double west = 10 + pick(-10, 120) * 0.005;
    const double south = 50 + pick(-10, 120) * 0.005;
    query.bbox = BBox{west, south, west + pick(1, 60) * 0.0025, south + pick(1, 60) * 0.0025};
    if (pick(0, 9) == 0) query.bbox = BBox{-180, -90, 180, 90};
  }
  if (pick(0, 3) == 0) query.min_confidence = pick(0, 1000) / 1000.0;
  if (pick(0, 3) == 0) query.updated_after = now() - std::chrono::milliseconds{pick(0, 20'000)};
  query.limit = pick(0, 3) == 0 ? pick(1, 5) : pick(1, 1000);
  if (pick(0, 2) == 0) query.offset = pick(0, 400);
  if (pick(0, 2) == 0 && !ids.empty())
    query.after = ids[static_cast<std::size_t>(pick(0, static_cast<int>(ids.size()) - 1))];
  if (pick(0, 20) == 0) query.after = "m";
  return query;
}

std::string told(const SegmentQuery& q) {
  return fmt::format(
      "bbox {} confidence {} after {} limit {} offset {} cursor {}",
      q.bbox ? fmt::format("{},{},{},{}", q.bbox->west, q.bbox->south, q.bbox->east, q.bbox->north) : "-",
      q.min_confidence.value_or(-1), q.updated_after ? to_rfc3339(*q.updated_after) : "-", q.limit, q.offset,
      q.after.value_or("-"));
}

// As the handler before the city wrote them.
json::value object_of(const SegmentScore& s) {
  json::object object{{"segment_id", s.segment_id}, {"street", s.street}};
  if (s.neighborhood) object["neighborhood"] = *s.neighborhood;
  object["length_m"] = json::parse(s.length_m);
  object["geometry"] = json::parse(s.geometry);
  object["decayed_mean"] = json::parse(s.decayed_mean);
  object["n_eff"] = json::parse(s.n_eff);
  object["confidence"] = json::parse(s.confidence);
  object["top_tags"] = json::array(s.top_tags.begin(), s.top_tags.end());
  object["delta_30d"] = json::parse(s.delta_30d);
  object["last_updated"] = to_rfc3339(s.last_updated);
  return object;
}

class CityAgainstSql : public testing::Test {
 protected:
  support::TestDatabase database;
  pg::Connection connection{database.owner_conninfo()};
};

TEST_F(CityAgainstSql, EveryPageIsTheSame) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937_64 random(seed);
  fill(connection, 1500, random);
  connection.exec("SELECT analytics.advance_windows(100000)");
  City city;
  load(city, connection);
  const auto ids = city.ids();
  EXPECT_EQ(ids.size(),
            static_cast<std::size_t>(connection.exec("SELECT count(*) FROM diary.segments").integer(0, 0)));
  int moved = 0;
  int filled = 0;
  for (int round = 0; round < 300; ++round) {
    const SegmentQuery query = random_query(random, ids);
    SCOPED_TRACE(told(query));
    std::string items;
    const CityPage mine = city.list(query, Form::object, now(), items);
    const SegmentPage theirs = SegmentStore(connection).list(query);
    // Between the two a second digit may have moved, and with it a filter's verdict: then both are asked
    // again.
    json::array expected;
    for (const SegmentScore& s : theirs.segments) expected.push_back(object_of(s));
    const auto found = json::parse("[" + items + "]");
    if (found != json::value(expected) || mine.total != theirs.total) {
      std::string again;
      const CityPage retried = city.list(query, Form::object, now(), again);
      ++moved;
      ASSERT_EQ(json::serialize(json::parse("[" + again + "]")), json::serialize(expected));
      ASSERT_EQ(retried.total, theirs.total);
    }
    filled += theirs.segments.empty() ? 0 : 1;
    EXPECT_EQ(mine.more, theirs.more);
    if (!theirs.segments.empty()) {
      EXPECT_EQ(mine.last_id, theirs.segments.back().segment_id);
    }
  }
  EXPECT_LT(moved, 10) << "only what the time between two calls explains";
  EXPECT_GT(filled, 100) << "the queries find something";
}

TEST_F(CityAgainstSql, OneByOneAsFeatures) {
  std::mt19937_64 random(7);
  fill(connection, 200, random);
  City city;
  load(city, connection);
  for (const std::string& id : city.ids()) {
    std::string object;
    std::string feature;
    ASSERT_TRUE(city.find(id, Form::object, now(), object));
    ASSERT_TRUE(city.find(id, Form::feature, now(), feature));
    auto properties = json::parse(object).as_object();
    const auto parsed = json::parse(feature).as_object();
    EXPECT_EQ(parsed.at("id").as_string(), id);
    EXPECT_EQ(parsed.at("geometry"), properties.at("geometry"));
    properties.erase("geometry");
    EXPECT_EQ(parsed.at("properties"), json::value(properties));
  }
  std::string nothing;
  EXPECT_FALSE(city.find("no such", Form::object, now(), nothing));
  EXPECT_EQ(nothing, "");
}

// Put and removed piece by piece, the city is as if it had been loaded so.
TEST_F(CityAgainstSql, ChangedInPlaceAsIfLoaded) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937_64 random(seed);
  fill(connection, 700, random);
  City grown;
  grown.begin_loading();
  grown.finish_loading();
  CityStore store(connection);
  auto all = store.page(std::nullopt, 100'000);
  std::ranges::shuffle(all, random);
  for (std::size_t from = 0; from < all.size(); from += 97)
    grown.put({all.begin() + static_cast<std::ptrdiff_t>(from),
               all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), from + 97))},
              now());
  std::vector<std::string> gone;
  for (std::size_t i = 0; i < all.size(); i += 3) gone.push_back(all[i].segment_id);
  gone.push_back("never was");
  gone.push_back(gone.front());
  grown.remove(gone);
  for (const std::string& id : gone)
    connection.exec("DELETE FROM diary.segments WHERE segment_id = $1", {id});
  connection.exec(
      "UPDATE diary.segments SET geometry = ST_Translate(geometry, 0.0123, -0.004) WHERE length_m < 60");
  connection.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT 'new' || i, 'New', 5, "
      "ST_GeomFromText('LINESTRING(10.1 50.1, 10.2 50.2)', 4326) FROM generate_series(1, 300) i");
  const auto rest = store.page(std::nullopt, 100'000);
  grown.put(rest, now());
  City loaded;
  load(loaded, connection);
  EXPECT_EQ(grown.ids(), loaded.ids());
  for (int round = 0; round < 200; ++round) {
    const SegmentQuery query = random_query(random, loaded.ids());
    const Time at = now();
    std::string a;
    std::string b;
    const auto x = grown.list(query, Form::object, at, a);
    const auto y = loaded.list(query, Form::object, at, b);
    ASSERT_EQ(a, b) << told(query);
    ASSERT_EQ(x.total, y.total) << told(query);
    ASSERT_EQ(x.digest, y.digest) << told(query);
  }
}

// The same text whether it was rendered by the reader, or long before, or by refresh().
TEST_F(CityAgainstSql, TimePassesInTheText) {
  std::mt19937_64 random(11);
  fill(connection, 300, random);
  City kept;
  City fresh;
  load(kept, connection);
  load(fresh, connection);
  SegmentQuery whole;
  whole.limit = 1000;
  std::string before;
  kept.list(whole, Form::object, now(), before);
  for (const int hours : {1, 24, 24 * 60}) {
    const Time then = now() + std::chrono::hours{hours};
    std::string a;
    std::string b;
    const auto x = kept.list(whole, Form::object, then, a);
    fresh.refresh(then);
    const auto y = fresh.list(whole, Form::object, then, b);
    EXPECT_EQ(a, b);
    EXPECT_EQ(x.digest, y.digest);
    EXPECT_NE(a, before);
  }
}

TEST_F(CityAgainstSql, ASegmentTakesLessThanAKibibyte) {
  connection.exec(
      "INSERT INTO diary.segments (segment_id, street, neighborhood, length_m, geometry) SELECT 'w' || "
      "100000000 + i, "
      "'Some Longer Street Name', 'Some Neighborhood', 85.10, ST_SetSRID(ST_MakeLine(ARRAY(SELECT "
      "ST_MakePoint(10.1234567 + i * 0.0001 + p * 0.0001234, 50.1234567 + p * 0.0000123) FROM "
      "generate_series(1, 4) p)), "
      "4326) FROM generate_series(1, 20000) i");
  malloc_trim(0);
  const auto before = mallinfo2();
  City city;
  load(city, connection);
  malloc_trim(0);
  const auto after = mallinfo2();
  const std::size_t each = (after.uordblks + after.hblkhd - before.uordblks - before.hblkhd) / city.size();
  EXPECT_LT(each, 1024U);
  RecordProperty("bytes_per_segment", static_cast<int>(each));
  fmt::print("{} bytes a segment\n", each);
}

}  // namespace
}  // namespace diary::snapshot
