// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "cli/cli_test.hpp"
#include "support/temporary_folder.hpp"

namespace diary::cli::test {
namespace {

std::string feature(const std::string& id, double lng) {
  const std::string west = std::to_string(lng);
  const std::string east = std::to_string(lng + 0.001);
  return R"({"type":"Feature","id":")" + id + R"(","properties":{"street":"Street )" + id +
         R"("},"geometry":{"type":"LineString","coordinates":[[)" + west + ",40],[" + east + ",40]]}}";
}

std::string collection(const std::string& features) {
  return R"({"type":"FeatureCollection","features":[)" + features + "]}";
}

class Import : public CliTest {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    const auto path = folder.path() / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::string count() { return one("SELECT count(*) FROM diary.segments"); }
  void expect_nothing_imported(const std::string& path, const std::string& message) {
    expect_failure(diary({"import", path}), 1, message);
    EXPECT_EQ(count(), "0");
    EXPECT_EQ(one("SELECT count(*) FROM analytics.segment_state"), "0");
  }
  support::TemporaryFolder folder;
};

TEST_F(Import, LoadsAndLoadsAgain) {
  const auto path = file("a.geojson", collection(feature("a", 1) + "," + feature("b", 1.001)));
  const auto first = diary_json({"import", path}).as_object();
  EXPECT_EQ(first.at("segments"), 2);
  EXPECT_EQ(first.at("inserted"), 2);
  EXPECT_EQ(first.at("refused"), 0);
  const auto again = diary_json({"import", path}).as_object();
  EXPECT_EQ(again.at("inserted"), 0);
  EXPECT_EQ(again.at("updated"), 0);
  EXPECT_EQ(again.at("unchanged"), 2);
  const auto changed = file("b.geojson", collection(feature("a", 1) + "," + feature("b", 2)));
  const auto third = diary_json({"import", changed}).as_object();
  EXPECT_EQ(third.at("updated"), 1);
  EXPECT_EQ(third.at("unchanged"), 1);
  EXPECT_EQ(one("SELECT street FROM diary.segments WHERE segment_id = 'a'"), "Street a");
  EXPECT_EQ(one("SELECT count(*) FROM analytics.segment_state"), "2");
}

TEST_F(Import, BadFeaturesAreCountedAndListed) {
  const std::string point =
      R"({"type":"Feature","id":"p","properties":{},"geometry":{"type":"Point","coordinates":[1,40]}})";
  const auto path = file("a.geojson", collection(feature("a", 1) + ",\n" + point));
  const auto told = diary_json({"import", path}).as_object();
  EXPECT_EQ(told.at("segments"), 1);
  EXPECT_EQ(told.at("refused"), 1);
  EXPECT_EQ(told.at("refused_listed").as_array().size(), 1U);
  EXPECT_EQ(told.at("refused_by_reason").as_object().size(), 1U);
  EXPECT_EQ(count(), "1");
  EXPECT_EQ(diary({"import", path}).code, 0);
}

TEST_F(Import, BrokenFilesLeaveNothingBehind) {
  const auto whole = collection(feature("a", 1) + "," + feature("b", 2));
  expect_nothing_imported(file("cut.geojson", whole.substr(0, whole.size() - 20)), "cut.geojson: ");
  expect_nothing_imported(file("empty.geojson", ""), "empty.geojson is empty");
  expect_nothing_imported(file("twice.geojson", collection(feature("a", 1) + ",\n" + feature("a", 2))),
                          "the id 'a' comes twice in the file (lines 1 and 2); nothing was imported");
  expect_nothing_imported(file("more.geojson", whole + "x"), "more.geojson: ");
  expect_nothing_imported(file("cut.osm", "<osm><node id='1' lat='1' lon='1'/>"), "cut.osm: ");
  expect_nothing_imported(file("cut.osm.pbf", std::string("\x00\x00\x00\x0d not a block", 17)),
                          "cut.osm.pbf: ");
}

TEST_F(Import, StreetsOfOpenStreetMapAreCutAtJunctions) {
  const auto path = file("a.osm", R"(<?xml version="1.0"?><osm version="0.6">
    <node id="1" lat="40" lon="1"/><node id="2" lat="40" lon="1.001"/><node id="3" lat="40" lon="1.002"/>
    <node id="4" lat="40.001" lon="1.001"/>
    <way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="name" v="Main"/></way>
    <way id="11"><nd ref="2"/><nd ref="4"/><tag k="highway" v="residential"/><tag k="name" v="Side"/></way></osm>)");
  EXPECT_EQ(diary_json({"import", path}).as_object().at("inserted"), 3);
  EXPECT_EQ(one("SELECT string_agg(source_node || '-' || target_node, ' ' ORDER BY segment_id) FROM "
                "diary.segments"),
            "1-2 2-3 2-4");
}

TEST_F(Import, UnknownFilesAreRefused) {
  expect_failure(diary({"import", "/nonexistent.geojson"}), 1, "/nonexistent.geojson");
  EXPECT_NE(diary({"import", file("a.txt", "x")}).code, 0);
  EXPECT_EQ(diary({"import"}).code, 2);
}

}  // namespace
}  // namespace diary::cli::test
