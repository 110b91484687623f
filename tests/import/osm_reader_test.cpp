// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "import/osm_fixture.hpp"
#include "import/read_all.hpp"

namespace diary::import::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

// Nodes 1..9 in a row to the east, about 84 m apart, 11..19 the row above.
Map grid() {
  Map map;
  for (std::int64_t i = 1; i <= 9; ++i)
    map.nodes.push_back({i, -8.6 + 0.001 * static_cast<double>(i), 41.15});
  for (std::int64_t i = 11; i <= 19; ++i)
    map.nodes.push_back({i, -8.61 + 0.001 * static_cast<double>(i), 41.151});
  return map;
}

Everything read(const Map& map) {
  return read_pbf(PbfMaker().file(map));
}

TEST(Osm, CutsWaysWhereTheyMeet) {
  Map map = grid();
  map.ways = {{100, {1, 2, 3, 4, 5}}, {200, {3, 13}}};
  const auto got = read(map);
  ASSERT_EQ(got.message(), "");
  EXPECT_THAT(got.ids(), UnorderedElementsAre("w100_1_3", "w100_3_5", "w200_3_13"));
  EXPECT_EQ(got.segments[0].geometry.size(), 3U);
  EXPECT_EQ(got.segments[0].source_node, 1);
  EXPECT_EQ(got.segments[0].target_node, 3);
  EXPECT_NEAR(got.segments[0].length_m, 2 * 83.96, 0.1);
}

TEST(Osm, DoesNotCutAtWaysThatNobodyWalks) {
  Map map = grid();
  map.ways = {
      {100, {1, 2, 3}}, {200, {2, 12}, {{"waterway", "river"}}}, {300, {2, 11}, {{"highway", "motorway"}}}};
  EXPECT_THAT(read(map).ids(), ElementsAre("w100_1_3"));
}

TEST(Osm, ReadsEveryEncodingAlike) {
  Map map = grid();
  map.nodes[1].tags = {{"highway", "crossing"}, {"ele", "12"}};
  map.ways = {{100, {1, 2, 3, 4, 5}}, {200, {3, 13}}};
  const auto wanted = read(map).ids();
  ASSERT_EQ(wanted.size(), 3U);
  for (const bool dense : {false, true}) {
    for (const bool zlib : {false, true}) {
      PbfMaker maker;
      maker.dense = dense;
      maker.zlib = zlib;
      maker.ways_first = dense == zlib;
      EXPECT_EQ(read_pbf(maker.file(map)).ids(), wanted) << dense << zlib;
    }
  }
  EXPECT_EQ(read_xml(xml_of(map)).ids(), wanted);
}

TEST(Osm, KeepsIdsWhenAnInnerNodeMovesComesOrGoes) {
  Map map = grid();
  map.ways = {{100, {1, 2, 3, 4, 5}}, {200, {3, 13}}};
  const auto before = read(map).ids();
  map.nodes[1].lat += 0.0003;
  EXPECT_EQ(read(map).ids(), before);
  map.ways[0].refs = {1, 12, 2, 3, 5};
  EXPECT_EQ(read(map).ids(), before);
}

TEST(Osm, AccessGoesTheWayThatTheLineRuns) {
  for (const bool turned : {false, true}) {
    Map map = grid();
    map.ways = {{100, {1, 2, 3}, {{"highway", "residential"}, {"oneway", "yes"}}}, {200, {2, 12}}};
    if (turned) map.ways[0] = {100, {3, 2, 1}, {{"highway", "residential"}, {"oneway", "-1"}}};
    const auto got = read(map);
    EXPECT_THAT(got.ids(), UnorderedElementsAre("w100_1_2", "w100_2_3", "w200_2_12"));
    for (const NewSegment& segment : got.segments) {
      if (segment.segment_id == "w200_2_12") {
        EXPECT_EQ(segment.access, access::all);
        continue;
      }
      const bool eastward = *segment.source_node < *segment.target_node;
      EXPECT_EQ(eastward, !turned);
      EXPECT_EQ(segment.geometry[0].lng < segment.geometry[1].lng, eastward);
      EXPECT_EQ(segment.access, access::walk_along | access::walk_against |
                                    (eastward ? access::bike_along : access::bike_against));
    }
  }
}

