// SPDX-License-Identifier: Apache-2.0
// The same tiles as PostGIS makes of the same rows: the same segments, the same numbers, lines that differ by
// less than a pixel.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "db/random_writer.hpp"
#include "snapshot/tile_encoder.hpp"
#include "support/mvt.hpp"
#include "support/test_database.hpp"

namespace diary::snapshot {
namespace {

using support::MvtFeature;
using support::read_mvt;
using Part = std::vector<std::pair<int, int>>;

constexpr double pixel = 16;  // units, where a tile has 256 of them

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

std::map<std::string, MvtFeature> by_id(const std::string& tile) {
  std::map<std::string, MvtFeature> found;
  const auto layers = read_mvt(tile);
  if (!layers.contains("segments")) return found;
  for (const MvtFeature& feature : layers.at("segments").features)
    EXPECT_TRUE(found.emplace(feature.texts.at("segment_id"), feature).second) << "a segment twice";
  return found;
}

double distance(const std::pair<int, int>& p, const std::pair<int, int>& a, const std::pair<int, int>& b) {
  const double dx = b.first - a.first;
  const double dy = b.second - a.second;
  const double length2 = dx * dx + dy * dy;
  const double along = (p.first - a.first) * dx + (p.second - a.second) * dy;
  const double t = length2 > 0 ? std::clamp(along / length2, 0.0, 1.0) : 0;
  return std::hypot(p.first - a.first - t * dx, p.second - a.second - t * dy);
}

// In the tile itself. In the margin around it, which is drawn over by the neighbours, both leave out what
// comes to little more than a point, each in its own way.
bool is_shown(const std::pair<int, int>& point) {
  return point.first >= 0 && point.first <= 4096 && point.second >= 0 && point.second <= 4096;
}

// How far the farthest of one's corners is from the other.
double reach(const std::vector<Part>& from, const std::vector<Part>& to) {
  double farthest = 0;
  for (const Part& part : from)
    for (const auto& point : part) {
      if (!is_shown(point)) continue;
      double least = HUGE_VAL;
      for (const Part& other : to)
        for (std::size_t i = 1; i < other.size(); ++i)
          least = std::min(least, distance(point, other[i - 1], other[i]));
      farthest = std::max(farthest, least);
    }
  return farthest;
}

double length_shown(const std::vector<Part>& parts) {
  double sum = 0;
  for (const Part& part : parts)
    for (std::size_t i = 1; i < part.size(); ++i)
      if (is_shown(part[i - 1]) || is_shown(part[i]))
        sum += std::hypot(part[i].first - part[i - 1].first, part[i].second - part[i - 1].second);
  return sum;
}

std::string text_of(const std::vector<Part>& parts) {
  std::string text;
  for (const Part& part : parts) {
    for (const auto& [x, y] : part) text += fmt::format("{},{} ", x, y);
    text += "/ ";
  }
  return text;
}

class BesidePostgis : public testing::Test {
 protected:
  BesidePostgis() {
    fmt::print("seed {}\n", seed);
    test::populate(writer, {.segments = 1, .users = 60});
    writer.exec("DELETE FROM diary.segments");
    std::uniform_real_distribution<double> lng(-75.25, -75.1);
    std::uniform_real_distribution<double> lat(39.9, 40.0);
    std::uniform_real_distribution<double> step(0.0002, 0.0008);
    std::uniform_real_distribution<double> turn(-1, 1);  // PostGIS cuts off what goes back the way it came
    pg::Transaction all(writer);
    for (int i = 0; i < 3000; ++i) {
      double x = lng(random);
      double y = lat(random);
      double heading = 3 * turn(random);
      std::string line = fmt::format("LINESTRING({} {}", x, y);
      for (std::size_t points = 1 + random() % 8; points > 0; --points) {
        heading += turn(random);
        const double length = step(random);
        line += fmt::format(", {} {}", x += length * std::cos(heading), y += length * std::sin(heading));
      }
      writer.exec(
          "INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT $1, $2, "
          "round(ST_Length(g::geography)::numeric, 2), g FROM ST_GeomFromText($3, 4326) g",
          {fmt::format("s{}", i),
           i % 10 == 0 ? "(unnamed path)" : fmt::format("Straße {}", random() % 300 * (random() % 3)),
           line + ")"});
    }
    writer.exec(
        "INSERT INTO diary.ratings (segment_id, user_id, rating) SELECT 's' || n, user_id, 1 + n % 5 FROM "
        "generate_series(0, 2999, 3) n, LATERAL (SELECT user_id FROM auth.users ORDER BY md5(user_id::text "
        "|| n) "
        "LIMIT n % 7) u");
    all.commit();
    city.begin_loading();
    std::optional<std::string> after;
    CityStore store(writer);
    for (auto page = store.page(after, 1000); !page.empty(); page = store.page(after, 1000)) {
      city.add(page, now());
      after = page.back().segment_id;
    }
    city.finish_loading();
  }

