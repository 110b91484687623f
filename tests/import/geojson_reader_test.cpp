// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "import/read_all.hpp"

namespace diary::import::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string collection(const std::string& features) {
  return R"({"type":"FeatureCollection","features":[)" + features + "]}";
}

std::string feature(const std::string& properties, const std::string& geometry) {
  return R"({"type":"Feature","properties":{)" + properties + R"(},"geometry":)" + geometry + "}";
}

std::string line(const std::string& coordinates) {
  return R"({"type":"LineString","coordinates":)" + coordinates + "}";
}

std::string good(const std::string& id) {
  return feature(R"("segment_id":")" + id + "\"", line("[[-8,41],[-8.001,41]]"));
}

// One good feature beside it, so that the file as a whole is usable.
Everything beside_good(const std::string& odd) {
  return read_geojson_text(collection(good("good") + "," + odd));
}

TEST(GeoJson, ReadsAFeatureWhateverTheOrderOfItsMembers) {
  const auto got = read_geojson_text(
      R"({"features":[{"geometry":{"coordinates":[[-8.61,41.15,70],[-8.612,41.151,71]],"type":"LineString"},)"
      R"("bbox":[1,2,3,4],"properties":{"extra":{"street":"no"},"neighborhood":"Baixa","street":"Rua \u00e9",)"
      R"("length_m":123.456,"list":[1,[2]],"segment_id":"s1"},"id":7,"type":"Feature"}],"crs":null,)"
      R"("type":"FeatureCollection"})");
  ASSERT_EQ(got.message(), "");
  ASSERT_EQ(got.segments.size(), 1U);
  const NewSegment& segment = got.segments[0];
  EXPECT_EQ(segment.segment_id, "s1");
  EXPECT_EQ(segment.street, "Rua é");
  EXPECT_EQ(segment.neighborhood, "Baixa");
  EXPECT_DOUBLE_EQ(segment.length_m, 123.456);
  EXPECT_THAT(segment.geometry, ElementsAre(LngLat{-8.61, 41.15}, LngLat{-8.612, 41.151}));
  EXPECT_FALSE(segment.source_node);
}

TEST(GeoJson, TakesTheFeaturesIdAndNameAndComputesLength) {
  const auto got =
      read_geojson_text(collection(R"({"type":"Feature","id":42,"properties":{"name":"Main"},"geometry":)" +
                                   line("[[0,0],[0.001,0]]") + "}"));
  ASSERT_EQ(got.message(), "");
  EXPECT_EQ(got.segments[0].segment_id, "42");
  EXPECT_EQ(got.segments[0].street, "Main");
  EXPECT_NEAR(got.segments[0].length_m, 111.3195, 0.0001);
}

TEST(GeoJson, ReadsSequencesWithAndWithoutSeparators) {
  const auto got = read_geojson_text("\xEF\xBB\xBF" + good("a") + "\n\x1E" + good("b") + "\n\n" + good("c"));
  EXPECT_EQ(got.message(), "");
  EXPECT_THAT(got.ids(), ElementsAre("a", "b", "c"));
  EXPECT_EQ(got.report->read, 3);
}

TEST(GeoJson, SplitsMultiLineStrings) {
  const auto got = read_geojson_text(collection(feature(
      R"("segment_id":"m","street":"S","length_m":9)",
      R"({"type":"MultiLineString","coordinates":[[[0,0],[0,0.001]],[[1,1],[1,1.001],[1,1.002]]]})")));
  ASSERT_EQ(got.message(), "");
  EXPECT_THAT(got.ids(), ElementsAre("m_1", "m_2"));
  EXPECT_EQ(got.segments[1].geometry.size(), 3U);
  EXPECT_NEAR(got.segments[1].length_m, 221.15, 0.05);  // the 9 m were the whole feature's
}

TEST(GeoJson, TakesAccessForAllPartsAndAllWhenUnsaid) {
  const auto got = read_geojson_text(collection(
      feature(R"("segment_id":"m","access":5)",
              R"({"type":"MultiLineString","coordinates":[[[0,0],[0,0.001]],[[1,1],[1,1.001]]]})") +
      "," + good("a") + "," + feature(R"("segment_id":"n","access":0)", line("[[0,0],[0,0.001]]")) + "," +
      feature(R"("segment_id":"o","access":null)", line("[[0,0],[0,0.001]]"))));
  ASSERT_EQ(got.message(), "");
  std::vector<int> access;
  for (const NewSegment& segment : got.segments) access.push_back(segment.access);
  EXPECT_THAT(access, ElementsAre(5, 5, 15, 0, 15));
}

TEST(GeoJson, RefusesAMultiLineStringAsAWhole) {
  const auto got =
      beside_good(feature(R"("segment_id":"m")",
                          R"({"type":"MultiLineString","coordinates":[[[0,0],[0,0.001]],[[1,1],[1,1]]]})"));
  EXPECT_THAT(got.ids(), ElementsAre("good"));
  EXPECT_EQ(got.report->refused.count(Refusal::zero_length), 1);
}

