// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <sstream>

#include "cli/cli_test.hpp"
#include "support/temporary_folder.hpp"

namespace diary::cli::test {
namespace {

class Export : public CliTest {
 protected:
  void street(const std::string& id, const std::string& name, double lng) {
    owner.exec(
        "INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ($1, $2, 85.5, "
        "ST_SetSRID(ST_MakeLine(ST_MakePoint($3::float8, 40), ST_MakePoint($3::float8 + 0.001, 40)), 4326))",
        {id, name, lng});
  }
  void rate(const std::string& id, int rating) {
    owner.exec(
        "WITH u AS (INSERT INTO auth.users (email, password_hash) VALUES (gen_random_uuid() || "
        "'@example.org', '!') "
        "RETURNING user_id) INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, tags, "
        "submitted_at) "
        "SELECT gen_random_uuid(), $1, user_id, $2::int, '{dark,\"a, b\"}', clock_timestamp() FROM u",
        {id, rating});
  }
  std::string text_of(const std::string& name) {
    std::ifstream in(folder.path() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string path(const std::string& name) { return (folder.path() / name).string(); }
  support::TemporaryFolder folder;
};

TEST_F(Export, GeoJsonHasEverySegmentWithItsScore) {
  street("a", "A Street", 1);
  street("b", "B Street", 2);
  rate("b", 5);
  const auto ran = diary({"export"});
  ASSERT_EQ(ran.code, 0) << ran.output;
  const auto collection = json::parse(ran.output).as_object();
  EXPECT_EQ(collection.at("type"), "FeatureCollection");
  const auto& features = collection.at("features").as_array();
  ASSERT_EQ(features.size(), 2U);
  EXPECT_EQ(features[0].at("id"), "a");
  EXPECT_EQ(features[0].at("properties").at("decayed_mean").to_number<double>(), 3);
  EXPECT_FALSE(features[0].at("properties").as_object().contains("neighborhood"));
  EXPECT_EQ(features[1].at("properties").at("decayed_mean").to_number<double>(), 3.33);
  EXPECT_EQ(features[1].at("properties").at("n_eff").to_number<double>(), 1);
  EXPECT_EQ(features[1].at("properties").at("top_tags").as_array().size(), 2U);
  EXPECT_EQ(features[1].at("geometry").at("type"), "LineString");
}

TEST_F(Export, WhatWasExportedImportsUnchanged) {
  for (int i = 0; i < 20; ++i) street("s" + std::to_string(i), "Street \"" + std::to_string(i) + "\"", i);
  ASSERT_EQ(diary({"export", "--output", path("city.geojson")}).code, 0);
  const auto told = diary_json({"import", path("city.geojson")}).as_object();
  EXPECT_EQ(told.at("segments"), 20);
  EXPECT_EQ(told.at("unchanged"), 20);
  ASSERT_EQ(diary({"export", "--format", "geojsonseq", "--output", path("city.geojsonl")}).code, 0);
  std::istringstream lines(text_of("city.geojsonl"));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    EXPECT_EQ(json::parse(line).at("type"), "Feature") << line;
  EXPECT_EQ(count, 20);
}

TEST_F(Export, AccessGoesOutAndComesBackIn) {
  for (int i = 0; i < 16; ++i) street("s" + std::to_string(i), "A", i);
  owner.exec("UPDATE diary.segments SET access = substr(segment_id, 2)::int");
  ASSERT_EQ(diary({"export", "--output", path("city.geojson")}).code, 0);
  EXPECT_EQ(diary_json({"import", path("city.geojson")}).as_object().at("unchanged"), 16);
  owner.exec("UPDATE diary.segments SET access = DEFAULT");
  EXPECT_EQ(diary_json({"import", path("city.geojson")}).as_object().at("updated"), 15);
  const auto wrong =
      owner.exec("SELECT count(*) FROM diary.segments WHERE access <> substr(segment_id, 2)::int");
  EXPECT_EQ(wrong.integer(0, 0), 0);
  const auto csv = diary({"export", "--format", "csv"});
  EXPECT_NE(csv.output.find(",last_updated,access,geometry\r\n"), std::string::npos) << csv.output;
  EXPECT_NE(csv.output.find("Z,7,\"LINESTRING(7 40,"), std::string::npos) << csv.output;
}

TEST_F(Export, MoreThanOnePieceIsExportedWhole) {
  owner.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT 's' || i, 'Street', 10, "
      "ST_SetSRID(ST_MakeLine(ST_MakePoint(i / 100.0, 1), ST_MakePoint(i / 100.0 + 0.001, 1)), 4326) "
      "FROM generate_series(1, 4001) i");
  ASSERT_EQ(diary({"export", "--format", "csv", "--output", path("city.csv")}).code, 0);
  const std::string text = text_of("city.csv");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4002);
  ASSERT_EQ(diary({"export", "--format", "geojson", "--output", path("city.geojson")}).code, 0);
  EXPECT_EQ(json::parse(text_of("city.geojson")).at("features").as_array().size(), 4001U);
}

TEST_F(Export, CsvQuotesWhatNeedsIt) {
  street("a", "Main \"Old\", Street", 1);
  rate("a", 4);
  const auto ran = diary({"export", "--format", "csv"});
  ASSERT_EQ(ran.code, 0) << ran.output;
  EXPECT_EQ(ran.output.rfind("segment_id,street,neighborhood,length_m,decayed_mean,", 0), 0U) << ran.output;
  EXPECT_NE(ran.output.find("\r\na,\"Main \"\"Old\"\", Street\",,85.5,3.17,1,0.1,\"a, b;dark\",1,"),
            std::string::npos)
      << ran.output;
  EXPECT_NE(ran.output.find(",\"LINESTRING(1 40,1.001 40)\"\r\n"), std::string::npos) << ran.output;
}

TEST_F(Export, OnlyWhatTouchesTheBox) {
  street("a", "A", 1);
  street("b", "B", 2);
  const auto ran = diary({"export", "--format", "geojsonseq", "--bbox", "1.0005,39,1.5,41"});
  ASSERT_EQ(ran.code, 0) << ran.output;
  EXPECT_EQ(json::parse(ran.output).at("id"), "a");
  expect_failure(diary({"export", "--bbox", "2,39,1,41"}), 1, "--bbox");
  expect_failure(diary({"export", "--bbox", "1,2,3"}), 1, "--bbox");
  expect_failure(diary({"export", "--bbox", "1,2,3,nan"}), 1, "--bbox");
}

TEST_F(Export, AFailedExportLeavesNoFile) {
  street("a", "A", 1);
  expect_failure(diary({"export", "--output", path("no/such/folder.geojson")}), 1, "folder.geojson");
  expect_failure(diary({"export", "--output", "/dev/full/x"}), 1, "/dev/full/x");
  expect_failure(diary({"export", "--format", "shapefile"}), 2, "--format");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace diary::cli::test