  std::map<std::string, MvtFeature> theirs(const TileAddress& tile) {
    const auto rows = writer.exec(
        "WITH streets AS (SELECT street, sum(length_m) AS length_m FROM diary.segments GROUP BY street) "
        "SELECT encode(ST_AsMVT(t, 'segments', 4096, 'geom'), 'hex') FROM ("
        "SELECT s.segment_id, s.street, s.length_m::float8, round(l.decayed_mean, 2)::float8 AS "
        "decayed_mean, "
        "round(l.n_eff, 2)::float8 AS n_eff, l.confidence::float8, round(l.delta_30d, 2)::float8 AS "
        "delta_30d, "
        "ST_AsMVTGeom(ST_Transform(s.geometry, 3857), ST_TileEnvelope($1, $2, $3), 4096, 64, true) AS geom "
        "FROM diary.segments s JOIN analytics.segment_live l USING (segment_id) JOIN streets USING (street) "
        "WHERE CASE WHEN s.street LIKE '(unnamed%' THEN s.length_m ELSE streets.length_m END >= $4) t "
        "WHERE geom IS NOT NULL",
        {tile.z, static_cast<int>(tile.x), static_cast<int>(tile.y), least_street_m(tile.z)});
    return by_id(bytes_of(rows.str(0, 0)));
  }

  const unsigned seed = std::random_device{}();
  std::mt19937 random{seed};
  support::TestDatabase database;
  pg::Connection writer{database.superuser_conninfo()};
  City city;
};

TEST_F(BesidePostgis, TheSameSegmentsAndNumbersAndNearlyTheSameLines) {
  std::size_t compared = 0;
  double farthest = 0;
  for (const int z : {8, 9, 10, 11, 12, 13, 14, 15, 16}) {
    for (int round = 0; round < 8; ++round) {
      const auto place = to_world({std::uniform_real_distribution<double>(-75.26, -75.09)(random),
                                   std::uniform_real_distribution<double>(39.89, 40.01)(random)});
      const TileAddress tile{z, place.x >> (32 - z), place.y >> (32 - z)};
      SCOPED_TRACE(fmt::format("{}/{}/{}", z, tile.x, tile.y));
      const auto mine = by_id(encode_tile(city, tile, now()));
      const auto other = theirs(tile);
      for (const auto& [id, feature] : mine)
        EXPECT_TRUE(other.contains(id) || length_shown(feature.parts) <= pixel)
            << id << " is not in theirs: " << text_of(feature.parts);
      for (const auto& [id, feature] : other) {
        const auto found = mine.find(id);
        if (found == mine.end()) {
          // What comes to nothing when it is simplified.
          EXPECT_LE(length_shown(feature.parts), pixel) << id << " is missing";
          continue;
        }
        ++compared;
        EXPECT_EQ(found->second.texts, feature.texts);
        for (const auto& [name, value] : feature.numbers)
          EXPECT_NEAR(found->second.numbers.at(name), value, name == "length_m" ? 1e-9 : 0.0101)
              << id << ' ' << name;
        EXPECT_EQ(found->second.numbers.size(), feature.numbers.size());
        EXPECT_LE(reach(found->second.parts, feature.parts), pixel)
            << id << "\nhere  " << text_of(found->second.parts) << "\nthere " << text_of(feature.parts);
        EXPECT_LE(reach(feature.parts, found->second.parts), pixel)
            << id << "\nhere  " << text_of(found->second.parts) << "\nthere " << text_of(feature.parts);
        farthest = std::max(farthest, reach(feature.parts, found->second.parts));
      }
    }
  }
  fmt::print("{} lines compared, {:.1f} units apart at most\n", compared, farthest);
  EXPECT_GT(compared, 1000U);
}

}  // namespace
}  // namespace diary::snapshot