struct Refused {
  Refusal reason;
  std::string feature;
};

class GeoJsonRefuses : public testing::TestWithParam<Refused> {};

TEST_P(GeoJsonRefuses, CountsListsAndGoesOn) {
  const auto got = beside_good(GetParam().feature);
  ASSERT_EQ(got.message(), "");
  EXPECT_THAT(got.ids(), ElementsAre("good"));
  ASSERT_EQ(got.report->refused.total(), 1);
  EXPECT_EQ(got.report->refused.listed()[0].reason, GetParam().reason)
      << name(got.report->refused.listed()[0].reason);
  EXPECT_THAT(got.report->refused.listed()[0].what, HasSubstr("feature 2 (line 1"));
}

const std::string id = R"("segment_id":"x")";
const std::string ok_line = line("[[0,0],[0,0.001]]");

std::string many_points() {
  std::string out = "[[0,0]";
  for (int i = 1; i <= 10'000; ++i) out += ",[0," + std::to_string(i * 1e-6) + "]";
  return out + "]";
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, GeoJsonRefuses,
    testing::Values(
        Refused{Refusal::not_a_feature, "null"}, Refused{Refusal::not_a_feature, "[1,[2]]"},
        Refused{Refusal::not_a_feature, "{}"}, Refused{Refusal::not_a_feature, R"({"type":"Point"})"},
        Refused{Refusal::no_id, feature("", ok_line)},
        Refused{Refusal::no_id, feature(R"("segment_id":"")", ok_line)},
        Refused{Refusal::no_id, feature(R"("segment_id":1.5)", ok_line)},
        Refused{Refusal::no_id, feature(R"("segment_id":["x"])", ok_line)},
        Refused{Refusal::id_too_long, feature(R"("segment_id":")" + std::string(51, 'x') + "\"", ok_line)},
        Refused{Refusal::id_too_long, feature(R"("segment_id":")" + std::string(49, 'x') + "\"",
                                              R"({"type":"MultiLineString","coordinates":[[[0,0],[0,1]]]})")},
        Refused{Refusal::bad_text, feature(R"("segment_id":"a\u0000b")", ok_line)},
        Refused{Refusal::bad_text, feature(id + R"(,"street":"a\u0000b")", ok_line)},
        Refused{Refusal::bad_text, feature(id + R"(,"street":")" + std::string(201, 'x') + "\"", ok_line)},
        Refused{Refusal::bad_text,
                feature(id + R"(,"neighborhood":")" + std::string(5000, 'x') + "\"", ok_line)},
        Refused{Refusal::wrong_geometry, feature(id, "null")},
        Refused{Refusal::wrong_geometry, feature(id, R"({"type":"Point","coordinates":[0,0]})")},
        Refused{Refusal::wrong_geometry,
                feature(id, R"({"type":"GeometryCollection","geometries":[)" + ok_line + "]}")},
        Refused{Refusal::wrong_geometry,
                feature(id, R"({"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[0,0]]]})")}));

INSTANTIATE_TEST_SUITE_P(
    Coordinates, GeoJsonRefuses,
    testing::Values(Refused{Refusal::too_few_points, feature(id, line("[]"))},
                    Refused{Refusal::too_few_points, feature(id, line("[[0,0]]"))},
                    Refused{Refusal::too_many_points, feature(id, line(many_points()))},
                    Refused{Refusal::bad_coordinates, feature(id, line("[[0,0],[0]]"))},
                    Refused{Refusal::bad_coordinates, feature(id, line("[[0,0],[0,null]]"))},
                    Refused{Refusal::bad_coordinates, feature(id, line(R"([[0,0],["0","1"]])"))},
                    Refused{Refusal::bad_coordinates, feature(id, line("[[0,0],[],[0,1]]"))},
                    Refused{Refusal::bad_coordinates, feature(id, line("[0,0]"))},
                    Refused{Refusal::bad_coordinates, feature(id, line("[[[0,0],[0,1]]]"))},
                    Refused{Refusal::bad_coordinates, feature(id, line("[[0,0],[0,[1]]]"))},
                    Refused{Refusal::bad_coordinates, feature(id, line(R"([[0,0],{"x":1}])"))},
                    Refused{Refusal::bad_coordinates, feature(id, line("[[0,0],[0,1e999]]"))},
                    Refused{Refusal::off_earth, feature(id, line("[[0,0],[0,90.1]]"))},
                    Refused{Refusal::off_earth, feature(id, line("[[0,0],[-180.1,0]]"))},
                    Refused{Refusal::zero_length, feature(id, line("[[0,0],[0,0]]"))},
                    Refused{Refusal::zero_length, feature(id + R"(,"length_m":5)", line("[[3,3],[3,3]]"))},
                    Refused{Refusal::bad_length, feature(id + R"(,"length_m":0)", ok_line)},
                    Refused{Refusal::bad_length, feature(id + R"(,"length_m":-3.5)", ok_line)},
                    Refused{Refusal::bad_length, feature(id + R"(,"length_m":0.001)", ok_line)},
                    Refused{Refusal::bad_length, feature(id + R"(,"length_m":"12")", ok_line)},
                    Refused{Refusal::bad_length, feature(id + R"(,"length_m":{})", ok_line)},
                    Refused{Refusal::bad_access, feature(id + R"(,"access":-1)", ok_line)},
                    Refused{Refusal::bad_access, feature(id + R"(,"access":16)", ok_line)},
                    Refused{Refusal::bad_access, feature(id + R"(,"access":18446744073709551615)", ok_line)},
                    Refused{Refusal::bad_access, feature(id + R"(,"access":3.5)", ok_line)},
                    Refused{Refusal::bad_access, feature(id + R"(,"access":"yes")", ok_line)},
                    Refused{Refusal::bad_access, feature(id + R"(,"access":[1])", ok_line)},
                    Refused{Refusal::too_long, feature(id + R"(,"length_m":1000000)", ok_line)},
                    Refused{Refusal::too_long, feature(id, line("[[0,0],[0,10]]"))}));