TEST(Osm, KeepsTheOtherPiecesIdsWhenAWayGainsAJunction) {
  Map map = grid();
  map.ways = {{100, {1, 2, 3, 4, 5}}, {200, {3, 13}}};
  map.ways.push_back({300, {4, 14}});
  EXPECT_THAT(read(map).ids(),
              UnorderedElementsAre("w100_1_3", "w100_3_4", "w100_4_5", "w200_3_13", "w300_4_14"));
}

TEST(Osm, KeepsIdsWhenAWayIsTurnedRound) {
  Map map = grid();
  map.ways = {{100, {1, 2, 3, 4, 5}}, {200, {3, 13}}};
  auto before = read(map).ids();
  map.ways[0].refs = {5, 4, 3, 2, 1};
  const auto after = read(map);
  EXPECT_THAT(after.ids(), testing::UnorderedElementsAreArray(before));
  EXPECT_EQ(after.segments[0].source_node, 5);
}

TEST(Osm, CutsLoopsAndGivesParallelPiecesDifferentNames) {
  Map map = grid();
  map.ways = {{1, {1, 2, 12, 11, 1}},            // a ring that nothing touches
              {2, {3, 4, 14, 3, 13}},            // a noose
              {3, {5, 6, 7, 16, 5, 15, 7, 8}}};  // from 5 to 7 twice, and back once
  const auto got = read(map);
  EXPECT_THAT(got.ids(), UnorderedElementsAre("w1_1_1", "w2_3_3", "w2_3_13_2_1", "w3_5_7", "w3_5_7_2_1",
                                              "w3_5_7_2_2", "w3_7_8_2_1"));
  EXPECT_EQ(got.segments[0].source_node, got.segments[0].target_node);
}

TEST(Osm, NamesOfParallelPiecesSurviveAJunctionInOneOfThem) {
  Map map = grid();
  map.ways = {{3, {5, 6, 7, 16, 5, 15, 7, 8}}};
  const auto before = read(map).segments;
  map.ways.push_back({4, {6, 17}});
  const auto after = read(map).segments;
  for (const auto& old : before) {
    if (old.segment_id == "w3_5_7") continue;  // the one that was cut
    const auto same = std::find_if(after.begin(), after.end(),
                                   [&](const auto& s) { return s.segment_id == old.segment_id; });
    ASSERT_NE(same, after.end()) << old.segment_id;
    EXPECT_EQ(same->geometry, old.geometry) << old.segment_id;
  }
}

TEST(Osm, DropsNodesThatFollowThemselves) {
  Map map = grid();
  map.ways = {{1, {1, 2, 2, 2, 3}}};
  EXPECT_THAT(read(map).ids(), ElementsAre("w1_1_3"));
}

TEST(Osm, EndsPiecesWhereNodesAreMissing) {
  Map map = grid();
  map.ways = {{1, {1, 2, 777, 4, 5}}, {2, {888, 6, 999}}};
  const auto got = read(map);
  EXPECT_THAT(got.ids(), ElementsAre("w1_1_2", "w1_4_5"));
  EXPECT_EQ(got.report->refused.count(Refusal::nodes_missing), 2);
}

