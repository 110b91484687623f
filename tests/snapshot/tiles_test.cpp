// SPDX-License-Identifier: Apache-2.0
// What tiles hold, how large they may be, and how long they are kept.
#include "snapshot/tiles.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "snapshot/small_city.hpp"
#include "snapshot/tile_encoder.hpp"
#include "support/eventually.hpp"
#include "support/mvt.hpp"

namespace diary::snapshot {
namespace {

using support::read_mvt;
using test::load;
using test::rated;
using test::street;

// City Hall's tile at a zoom.
TileAddress hall(int z) {
  const auto at = to_world({-75.1636, 39.9523});
  const int bits = 32 - z;
  return {z, z == 0 ? 0 : at.x >> bits, z == 0 ? 0 : at.y >> bits};
}

TEST(TileEncoder, WritesAStreetAsTheFormatWantsIt) {
  City city;
  load(city, {rated(street("a", {{-75.1640, 39.9520}, {-75.1630, 39.9520}}, "Größe 市 Street")),
              street("far", {{10, 10}, {10.001, 10}})});
  const auto layers = read_mvt(encode_tile(city, hall(16), now()));
  ASSERT_EQ(layers.size(), 1U);
  const auto& layer = layers.at("segments");
  EXPECT_EQ(layer.extent, 4096U);
  ASSERT_EQ(layer.features.size(), 1U);
  const auto& feature = layer.features.front();
  EXPECT_EQ(feature.id, feature_id("a"));
  EXPECT_EQ(feature.type, 2U);
  EXPECT_EQ(feature.texts,
            (std::map<std::string, std::string>{{"segment_id", "a"}, {"street", "Größe 市 Street"}}));
  EXPECT_EQ(feature.numbers, (std::map<std::string, double>{{"length_m", 111},
                                                            {"decayed_mean", 3.33},
                                                            {"n_eff", 1},
                                                            {"confidence", 0.1},
                                                            {"delta_30d", -0.25}}));
  ASSERT_EQ(feature.parts.size(), 1U);
  EXPECT_EQ(feature.parts.front().front().second, feature.parts.front().back().second);
  // 0.001 degrees of 360 at zoom 16.
  EXPECT_NEAR(feature.parts.front().back().first - feature.parts.front().front().first,
              0.001 / 360 * 65536 * 4096, 1.5);
}

TEST(TileEncoder, IsEmptyWhereNothingIs) {
  City city;
  load(city, {});
  EXPECT_EQ(encode_tile(city, {0, 0, 0}, now()), "");
  City other;
  load(other, {street("a", {{10, 10}, {10.001, 10}})});
  EXPECT_EQ(encode_tile(other, hall(14), now()), "");
  EXPECT_NE(encode_tile(other, {0, 0, 0}, now()), "");
}

TEST(TileEncoder, DrawsMainStreetsFromFarAndAllFromNear) {
  City city;
  std::vector<LiveSegment> segments;
  // Streets of 100 m to 12.8 km, each of many pieces, from south to north.
  for (int i = 0; i < 8; ++i) {
    const int pieces = 1 << i;
    const double lng = -75.16 + 0.001 * i;
    for (int piece = 0; piece < pieces; ++piece) {
      const double lat = 39.95 + 0.0009 * piece;
      segments.push_back(street(fmt::format("{}-{}", i, piece), {{lng, lat}, {lng, lat + 0.0009}},
                                fmt::format("{}. Street", i)));
    }
  }
  // Without a name, and many: none of them is a long street.
  for (int i = 0; i < 200; ++i)
    segments.push_back(street(fmt::format("u{}", i),
                              {{-75.17, 39.95 + 0.0009 * i}, {-75.17, 39.9509 + 0.0009 * i}},
                              "(unnamed service)"));
  load(city, segments);
  const auto streets_at = [&](int z) {
    std::set<std::string> names;
    const auto around = to_world({-75.16, 39.9502});
    const auto layers = read_mvt(encode_tile(city, {z, around.x >> (32 - z), around.y >> (32 - z)}, now()));
    if (layers.contains("segments"))
      for (const auto& feature : layers.at("segments").features) names.insert(feature.texts.at("street"));
    return names;
  };
  EXPECT_EQ(streets_at(7), (std::set<std::string>{}));
  EXPECT_EQ(streets_at(8), (std::set<std::string>{"7. Street"}));
  EXPECT_EQ(streets_at(10).size(), 3U);
  EXPECT_EQ(streets_at(12).size(), 5U);
  EXPECT_EQ(streets_at(13).size(), 9U);
  for (int z = 8; z < 13; ++z) EXPECT_GE(least_street_m(z), least_street_m(z + 1));
}

TEST(TileEncoder, FarAwayShowsSquaresOfWhatIsKnown) {
  City city;
  load(city, {rated(street("a", {{-75.1640, 39.9520}, {-75.1630, 39.9520}, {-75.1620, 39.9520}})),
              street("b", {{-75.1640, 39.9521}, {-75.1630, 39.9521}, {-75.1620, 39.9521}})});
  for (const int z : {0, 5, 10, 12}) {
    const auto layers = read_mvt(encode_tile(city, hall(z), now()));
    ASSERT_TRUE(layers.contains("coverage")) << z;
    double count = 0;
    for (const auto& feature : layers.at("coverage").features) {
      EXPECT_EQ(feature.type, 3U);
      ASSERT_EQ(feature.parts.size(), 1U);
      const auto& ring = feature.parts.front();
      ASSERT_EQ(ring.size(), 4U);
      // Twice the area; positive as the format wants an outer ring.
      int area = 0;
      for (std::size_t i = 0; i < 4; ++i)
        area += ring[i].first * ring[(i + 1) % 4].second - ring[(i + 1) % 4].first * ring[i].second;
      EXPECT_EQ(area, 2 * 64 * 64);
      count += feature.numbers.at("segment_count");
      EXPECT_GE(feature.numbers.at("decayed_mean"), 3);
      EXPECT_GT(feature.numbers.at("length_km"), 0);
    }
    EXPECT_EQ(count, 2) << z;
    if (z == 0) {
      EXPECT_EQ(layers.at("coverage").features.front().numbers.at("mean_confidence"), 0.05);
      EXPECT_EQ(layers.at("coverage").features.front().numbers.at("decayed_mean"), 3.17);
    }
  }
  EXPECT_FALSE(read_mvt(encode_tile(city, hall(13), now())).contains("coverage"));
}

TEST(TileEncoder, IsBoundedInFeaturesAndKeepsTheLongestStreets) {
  City city;
  std::vector<LiveSegment> segments;
  const int many = static_cast<int>(tile_limits::features) + 500;
  for (int i = 0; i < many; ++i) {
    const double lat = 39.9500 + 0.0000004 * i;
    segments.push_back(
        street(fmt::format("s{}", i), {{-75.1640, lat}, {-75.1630, lat}}, fmt::format("{}. Street", i)));
  }
  segments.push_back(street("long", {{-75.1640, 39.9520}, {-75.1600, 39.9520}}, "Long Street"));
  load(city, segments);
  const auto layers = read_mvt(encode_tile(city, hall(14), now()));
  EXPECT_EQ(layers.at("segments").features.size(), tile_limits::features);
  bool has_long = false;
  for (const auto& feature : layers.at("segments").features)
    has_long = has_long || feature.texts.at("segment_id") == "long";
  EXPECT_TRUE(has_long);
  EXPECT_EQ(encode_tile(city, hall(14), now()), encode_tile(city, hall(14), now())) << "always the same ones";
}

TEST(TileEncoder, IsBoundedInBytesAndKeepsTheLongestStreets) {
  City city;
  std::vector<LiveSegment> segments;
  const std::string long_name(180, 'x');
  for (int i = 0; i < 6000; ++i) {
    const double lat = 39.9500 + 0.0000004 * i;
    segments.push_back(street(fmt::format("{:050}", i), {{-75.1640, lat}, {-75.1630, lat}},
                              fmt::format("{} {}", i, long_name)));
  }
  segments.push_back(street("long", {{-75.1640, 39.9520}, {-75.1600, 39.9520}}, "Long Street"));
  load(city, segments);
  const std::string tile = encode_tile(city, hall(14), now());
  EXPECT_LE(tile.size(), tile_limits::bytes);
  EXPECT_GT(tile.size(), tile_limits::bytes * 9 / 10);
  const auto layers = read_mvt(tile);
  EXPECT_EQ(layers.at("segments").features.front().texts.at("segment_id"), "long");
}

TEST(TileEncoder, IdsAreStableAndExactInADouble) {
  EXPECT_EQ(feature_id("seg_market_st_0012"), feature_id("seg_market_st_0012"));
  std::set<std::uint64_t> ids;
  for (int i = 0; i < 100'000; ++i) {
    const auto id = feature_id(fmt::format("seg_{}", i));
    EXPECT_LT(id, std::uint64_t{1} << 53);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 100'000U);
}

// A number that a change of the city makes visible.
class KeptTiles : public testing::Test {
 protected:
  KeptTiles() { load(city, {here, there}); }
  std::string tag(int z) { return tiles.encoded(hall(z))->tag; }
  void put(const LiveSegment& segment) { tiles.changed(city.put({segment}, now())); }

  LiveSegment here = street("here", {{-75.1640, 39.9520}, {-75.1630, 39.9520}});
  LiveSegment there = street("there", {{-75.2640, 39.9520}, {-75.2630, 39.9520}});
  City city;
  // However slow the machine, nothing is shown for a while after it changed.
  Tiles tiles{city, {.longest_hold = std::chrono::milliseconds{0}}};
};

TEST_F(KeptTiles, AreEncodedOnce) {
  EXPECT_EQ(tiles.kept(hall(16)), nullptr);
  const auto first = tiles.encoded(hall(16));
  EXPECT_EQ(tiles.kept(hall(16)), first);
  EXPECT_EQ(tiles.encoded(hall(16)), first);
  EXPECT_EQ(tiles.state().encoded, 1U);
  EXPECT_EQ(tiles.state().kept, 2U);
  EXPECT_EQ(tiles.state().count, 1U);
}

TEST_F(KeptTiles, ChangeWithWhatIsInThemAndNotOtherwise) {
  std::map<int, std::string> before;
  for (int z = 0; z <= 16; ++z) before[z] = tag(z);
  put(rated(there));
  for (int z = 12; z <= 16; ++z) EXPECT_NE(tiles.kept(hall(z)), nullptr) << "another tile's street";
  put(there = rated(there));
  put(here = rated(here));
  for (int z = 0; z <= 16; ++z) {
    EXPECT_EQ(tiles.kept(hall(z)), nullptr) << z;
    EXPECT_NE(tag(z), before[z]) << z;
  }
  for (int z = 0; z <= 16; ++z) before[z] = tag(z);
  put(here);
  for (int z = 0; z <= 16; ++z) EXPECT_NE(tiles.kept(hall(z)), nullptr) << "nothing new";
  tiles.changed(city.remove({"here"}));
  EXPECT_EQ(tiles.encoded(hall(16))->mvt, "");
  put(here);
  EXPECT_EQ(tag(16), before[16]);
}

TEST_F(KeptTiles, ChangeWhereAStreetWasAndWhereItIs) {
  const auto from = hall(16);
  const auto to = to_world({-75.2635, 39.9520});
  const TileAddress target{16, to.x >> 16, to.y >> 16};
  const auto before = tiles.encoded(target)->tag;
  EXPECT_NE(tiles.encoded(from)->mvt, "");
  here.line = {{-75.2640, 39.9521}, {-75.2630, 39.9521}};
  put(here);
  EXPECT_EQ(tiles.encoded(from)->mvt, "");
  EXPECT_NE(tiles.encoded(target)->tag, before);
}

TEST_F(KeptTiles, ALongStreetsChangeReachesAllOfItsTiles) {
  LiveSegment across = street("across", {{-76, 39.9523}, {-74, 39.9523}});
  put(across);
  for (int z = 8; z <= 16; ++z) static_cast<void>(tag(z));
  put(rated(across));
  for (int z = 8; z <= 16; ++z) EXPECT_EQ(tiles.kept(hall(z)), nullptr) << z;
}

TEST_F(KeptTiles, AreEncodedAnewAfterTheirTime) {
  Tiles hasty(city, {.max_age = std::chrono::milliseconds{20}});
  const auto first = hasty.encoded(hall(16));
  EXPECT_TRUE(support::eventually([&] { return hasty.kept(hall(16)) == nullptr; }));
  EXPECT_EQ(hasty.encoded(hall(16))->tag, first->tag);
  EXPECT_EQ(hasty.state().encoded, 2U);
}

TEST_F(KeptTiles, AreBoundedInBytes) {
  Tiles small(city, {.bytes = 20'000});
  for (std::uint32_t x = 0; x < 1000; ++x) static_cast<void>(small.encoded({16, x, 0}));
  static_cast<void>(small.encoded(hall(16)));
  EXPECT_LE(small.state().bytes, 20'000U);
  EXPECT_GT(small.state().count, 10U);
  EXPECT_LT(small.state().count, 50U);
  EXPECT_NE(small.kept(hall(16)), nullptr) << "the last one asked for";
  EXPECT_NE(small.kept({16, 999, 0}), nullptr);
  EXPECT_EQ(small.kept({16, 0, 0}), nullptr) << "the first one went";
}

// Whoever asks after a change was told never sees what was before it, whatever is encoded at that moment.
TEST_F(KeptTiles, NeverShowWhatWasBeforeAChange) {
  Tiles exact(city, {.longest_hold = {}});
  std::atomic<bool> done = false;
  std::atomic<int> changes = 0;
  std::atomic<int> stale = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i)
    readers.emplace_back([&] {
      while (!done) {
        const int known = changes;
        const auto tile = exact.encoded(hall(15));
        const auto layers = read_mvt(tile->mvt);
        // Each change is one more rating, and they do not decay within the test.
        if (layers.at("segments").features.front().numbers.at("n_eff") < known - 0.01) ++stale;
      }
    });
  for (int i = 1; i <= 300; ++i) {
    exact.changed(city.put({here = rated(here)}, now()));
    changes = i;
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(stale, 0);
}

}  // namespace
}  // namespace diary::snapshot
