// SPDX-License-Identifier: Apache-2.0
// bench_tiles CONNINFO: the same random tiles made by encode_tile() and by ST_AsMVT, in turns, each on one
// core. One line of JSON a zoom, times in microseconds.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "base/gzip.hpp"
#include "snapshot/tile_encoder.hpp"
#include "store/city_store.hpp"

namespace diary {
namespace {

using Clock = std::chrono::steady_clock;

// From far away PostGIS looks at a whole city for each.
int tiles_at(int z) {
  return z < 12 ? 3 : z < 14 ? 10 : 40;
}
constexpr int ours_repeated = 5;  // of which the median counts: a single one is too short to be timed well

// As a tile server over PostGIS asks: the index finds, and scores are those of now. Both leave out the same
// streets. The length of whole streets, which the server knows beforehand, is no work of the query.
constexpr pg::Query st_as_mvt{
    "bench_tile",
    "SELECT ST_AsMVT(t, 'segments', 4096, 'geom', 'id') FROM ("
    "SELECT hashtextextended(s.segment_id, 0) & 9007199254740991 AS id, s.segment_id, s.street, "
    "s.length_m::float8 AS length_m, round(l.decayed_mean, 2)::float8 AS decayed_mean, "
    "round(l.n_eff, 2)::float8 AS n_eff, l.confidence::float8 AS confidence, "
    "round(l.delta_30d, 2)::float8 AS delta_30d, "
    "ST_AsMVTGeom(ST_Transform(s.geometry, 3857), ST_TileEnvelope($1, $2, $3), 4096, 64, true) AS geom "
    "FROM diary.segments s "
    "JOIN LATERAL (SELECT * FROM analytics.segment_live v WHERE v.segment_id = s.segment_id) l ON true "
    "WHERE s.geometry && ST_Transform(ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096), 4326) "
    "AND ($4::float8 = 0 OR s.street IN (SELECT street FROM bench_streets WHERE length_m >= $4::float8))) t "
    "WHERE geom IS NOT NULL"};

template <class Work>
double micros(Work work) {
  const auto begun = Clock::now();
  work();
  return std::chrono::duration<double, std::micro>(Clock::now() - begun).count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

std::size_t segments_in(const snapshot::City& city, const snapshot::TileAddress& tile) {
  std::size_t count = 0;
  const auto counted = [&](const snapshot::MappedSegment&) { ++count; };
  city.visit(tile.box(), counted, [] {});
  return count;
}

int run(const std::string& conninfo) {
  pg::Connection connection(conninfo);
  connection.exec("SET plan_cache_mode = force_custom_plan; ");
  connection.exec("SET jit = off");
  connection.exec(
      "CREATE TEMP TABLE bench_streets AS SELECT street, sum(length_m)::float8 AS length_m FROM "
      "diary.segments GROUP "
      "BY street");
  connection.exec("ANALYZE bench_streets");
  snapshot::City city;
  city.begin_loading();
  CityStore store(connection);
  std::optional<std::string> after;
  for (auto page = store.page(after, 4000); !page.empty(); page = store.page(after, 4000)) {
    city.add(page, now());
    after = page.back().segment_id;
  }
  city.finish_loading();
  const auto around = city.bounds();
  if (!around) return 1;
  std::mt19937 random(1);
  std::uniform_real_distribution<double> lng(around->west, around->east);
  std::uniform_real_distribution<double> lat(around->south, around->north);
  for (int z = 10; z <= 16; ++z) {
    std::vector<double> ours;
    std::vector<double> packed;
    std::vector<double> theirs;
    std::vector<double> counts;
    std::size_t bytes = 0;
    for (int i = 0; i < tiles_at(z); ++i) {
      const auto place = snapshot::to_world({lng(random), lat(random)});
      const snapshot::TileAddress tile{z, place.x >> (32 - z), place.y >> (32 - z)};
      std::string mvt;
      std::vector<double> times;
      for (int n = 0; n < ours_repeated; ++n)
        times.push_back(micros([&] { mvt = encode_tile(city, tile, now()); }));
      ours.push_back(median(times));
      packed.push_back(ours.back() + micros([&] { bytes += gzip(mvt).size(); }));
      theirs.push_back(micros([&] {
        static_cast<void>(connection.run(
            st_as_mvt, {z, static_cast<int>(tile.x), static_cast<int>(tile.y), snapshot::least_street_m(z)}));
      }));
      counts.push_back(static_cast<double>(segments_in(city, tile)));
    }
    fmt::print(
        R"({{"zoom":{},"segments":{:.0f},"ours":{:.1f},"packed":{:.1f},"theirs":{:.1f},"ratio":{:.1f},"kib":{:.1f}}})"
        "\n",
        z, median(counts), median(ours), median(packed), median(theirs),
        [&] {
          std::vector<double> ratios;
          for (std::size_t i = 0; i < ours.size(); ++i) ratios.push_back(theirs[i] / ours[i]);
          return median(ratios);
        }(),
        static_cast<double>(bytes) / tiles_at(z) / 1024);
  }
  return 0;
}

}  // namespace
}  // namespace diary

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: bench_tiles CONNINFO\n");
    return 2;
  }
  try {
    return diary::run(argv[1]);
  } catch (const std::exception& e) {
    fmt::print(stderr, "bench_tiles: {}\n", e.what());
    return 1;
  }
}
