// SPDX-License-Identifier: Apache-2.0
#include <boost/json/serialize.hpp>

#include "cli/cli_test.hpp"

namespace diary::cli::test {
namespace {

// A ladder west of Greenwich: two long streets, joined at both ends; the southern one is shorter.
class Route : public CliTest {
 protected:
  Route() {
    street("start", "Start", 0, 1, "-0.012 40, -0.010 40", 170);
    street("end", "End", 3, 6, "0 40, 0.002 40", 170);
    street("south", "South & Sons", 1, 2, "-0.010 40, -0.005 40", 425);
    street("south2", "South & Sons", 2, 3, "-0.005 40, 0 40", 425);
    street("west", "West", 1, 4, "-0.010 40, -0.010 40.0002", 22);
    street("north", "North", 4, 5, "-0.010 40.0002, 0 40.0002", 850);
    street("east", "East", 5, 3, "0 40.0002, 0 40", 22);
  }
  void street(const std::string& id, const std::string& name, int source, int target, const std::string& line,
              double length) {
    owner.exec(
        "INSERT INTO diary.segments (segment_id, street, source_node, target_node, length_m, geometry) "
        "VALUES "
        "($1, $2, $3, $4, $5, ST_GeomFromText($6, 4326))",
        {id, name, source, target, length, "LINESTRING(" + line + ")"});
  }
  void rate(const std::string& id, int rating) {
    owner.exec(
        "WITH u AS (INSERT INTO auth.users (email, password_hash) SELECT gen_random_uuid() || "
        "'@example.org', "
        "'!' FROM generate_series(1, 40) RETURNING user_id) INSERT INTO diary.ratings (segment_id, user_id, "
        "rating, submitted_at) SELECT $1, user_id, $2::int, clock_timestamp() FROM u",
        {id, rating});
  }
  const std::string from = "-0.0110,39.9999";
  const std::string to = "0.0010,39.9999";
};

TEST_F(Route, GoesAroundWhatIsRatedBadly) {
  const auto before = diary_json({"route", from, to, "--weight", "2"}).as_object();
  EXPECT_EQ(before.at("type"), "FeatureCollection");
  const auto ids = [](const json::object& collection, std::size_t i) {
    return json::serialize(collection.at("features").as_array().at(i).at("properties").at("segment_ids"));
  };
  EXPECT_EQ(ids(before, 0), R"(["start","south","south2","end"])");
  rate("south", 1);
  const auto after = diary_json({"route", from, to, "--weight", "2"}).as_object();
  EXPECT_EQ(ids(after, 0), R"(["start","west","north","east","end"])");
  const auto& properties = after.at("features").as_array()[0].at("properties").as_object();
  EXPECT_NEAR(properties.at("length_m").to_number<double>(), 1064, 0.5);
  EXPECT_NEAR(properties.at("cost_score").to_number<double>(), 1064 * 1.8, 1);
  const auto shortest = diary_json({"route", from, to, "--weight", "0"}).as_object();
  EXPECT_EQ(ids(shortest, 0), R"(["start","south","south2","end"])");
}

TEST_F(Route, TellsPeopleStreetByStreet) {
  rate("south", 1);
  const auto ran = diary({"route", from, to, "--mode", "safest"});
  ASSERT_EQ(ran.code, 0) << ran.output;
  for (const char* part :
       {"Route: 1064 m", "West", "North", "East", "arrive", "44 m shorter", "South & Sons"})
    EXPECT_NE(ran.output.find(part), std::string::npos) << part << "\n" << ran.output;
}

TEST_F(Route, CurveRunsFromShortestToSafest) {
  rate("south", 1);
  const auto curve = diary_json({"route", from, to, "--curve"}).at("features").as_array();
  ASSERT_EQ(curve.size(), 3U);  // the primary and two of the curve
  EXPECT_EQ(curve[1].at("properties").at("kind"), "curve");
  EXPECT_EQ(curve[1].at("properties").at("from_weight").to_number<double>(), 0);
  EXPECT_EQ(curve[2].at("properties").at("to_weight").to_number<double>(), 5);
  const auto ran = diary({"route", from, to, "--curve"});
  EXPECT_NE(ran.output.find("0.000 - "), std::string::npos) << ran.output;
  EXPECT_NE(ran.output.find(" - 5.000"), std::string::npos) << ran.output;
}

TEST_F(Route, GpxIsXml) {
  const auto ran = diary({"route", from, to, "--gpx", "--alternative"});
  ASSERT_EQ(ran.code, 0) << ran.output;
  EXPECT_TRUE(ran.output.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gpx version=\"1.1\""))
      << ran.output;
  EXPECT_NE(ran.output.find("South &amp; Sons"), std::string::npos) << ran.output;
  EXPECT_EQ(ran.output.find("South & Sons"), std::string::npos);
  EXPECT_NE(ran.output.find("<trkpt lat=\"40.0000000\" lon=\"-0.0050000\"/>"), std::string::npos)
      << ran.output;
}

TEST_F(Route, SaysWhatIsWrong) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"route"},
                                             {"route", from},
                                             {"route", from, to, to},
                                             {"route", "-0.01", to},
                                             {"route", "181,0", to},
                                             {"route", "0,91", to},
                                             {"route", "0,nan", to},
                                             {"route", "a,b", to},
                                             {"route", "1,2,3", to},
                                             {"route", from, to, "--weight", "5.1"},
                                             {"route", from, to, "--weight", "-1"},
                                             {"route", from, to, "--mode", "fast"},
                                             {"route", from, to, "--wieght", "1"},
                                             {"route", from, to, "--weight", "1", "--mode", "safest"},
                                             {"route", from, to, "--json", "--gpx"},
                                             {"route", from, to, "--profile", "car"}})
    EXPECT_EQ(diary(words).code, 2) << words.back();
  expect_failure(diary({"route", "0.5,40", to}), 1, "from any street");
  owner.exec("DELETE FROM diary.segments WHERE segment_id IN ('south2', 'east')");
  street("island", "Island", 8, 9, "0.0003 40, 0.0005 40", 17);
  expect_failure(diary({"route", from, "0.0004,40", "--profile", "bike"}), 0, "Route");
  owner.exec("DELETE FROM diary.segments");
  expect_failure(diary({"route", from, to}), 1, "diary import");
}

}  // namespace
}  // namespace diary::cli::test
