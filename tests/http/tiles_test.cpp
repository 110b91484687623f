// SPDX-License-Identifier: Apache-2.0
// Tiles over HTTP: what maps ask for, how a tile changes, who may ask how often.

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "http/api_test.hpp"
#include "snapshot/tile_address.hpp"
#include "snapshot/world.hpp"
#include "support/gunzip.hpp"
#include "support/mvt.hpp"
#include "support/ran.hpp"
#include "support/temporary_folder.hpp"

namespace diary::http::test {
namespace {

std::string tile_of(double lng, double lat, int z) {
  const auto at = snapshot::to_world({lng, lat});
  const int bits = 32 - z;
  const unsigned x = z == 0 ? 0 : at.x >> bits;
  const unsigned y = z == 0 ? 0 : at.y >> bits;
  return "/tiles/segments/" + std::to_string(z) + '/' + std::to_string(x) + '/' + std::to_string(y) + ".mvt";
}

TEST(Tiles, ShowAStreetAndWhatIsThoughtOfIt) {
  const auto street = world().segment(60, 10);
  world().settle();
  auto client = world().client();
  const auto answer = client.get(tile_of(60, 10, 15));
  ASSERT_EQ(answer.status, 200U) << answer.body;
  EXPECT_EQ(answer.header("content-type"), "application/vnd.mapbox-vector-tile");
  EXPECT_EQ(answer.header("cache-control"), "no-cache");
  EXPECT_NE(answer.header("etag"), "");
  const auto layers = support::read_mvt(answer.body);
  ASSERT_EQ(layers.at("segments").features.size(), 1U);
  const auto& feature = layers.at("segments").features.front();
  const auto segment = client.get("/api/v1/diary/segments/" + street).json();
  EXPECT_EQ(feature.texts.at("segment_id"), street);
  EXPECT_EQ(feature.texts.at("street"), text_of(segment.at("street")));
  for (const char* name : {"length_m", "decayed_mean", "n_eff", "confidence", "delta_30d"})
    EXPECT_EQ(feature.numbers.at(name), segment.at(name).to_number<double>()) << name;
}

// From this zoom on a tile takes so little work that it is encoded anew at once, and not within a second.
// Under a sanitizer nothing takes little.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int at_once = 17;
#else
constexpr int at_once = 13;
#endif

TEST(Tiles, ChangeWithARatingAndNotOtherwise) {
  const auto street = world().segment(60, 20);
  world().settle();
  auto client = world().client();
  std::map<int, std::string> tags;
  for (int z = 0; z <= 16; ++z) {
    const auto answer = client.get(tile_of(60, 20, z));
    ASSERT_EQ(answer.status, 200U) << z;
    tags[z] = answer.header("etag");
    EXPECT_EQ(client.get(tile_of(60, 20, z), {{"If-None-Match", tags[z]}}).status, 304U);
    EXPECT_EQ(client.send("HEAD", tile_of(60, 20, z)).header("etag"), tags[z]);
  }
  auto person = world().client(world().person());
  const auto elsewhere = world().segment(61, 20);
  ASSERT_EQ(person.post("/api/v1/diary/ratings", rating_of(elsewhere)).status, 201U);
  for (int z = 13; z <= 16; ++z) EXPECT_EQ(client.get(tile_of(60, 20, z)).header("etag"), tags[z]) << z;
  ASSERT_EQ(person.post("/api/v1/diary/ratings", rating_of(street)).status, 201U);
  for (int z = at_once; z <= 16; ++z) {
    const auto answer = client.get(tile_of(60, 20, z), {{"If-None-Match", tags[z]}});
    EXPECT_EQ(answer.status, 200U) << z;
    EXPECT_NE(answer.header("etag"), tags[z]);
    EXPECT_EQ(support::read_mvt(answer.body).at("segments").features.front().numbers.at("n_eff"), 1);
  }
  // Of the whole city.
  const auto begun = std::chrono::steady_clock::now();
  for (int z = 0; z < at_once && z <= 16; ++z)
    EXPECT_TRUE(support::eventually([&] { return client.get(tile_of(60, 20, z)).header("etag") != tags[z]; }))
        << z;
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{1});
}

// Written to the database, not through this server.
TEST(Tiles, ChangeWithinASecondOfACommitElsewhere) {
  const auto street = world().segment(60, 21);
  const auto person = world().person();
  world().settle();
  auto client = world().client();
  const auto tag = client.get(tile_of(60, 21, 14)).header("etag");
  world().owner.exec("INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ($1, $2, 1)",
                     {street, person.user_id});
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_TRUE(support::eventually([&] { return client.get(tile_of(60, 21, 14)).header("etag") != tag; }));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{1});
}

