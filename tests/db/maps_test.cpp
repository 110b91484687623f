// SPDX-License-Identifier: Apache-2.0
// analytics.coverage and analytics.clusters, against what the cells themselves say.
#include <fmt/format.h>

#include <random>

#include "db/live_oracle.hpp"
#include "db/schema_test.hpp"

namespace diary::test {
namespace {

class Maps : public SchemaTest {
 protected:
  void put(const std::string& id, const std::string& wkt, int ratings) {
    owner.exec(
        "INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ($1, 'Street', 70, "
        "ST_GeomFromText($2, 4326))",
        {id, wkt});
    owner.exec(
        "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at) SELECT $1, user_id, 1 + "
        "row_number() OVER () % 5, now() - row_number() OVER () * interval '3 days' FROM (SELECT user_id "
        "FROM "
        "auth.users ORDER BY user_id LIMIT $2) u",
        {id, ratings});
  }
  void people(int count) {
    owner.exec(
        "INSERT INTO auth.users (email, password_hash) SELECT 'u' || i, 'x' FROM generate_series(1, $1::int) "
        "i",
        {count});
  }
  void refused(const std::string& call, const std::string& parameter) {
    try {
      server.exec("SELECT * FROM analytics." + call);
      ADD_FAILURE() << call << " was not refused";
    } catch (const pg::DbError& e) {
      EXPECT_EQ(e.sqlstate(), "22023") << call;
      EXPECT_NE(std::string(e.what()).find(parameter + " must be"), std::string::npos) << e.what();
    }
  }
  pg::Connection server = app();
};

TEST_F(Maps, CellsMeasureWhatWasAskedAtEveryLatitude) {
  struct Box {
    double west, south, east, north, cell_m;
  };
  const Box boxes[] = {
      {10, -0.01, 10.02, 0.01, 50}, {10, 40, 10.02, 40.01, 50},  {-70, 60, -69.98, 60.01, 10},
      {10, 80, 10.05, 80.01, 50},   {10, -80.5, 11, -80, 1000},  {-75, 0, -74, 80, 5000},
      {100, -85, 110, -70, 5000},   {179, 86.5, 180, 86.6, 100}, {10, -1, 12, 1, 4999.5}};
  for (const Box& box : boxes) {
    owner.exec("DELETE FROM diary.segments");
    put("across", fmt::format("LINESTRING({} {},{} {})", box.west, box.south, box.east, box.north), 0);
    put("back", fmt::format("LINESTRING({} {},{} {})", box.west, box.north, box.east, box.south), 0);
    const auto rows = server.exec(
        "SELECT count(*), min(south), max(south), min(north), max(north), min(height), max(height) "
        "FROM (SELECT ST_Distance(ST_MakePoint(ST_XMin(cell), ST_YMin(cell))::geography, "
        "ST_MakePoint(ST_XMax(cell), ST_YMin(cell))::geography) / $5::float8 AS south, "
        "ST_Distance(ST_MakePoint(ST_XMin(cell), ST_YMax(cell))::geography, "
        "ST_MakePoint(ST_XMax(cell), ST_YMax(cell))::geography) / $5::float8 AS north, "
        "ST_Distance(ST_MakePoint(ST_XMin(cell), ST_YMin(cell))::geography, "
        "ST_MakePoint(ST_XMin(cell), ST_YMax(cell))::geography) / $5::float8 AS height "
        "FROM analytics.coverage($1, $2, $3, $4, $5)) sides",
        {box.west, box.south, box.east, box.north, box.cell_m});
    EXPECT_GT(rows.integer(0, 0), 10) << box.south;
    for (int side = 1; side <= 6; ++side)
      EXPECT_NEAR(rows.real(0, side), 1, 0.01) << box.south << " " << side;
  }
}

TEST_F(Maps, CoverageIsWhatItsCellsHold) {
  std::mt19937_64 random(seed());
  const auto pick = [&](double low, double high) {
    return std::uniform_real_distribution(low, high)(random);
  };
  people(12);
  for (int i = 0; i < 150; ++i) {
    const double lng = pick(-75.18, -75.16);
    const double lat = pick(39.94, 39.96);
    put(fmt::format("s{}", i),
        fmt::format("LINESTRING({} {},{} {},{} {})", lng, lat, lng + pick(-0.003, 0.003),
                    lat + pick(-0.003, 0.003), lng + pick(-0.003, 0.003), lat + pick(-0.003, 0.003)),
        static_cast<int>(pick(0, 12)));
  }
  const auto city = owner.exec(
      "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (SELECT ST_Extent(geometry) AS e FROM "
      "diary.segments) x");
  pg::Params box;
  for (int i = 0; i < 4; ++i) box.emplace_back(city.real(0, i));
  for (const double cell_m : {20.0, 50.0, 333.0, 5000.0}) {
    const pg::Transaction transaction(super);  // one now() for all
    pg::Params asked = box;
    asked.emplace_back(cell_m);
    super.exec("CREATE TEMP TABLE got ON COMMIT DROP AS SELECT * FROM analytics.coverage($1, $2, $3, $4, $5)",
               asked);
    EXPECT_EQ(one("SELECT sum(total_samples) FROM got"),
              one("SELECT sum(n_samples) FROM analytics.segment_live"));
    EXPECT_EQ(one("SELECT count(*) FROM (SELECT x, y FROM got GROUP BY x, y HAVING count(*) > 1) twice"),
              "0");
    // Each cell by itself: who touches it, and whose middle is in it.
    EXPECT_EQ(
        one("SELECT count(*) FROM got c LEFT JOIN LATERAL (SELECT count(*) AS n, round(avg(l.confidence), 2) "
            "AS "
            "mean, COALESCE(sum(n_samples) FILTER (WHERE ST_X(middle) >= ST_XMin(cell) AND ST_X(middle) < "
            "ST_XMax(cell) AND ST_Y(middle) >= ST_YMin(cell) AND ST_Y(middle) < ST_YMax(cell)), 0) AS "
            "samples "
            "FROM diary.segments g JOIN analytics.segment_live l USING (segment_id), "
            "ST_LineInterpolatePoint(g.geometry, 0.5) middle WHERE ST_Intersects(c.cell, g.geometry)) r ON "
            "true "
            "WHERE (c.segment_count, c.mean_confidence, c.total_samples) IS DISTINCT FROM (r.n, r.mean, "
            "r.samples) OR c.segment_count = 0"),
        "0");
    // Nothing of a street lies where no cell is.
    EXPECT_EQ(
        one("SELECT count(*) FROM diary.segments WHERE NOT ST_Covers((SELECT ST_Buffer(ST_Union(cell), 1e-9) "
            "FROM got), geometry)"),
        "0");
    EXPECT_EQ(one("SELECT count(*) FROM got WHERE NOT ST_Equals(ST_SnapToGrid(ST_Centroid(cell), 1e-9), "
                  "ST_SnapToGrid(ST_SetSRID(ST_MakePoint(center_lng, center_lat), 4326), 1e-9))"),
              "0");
  }
}

TEST_F(Maps, CoverageRefusesWhatItCannotAnswer) {
  EXPECT_EQ(server.exec("SELECT * FROM analytics.coverage(-75.2, 39.9, -75.1, 40)").size(), 0);
  refused("coverage(-180.1, 0, 1, 1)", "p_min_lng");
  refused("coverage(0, -90.1, 1, 1)", "p_min_lat");
  refused("coverage(0, 0, 180.1, 1)", "p_max_lng");
  refused("coverage(0, 0, 1, 90.1)", "p_max_lat");
  refused("coverage(NULL, 0, 1, 1)", "p_min_lng");
  refused("coverage('NaN', 0, 1, 1)", "p_min_lng");
  refused("coverage(179, 0, -179, 1)", "p_min_lng");
  refused("coverage(0, 1, 1, 1)", "p_min_lat");
  refused("coverage(0, 0, 1, 1, 9.9)", "p_cell_m");
  refused("coverage(0, 0, 1, 1, 5001)", "p_cell_m");
  refused("coverage(0, 0, 1, 1, NULL)", "p_cell_m");
  refused("coverage(0, 0, 1, 1, 50)", "p_cell_m");          // 5 million cells
  refused("coverage(-180, -90, 180, 90, 10)", "p_cell_m");  // too many rows even
  EXPECT_NO_THROW(server.exec("SELECT * FROM analytics.coverage(0, 0, 0.141, 0.141, 50)"));  // 99,000
  refused("coverage(0, 0, 0.143, 0.143, 50)", "p_cell_m");
  EXPECT_NO_THROW(server.exec("SELECT * FROM analytics.coverage(-180, 89, 180, 90, 5000)"));
}

TEST_F(Maps, TwoBlobsAreTwoClusters) {
  people(30);
  for (int i = 0; i < 10; ++i) {
    const double off = i * 0.0001;
    put(fmt::format("a{}", i), fmt::format("LINESTRING({0} 39.91,{0} 39.912)", -75.19 + off), 2);
    put(fmt::format("b{}", i), fmt::format("LINESTRING({0} 39.99,{0} 39.992)", -75.11 + off), 3);
  }
  put("nobody rated this", "LINESTRING(-75.15 39.95,-75.15 39.951)", 0);
  put("outside", "LINESTRING(-75.3 39.95,-75.3 39.951)", 3);
  const auto rows = server.exec("SELECT * FROM analytics.clusters(2, -75.2, 39.9, -75.1, 40)");
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows.integer(0, 0), 0);
  EXPECT_NEAR(rows.real(0, 1), -75.10955, 1e-9);
  EXPECT_NEAR(rows.real(0, 2), 39.991, 1e-9);
  EXPECT_EQ(rows.integer(0, 3), 10);
  EXPECT_NEAR(rows.real(1, 1), -75.18955, 1e-9);
  EXPECT_NEAR(rows.real(1, 2), 39.911, 1e-9);
  EXPECT_EQ(rows.integer(1, 3), 10);
  EXPECT_EQ(one("SELECT sum(total_confidence) FROM analytics.clusters(7, -75.2, 39.9, -75.1, 40)"),
            one("SELECT sum(confidence) FROM analytics.segment_live WHERE segment_id <> 'outside'"));
  EXPECT_EQ(server.exec("SELECT * FROM analytics.clusters(256, -75.2, 39.9, -75.1, 40)").size(), 20);
  EXPECT_EQ(server.exec("SELECT * FROM analytics.clusters(3, 10, 10, 11, 11)").size(), 0);
}

TEST_F(Maps, ConfidencePullsTheCentre) {
  people(30);
  put("heavy", "LINESTRING(-75.19 39.91,-75.19 39.912)", 30);
  put("light", "LINESTRING(-75.11 39.91,-75.11 39.912)", 1);
  EXPECT_LT(server.exec("SELECT center_lng FROM analytics.clusters(1, -75.2, 39.9, -75.1, 40)").real(0, 0),
            -75.175);
  EXPECT_EQ(
      server.exec("SELECT mean_score FROM analytics.clusters(1, -75.2, 39.9, -75.1, 40)").str(0, 0),
      one("SELECT round(sum(decayed_mean * confidence) / sum(confidence), 2) FROM analytics.segment_live"));
}

// On a line at 0, 3.2, 5.1 and 10: alike, they fall into two and two; with the second and the last nearly
// weightless, the third draws the second over.
TEST_F(Maps, ConfidenceDecidesWhoBelongsTogether) {
  people(30);
  const auto at = [](double place) {
    return fmt::format("LINESTRING({0} 39.91,{0} 39.912)", -75.19 + place * 0.001);
  };
  put("s1", at(0), 30);
  put("s2", at(3.2), 1);
  put("s3", at(5.1), 30);
  put("s4", at(10), 1);
  const auto sizes = [&] {
    return one(
        "SELECT string_agg(segment_count::text, ' ' ORDER BY center_lng) FROM analytics.clusters(2, -75.2, "
        "39.9, -75.1, 40)");
  };
  EXPECT_EQ(sizes(), "1 3");
  owner.exec("DELETE FROM diary.ratings");
  for (const char* id : {"s1", "s2", "s3", "s4"})
    owner.exec(
        "INSERT INTO diary.ratings (segment_id, user_id, rating) SELECT $1, user_id, 3 FROM auth.users LIMIT "
        "5",
        {id});
  EXPECT_EQ(sizes(), "2 2");
}

TEST_F(Maps, ClustersOnOnePlace) {
  people(3);
  for (const char* id : {"s1", "s2", "s3"}) put(id, "LINESTRING(10 50,10.001 50)", 2);
  const auto rows = server.exec("SELECT * FROM analytics.clusters(5, 9, 49, 11, 51)");
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows.integer(0, 3), 3);
}

TEST_F(Maps, ClustersRefuseWhatTheyCannotAnswer) {
  refused("clusters(0, 0, 0, 1, 1)", "p_k");
  refused("clusters(257, 0, 0, 1, 1)", "p_k");
  refused("clusters(NULL, 0, 0, 1, 1)", "p_k");
  refused("clusters(2, 1, 0, 1, 1)", "p_min_lng");
  refused("clusters(2, 0, 0, 1, 91)", "p_max_lat");
}

}  // namespace
}  // namespace diary::test