TEST(GeoJson, ListsTwentyRefusalsAndCountsAll) {
  std::string features = good("good");
  for (int i = 0; i < 30; ++i)
    features += ",\n" + feature(R"("segment_id":"p)" + std::to_string(i) + "\"", "null");
  const auto got = read_geojson_text(collection(features));
  EXPECT_EQ(got.report->refused.total(), 30);
  ASSERT_EQ(got.report->refused.listed().size(), Refusals::max_listed);
  EXPECT_EQ(got.report->refused.listed()[1].what, "feature 3 (line 3, id 'p1')");
}

struct Condemned {
  std::string text;
  std::string message;
};

class GeoJsonCondemns : public testing::TestWithParam<Condemned> {};

TEST_P(GeoJsonCondemns, TheWholeFile) {
  EXPECT_THAT(read_geojson_text(GetParam().text).message(), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Files, GeoJsonCondemns,
    testing::Values(
        Condemned{"", "empty"}, Condemned{" \n\t\n", "nothing but white space"},
        Condemned{"\n{\"type\":\"FeatureCollection\",\n\"features\":[",
                  "truncated: it ends on line 3 inside the JSON that begins on line 2"},
        Condemned{collection(good("a")).substr(0, 60), "truncated"},
        Condemned{"id,street\n1,Main\n", "not JSON: line 1"},
        Condemned{collection("\n\n" + good("a") + "\n}"), "not JSON: line 4"},
        Condemned{collection(good("a")) + "}", "not JSON"},
        Condemned{collection(feature(id, line("[[0,0],[NaN,1]]"))), "not JSON"},
        Condemned{collection(feature("\"street\":\"\xff\"", ok_line)), "not JSON"},
        Condemned{std::string(100, '['), "JSON array"}, Condemned{"[1]", "JSON array"},
        Condemned{"42 ", "bare JSON value"},
        Condemned{R"({"type":"FeatureCollection","x":)" + std::string(100, '['), "not JSON: line 1"},
        Condemned{"{}", "no \"type\""},
        Condemned{R"({"type":"Topology","objects":{}})", "the type 'Topology'"},
        Condemned{ok_line, "the type 'LineString'"},
        Condemned{R"({"type":"FeatureCollection"})", "no \"features\""},
        Condemned{R"({"features":[]})", "no \"type\""}, Condemned{collection(""), "no features"},
        Condemned{
            collection(feature(id, R"({"type":"Point","coordinates":[0,0]})")),
            "none of the 1 features can be used: feature 1 (line 1, id 'x'): geometry is no LineString"},
        Condemned{collection(good("a") + ",\n" + feature(id, line("[[179.9,0],[-179.9,0]]"))),
                  "feature 2 (line 2, id 'x') crosses the 180 degree meridian"}));

TEST(GeoJson, IsNotFooledByTheEdgesOfItsChunks) {
  std::string features = good("s0");
  for (int i = 1; i < 2000; ++i) features += "," + good("s" + std::to_string(i));
  const std::string text = collection(features);
  ASSERT_GT(text.size(), 3U * 64 * 1024);
  const auto got = read_geojson_text(text);
  ASSERT_EQ(got.message(), "");
  ASSERT_EQ(got.segments.size(), 2000U)
      << got.report->refused.listed()[0].what << name(got.report->refused.listed()[0].reason);
  for (std::size_t i = 0; i < 2000; ++i) ASSERT_EQ(got.segments[i].segment_id, "s" + std::to_string(i));
}

}  // namespace
}  // namespace diary::import::test
