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
  EXPECT_EQ(usable_way(GetParam().tags), GetParam().usable);
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
                    Case{{{"highway", "primary"}, {"foot", "no"}, {"bicycle", "use_sidepath"}}, false},
                    Case{{{"highway", "track"}, {"vehicle", "no"}}, true}));

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
