// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "import/osm_tags.hpp"
#include "import/text.hpp"
#include "import/way_cutter.hpp"

namespace diary::import {
namespace {

struct Case {
  std::vector<OsmTag> tags;
  bool usable;
};

class Usable : public testing::TestWithParam<Case> {};
TEST_P(Usable, FollowsTheTags) {
  EXPECT_EQ(access_of(GetParam().tags) != 0, GetParam().usable);
}

INSTANTIATE_TEST_SUITE_P(
    Tags, Usable,
    testing::Values(Case{{}, false}, Case{{{"building", "yes"}}, false},
                    Case{{{"highway", "residential"}}, true}, Case{{{"highway", "steps"}}, true},
                    Case{{{"highway", "construction"}}, false}, Case{{{"highway", "proposed"}}, false},
                    Case{{{"highway", "raceway"}}, false}, Case{{{"highway", "motorway"}}, false},
                    Case{{{"highway", "motorway"}, {"access", "yes"}}, false},
                    Case{{{"highway", "motorway"}, {"bicycle", "yes"}}, true},
                    Case{{{"highway", "trunk"}, {"motorroad", "yes"}}, false},
                    Case{{{"highway", "trunk"}}, true},
                    Case{{{"highway", "pedestrian"}, {"area", "yes"}}, false},
                    Case{{{"highway", "corridor"}, {"indoor", "yes"}}, false},
                    Case{{{"highway", "service"}, {"access", "private"}}, false},
                    Case{{{"highway", "service"}, {"access", "private"}, {"foot", "yes"}}, true},
                    Case{{{"highway", "service"}, {"access", "private"}, {"bicycle", "designated"}}, true},
                    Case{{{"highway", "service"}, {"access", "destination"}}, true},
                    Case{{{"highway", "cycleway"}, {"foot", "no"}}, true},
                    Case{{{"highway", "footway"}, {"bicycle", "no"}}, true},
                    Case{{{"highway", "footway"}, {"foot", "no"}}, false},
                    Case{{{"highway", "primary"}, {"foot", "no"}, {"bicycle", "use_sidepath"}}, false},
                    Case{{{"highway", "track"}, {"vehicle", "no"}}, true}));

struct Directions {
  std::vector<OsmTag> tags;
  unsigned access;  // 1 walk along, 2 against, 4 cycle along, 8 against
};

void PrintTo(const Directions& directions, std::ostream* out) {
  for (const OsmTag& t : directions.tags) *out << t.key << '=' << t.value << ' ';
}

class Access : public testing::TestWithParam<Directions> {};
TEST_P(Access, FollowsTheTags) {
  EXPECT_EQ(unsigned{access_of(GetParam().tags)}, GetParam().access);
}

std::vector<OsmTag> road(std::vector<OsmTag> more) {
  more.push_back({"highway", "residential"});
  return more;
}
std::vector<OsmTag> kind(std::string_view highway, std::vector<OsmTag> more = {}) {
  more.push_back({"highway", highway});
  return more;
}

INSTANTIATE_TEST_SUITE_P(
    OnFoot, Access,
    testing::Values(Directions{road({}), 15}, Directions{road({{"foot", "no"}}), 12},
                    Directions{road({{"access", "private"}, {"foot", "yes"}}), 3},
                    Directions{road({{"oneway:foot", "yes"}}), 13},
                    Directions{road({{"oneway:foot", "1"}}), 13},
                    Directions{road({{"oneway:foot", "-1"}}), 14},
                    Directions{road({{"oneway:foot", "no"}, {"oneway", "yes"}}), 7},
                    Directions{road({{"foot:backward", "no"}}), 13},
                    Directions{road({{"foot:forward", "no"}}), 14},
                    Directions{road({{"foot:forward", "no"}, {"foot:backward", "no"}}), 12},
                    Directions{road({{"foot:backward", "yes"}}), 15}, Directions{kind("steps"), 3},
                    Directions{kind("steps", {{"conveying", "forward"}}), 1},
                    Directions{kind("steps", {{"conveying", "backward"}}), 2},
                    Directions{kind("steps", {{"conveying", "reversible"}}), 3},
                    Directions{kind("steps", {{"conveying", "yes"}}), 3},
                    Directions{kind("steps", {{"conveying", "forward"}, {"oneway:foot", "no"}}), 3},
                    Directions{kind("steps", {{"conveying", "forward"}, {"foot:forward", "no"}}), 0},
                    Directions{kind("steps", {{"oneway", "yes"}}), 3}));

INSTANTIATE_TEST_SUITE_P(
    OneWay, Access,
    testing::Values(
        Directions{road({{"oneway", "yes"}}), 7}, Directions{road({{"oneway", "1"}}), 7},
        Directions{road({{"oneway", "true"}}), 7}, Directions{road({{"oneway", "-1"}}), 11},
        Directions{road({{"oneway", "reverse"}}), 11}, Directions{road({{"oneway", "no"}}), 15},
        Directions{road({{"oneway", "reversible"}}), 15}, Directions{road({{"oneway", ""}}), 15},
        Directions{road({{"oneway", "yes"}, {"oneway:bicycle", "no"}}), 15},
        Directions{road({{"oneway", "yes"}, {"oneway:bicycle", "-1"}}), 11},
        Directions{road({{"oneway:bicycle", "yes"}}), 7},
        Directions{road({{"oneway", "yes"}, {"cycleway", "opposite"}}), 15},
        Directions{road({{"oneway", "yes"}, {"cycleway", "opposite_lane"}}), 15},
        Directions{road({{"oneway", "-1"}, {"cycleway:left", "opposite_track"}}), 15},
        Directions{road({{"oneway", "yes"}, {"cycleway", "lane"}}), 7},
        Directions{road({{"oneway", "yes"}, {"cycleway", "opposite"}, {"oneway:bicycle", "yes"}}), 7},
        Directions{road({{"oneway", "yes"}, {"bicycle", "no"}}), 3},
        Directions{road({{"bicycle:backward", "no"}}), 7}, Directions{road({{"bicycle:forward", "no"}}), 11},
        Directions{road({{"junction", "roundabout"}}), 7}, Directions{road({{"junction", "circular"}}), 7},
        Directions{road({{"junction", "yes"}}), 15},
        Directions{road({{"junction", "roundabout"}, {"oneway", "no"}}), 15},
        Directions{road({{"junction", "roundabout"}, {"oneway", "-1"}}), 11},
        Directions{road({{"junction", "roundabout"}, {"oneway:bicycle", "no"}}), 15},
        Directions{kind("motorway", {{"bicycle", "yes"}}), 4},
        Directions{kind("motorway", {{"bicycle", "yes"}, {"foot", "yes"}}), 7},
        Directions{kind("motorway_link", {{"bicycle", "yes"}}), 12},
        Directions{kind("cycleway", {{"foot", "no"}, {"oneway", "yes"}}), 4}));

INSTANTIATE_TEST_SUITE_P(
    Riding, Access,
    testing::Values(Directions{road({{"bicycle", "no"}}), 3}, Directions{road({{"vehicle", "no"}}), 3},
                    Directions{road({{"vehicle", "no"}, {"bicycle", "yes"}}), 15},
                    Directions{road({{"bicycle", "dismount"}}), 3}, Directions{road({{"access", "no"}}), 0},
                    Directions{road({{"access", "no"}, {"vehicle", "yes"}}), 12},
                    Directions{kind("steps", {{"bicycle", "yes"}}), 15},
                    Directions{kind("steps", {{"ramp:bicycle", "yes"}}), 15},
                    Directions{kind("steps", {{"ramp:bicycle", "no"}}), 3},
                    Directions{kind("steps", {{"ramp:bicycle", "yes"}, {"bicycle", "no"}}), 3},
                    Directions{kind("steps", {{"ramp:bicycle", "yes"}, {"access", "private"}}), 0},
                    Directions{kind("footway"), 3}, Directions{kind("pedestrian"), 3},
                    Directions{kind("corridor"), 3}, Directions{kind("bridleway"), 3},
                    Directions{kind("footway", {{"bicycle", "designated"}}), 15},
                    Directions{kind("footway", {{"ramp:bicycle", "yes"}}), 3},
                    Directions{kind("pedestrian", {{"vehicle", "destination"}}), 15},
                    Directions{kind("pedestrian", {{"access", "yes"}}), 3},
                    Directions{kind("pedestrian", {{"bicycle", "yes"}, {"oneway", "yes"}}), 7},
                    Directions{kind("path"), 15}, Directions{kind("cycleway"), 15},
                    Directions{kind("track"), 15}));

TEST(PieceId, FitsTheColumnForAnyNumber) {
  EXPECT_EQ(piece_id(1234567890, 12345678901, 1, 98765432109, 1), "w1234567890_12345678901_98765432109");
  EXPECT_EQ(piece_id(7, 2, 3, 1, 1), "w7_1_2_1_3");
  EXPECT_EQ(piece_id(7, 5, 1, 5, 2), "w7_5_5");
  EXPECT_EQ(piece_id(7, 5, 2, 5, 3), "w7_5_5_2_3");
  for (const std::int64_t n : {INT64_MAX, INT64_MIN, INT64_C(-1)}) {
    EXPECT_LE(piece_id(n, n, 1, n, 2).size(), 50U);
    EXPECT_LE(piece_id(n, n, 3999, n, 4000).size(), 50U);
    EXPECT_NE(piece_id(n, n, 1, n, 3), piece_id(n, n, 3, n, 4));
  }
}

TEST(Text, CutsBetweenCodePointsAndMendsBytes) {
  EXPECT_EQ(clean_text("éé\xF0\x9F\x9A\xB2x", 3), "éé\xF0\x9F\x9A\xB2");
  EXPECT_EQ(clean_text(" a\tb ", 10), "a b");
  for (const std::string bad : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"})
    EXPECT_EQ(clean_text(bad, 10).substr(0, 3), "\xEF\xBF\xBD");
  EXPECT_EQ(code_points("é1\xF0\x9F\x9A\xB2"), 3U);
}

}  // namespace
}  // namespace diary::import