TEST(Osm, RefusesPiecesOnTheMeridianAndWithoutLength) {
  Map map = grid();
  map.nodes.push_back({31, 179.999, 0});
  map.nodes.push_back({32, -179.999, 0});
  map.nodes.push_back({33, -8.599, 41.15});  // where node 1 is
  map.ways = {{1, {1, 2}}, {2, {31, 32}}, {3, {1, 33}}};
  const auto got = read(map);
  EXPECT_THAT(got.ids(), ElementsAre("w1_1_2"));
  EXPECT_EQ(got.report->refused.count(Refusal::crosses_meridian), 1);
  EXPECT_EQ(got.report->refused.count(Refusal::zero_length), 1);
  EXPECT_EQ(got.report->refused.listed()[0].what, "way 2 from node 31 to node 32");
}

TEST(Osm, NamesStreets) {
  Map map = grid();
  std::string long_name;
  for (int i = 0; i < 300; ++i) long_name += "é";
  map.ways = {{1, {1, 2}, {{"highway", "primary"}, {"ref", "N12"}}},
              {2, {3, 4}, {{"highway", "footway"}}},
              {3, {5, 6}, {{"highway", "path"}, {"name", long_name}}},
              {4, {7, 8}, {{"highway", "path"}, {"name", std::string("a\0b\xff", 4)}}}};
  const auto got = read(map);
  ASSERT_EQ(got.segments.size(), 4U);
  EXPECT_EQ(got.segments[0].street, "N12");
  EXPECT_EQ(got.segments[1].street, "(unnamed footway)");
  EXPECT_EQ(got.segments[2].street, long_name.substr(0, 400));
  EXPECT_EQ(got.segments[3].street, "a b\xEF\xBF\xBD");
}

TEST(Osm, FindsNeighborhoods) {
  Map map = grid();
  // A ring around nodes 1 to 3 in two halves, a smaller one around node 1 and 2 as a closed way, a place
  // near 9.
  map.nodes.insert(map.nodes.end(), {{41, -8.5995, 41.1495},
                                     {42, -8.5965, 41.1495},
                                     {43, -8.5965, 41.1505},
                                     {44, -8.5995, 41.1505},
                                     {45, -8.5978, 41.1496},
                                     {46, -8.5978, 41.1504},
                                     {47, -8.5994, 41.1504},
                                     {48, -8.5994, 41.1496},
                                     {49, -8.5911, 41.1505, {{"place", "suburb"}, {"name", "Foz"}}}});
  map.ways = {{1, {1, 2}},
              {2, {2, 3}},
              {3, {8, 9}},
              {10, {41, 42, 43}, {}},
              {11, {43, 44, 41}, {}},
              {12, {48, 45, 46, 47, 48}, {{"place", "neighbourhood"}, {"name", "Small"}}}};
  map.relations = {
      {1,
       {10, 11},
       {{"type", "boundary"}, {"boundary", "administrative"}, {"admin_level", "10"}, {"name", "Large"}}},
      {2,
       {10},
       {{"type", "boundary"}, {"boundary", "administrative"}, {"admin_level", "9"}, {"name", "Half"}}}};
  for (const auto& got : {read(map), read_xml(xml_of(map))}) {
    ASSERT_EQ(got.segments.size(), 3U) << got.message();
    EXPECT_EQ(got.segments[0].neighborhood, "Small");
    EXPECT_EQ(got.segments[1].neighborhood, "Large");
    EXPECT_EQ(got.segments[2].neighborhood, "Foz");
  }
}

TEST(Osm, LeavesTheNeighborhoodOpenFarFromAll) {
  Map map = grid();
  map.nodes.push_back({49, -8.5, 41.2, {{"place", "suburb"}, {"name", "Far"}}});
  map.ways = {{1, {1, 2}}};
  EXPECT_EQ(read(map).segments.at(0).neighborhood, std::nullopt);
}

TEST(Osm, CondemnsFilesWithoutAnythingUsable) {
  Map map = grid();
  EXPECT_THAT(read(map).message(), HasSubstr("no way that people may walk"));
  map.ways = {{1, {777, 888}}};
  EXPECT_THAT(read(map).message(), HasSubstr("none of the 1 ways can be used"));
}

}  // namespace
}  // namespace diary::import::test