TEST(Tiles, ComeCompressed) {
  for (int i = 0; i < 60; ++i) world().segment(60 + 0.00001 * i, 30);
  world().settle();
  auto client = world().client();
  const auto plain = client.get(tile_of(60, 30, 15));
  const auto packed = client.get(tile_of(60, 30, 15), {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(plain.header("content-encoding"), "");
  EXPECT_EQ(packed.header("content-encoding"), "gzip");
  EXPECT_LT(packed.body.size(), plain.body.size());
  EXPECT_EQ(support::gunzip(packed.body), plain.body);
  EXPECT_NE(packed.header("etag"), plain.header("etag"));
  EXPECT_EQ(
      client.get(tile_of(60, 30, 15), {{"Accept-Encoding", "gzip"}, {"If-None-Match", packed.header("etag")}})
          .status,
      304U);
}

TEST(Tiles, WhereNothingIsAreEmpty) {
  world().segment(60, 40);
  world().settle();
  auto client = world().client();
  const auto answer = client.get(tile_of(-60, -40, 12));
  EXPECT_EQ(answer.status, 204U);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(answer.headers.count("content-length"), 0U);
}

TEST(Tiles, ThereAreNoOthers) {
  auto client = world().client();
  for (const char* path : {"17/0/0.mvt", "1/2/0.mvt", "1/0/2.mvt", "01/0/0.mvt", "1/-1/0.mvt", "a/0/0.mvt",
                           "1/0/0", "1/0/0.pbf", "1/0/.mvt", "1/0/00.mvt", "1/0x1/0.mvt",
                           "99999999999999999999/0/0.mvt", "1/0/0.mvt.mvt", "1/+1/0.mvt", "1/%30x/0.mvt"})
    expect_problem(client.get(std::string("/tiles/segments/") + path), 404, "not_found");
  expect_problem(client.get("/tiles/segments/1/0"), 404, "not_found");
  expect_problem(client.post("/tiles/segments/0/0/0.mvt", json::object{}), 405, "method_not_allowed");
  EXPECT_EQ(client.send("OPTIONS", "/tiles/segments/0/0/0.mvt").header("allow"), "GET, HEAD, OPTIONS");
}

TEST(Tiles, AreDescribedByTileJson) {
  const auto street = world().segment(60, 50);
  world().settle();
  auto client = world().client();
  const auto answer = client.get("/tiles/segments.json", {{"Host", "map.example.org:8080"}});
  ASSERT_EQ(answer.status, 200U) << answer.body;
  const auto body = answer.json();
  EXPECT_EQ(body.at("tilejson"), "3.0.0");
  EXPECT_EQ(body.at("tiles").at(0), "http://map.example.org:8080/tiles/segments/{z}/{x}/{y}.mvt");
  EXPECT_EQ(body.at("minzoom"), 0);
  EXPECT_EQ(body.at("maxzoom"), 16);
  std::vector<double> bounds;
  for (const auto& edge : body.at("bounds").as_array()) bounds.push_back(edge.to_number<double>());
  ASSERT_EQ(bounds.size(), 4U);
  EXPECT_TRUE(bounds[0] <= 60 && bounds[1] <= 50 && bounds[2] >= 60 && bounds[3] >= 50);
  // Its layers are those of the tiles, and have their fields.
  std::map<std::string, std::set<std::string>> described;
  for (const auto& layer : body.at("vector_layers").as_array())
    described[text_of(layer.at("id"))] = members(layer.at("fields").as_object());
  std::map<std::string, std::set<std::string>> found;
  for (const int z : {5, 14})
    for (const auto& [name, layer] : support::read_mvt(client.get(tile_of(60, 50, z)).body))
      for (const auto& feature : layer.features) {
        for (const auto& [key, value] : feature.texts) found[name].insert(key);
        for (const auto& [key, value] : feature.numbers) found[name].insert(key);
      }
  EXPECT_EQ(described, found);
}

TEST(Tiles, AreFoundBehindAProxy) {
  static World proxied(Headers{{"DIARY_TRUSTED_PROXIES", "127.0.4.1"}});
  HttpClient client(proxied.server.port(), "127.0.4.1");
  const auto url = [&](const Headers& headers) {
    return text_of(client.get("/tiles/segments.json", headers).json().at("tiles").at(0));
  };
  EXPECT_EQ(
      url({{"Host", "map.example.org"}, {"X-Forwarded-Proto", "https"}, {"X-Forwarded-For", "192.0.2.1"}}),
      "https://map.example.org/tiles/segments/{z}/{x}/{y}.mvt");
}

TEST(Tiles, CountApartAndNotSoon) {
  static World strict(Headers{{"RATE_LIMIT_MAX_ANONYMOUS", "2"}});
  strict.segment();
  HttpClient client(strict.server.port(), "127.0.8.1");
  for (int i = 0; i < 20; ++i)
    ASSERT_NE(client.get("/tiles/segments/14/" + std::to_string(i) + "/0.mvt").status, 429U) << i;
  const auto refused = client.get("/tiles/segments/14/0/0.mvt");
  expect_problem(refused, 429, "rate_limit_exceeded");
  EXPECT_EQ(refused.header("x-ratelimit-limit"), "20");
  EXPECT_EQ(client.get("/api/v1/diary/segments").status, 200U) << "the API has its own count";
  EXPECT_EQ(client.get("/api/openapi.json").status, 200U) << "and so have pages";
}

TEST(Tiles, AreOpenToOtherOrigins) {
  static World open(Headers{{"DIARY_CORS_ORIGINS", "*"}});
  HttpClient client(open.server.port());
  EXPECT_EQ(client.get("/tiles/segments/0/0/0.mvt", {{"Origin", "https://map.example.org"}})
                .header("access-control-allow-origin"),
            "*");
}

TEST(Tiles, AreCounted) {
  auto client = world().client();
  world().segment(60, 60);
  world().settle();
  client.get(tile_of(60, 60, 16));
  client.get(tile_of(60, 60, 16));
  const auto page = client.get("/metrics").body;
  for (const char* line :
       {"diary_tiles_total{from=\"memory\"} ", "diary_tiles_total{from=\"encoder\"} ", "diary_tiles_kept ",
        "diary_tiles_kept_bytes ", "diary_rate_limited_total{class=\"tiles\"}"})
    EXPECT_NE(page.find(line), std::string::npos) << line;
}

// GDAL's own reader, where it is installed (tools/install.sh, group test).
TEST(Tiles, AreReadByGdal) {
  if (support::run({"sh", "-c", "command -v ogrinfo"}).code != 0) GTEST_SKIP() << "there is no ogrinfo";
  const auto street = world().segment(60, 70);
  world().settle();
  const support::TemporaryFolder folder;
  auto client = world().client();
  const std::string path = tile_of(60, 70, 14);
  // The reader wants to know where the tile lies: z/x/y.mvt.
  const std::string file = folder.path() / path.substr(std::string("/tiles/segments/").size());
  std::filesystem::create_directories(std::filesystem::path(file).parent_path());
  std::ofstream(file, std::ios::binary) << client.get(path).body;
  const auto ran = support::run({"ogrinfo", "-ro", "-al", file});
  EXPECT_EQ(ran.code, 0) << ran.output;
  EXPECT_NE(ran.output.find("segment_id (String) = " + street), std::string::npos) << ran.output;
  EXPECT_NE(ran.output.find("length_m (Real) = 70.5"), std::string::npos) << ran.output;
  EXPECT_EQ(ran.output.find("ERROR"), std::string::npos) << ran.output;
  EXPECT_NE(ran.output.find("LINESTRING"), std::string::npos) << ran.output;
}

}  // namespace
}  // namespace diary::http::test
