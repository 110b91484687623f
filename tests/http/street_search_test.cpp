// SPDX-License-Identifier: Apache-2.0
// GET /diary/segments/search: the search box.
#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

constexpr const char* search = "/api/v1/diary/segments/search";

class StreetSearch : public testing::Test {
 protected:
  // Pieces of a street in a row, eastwards from 10.
  static void street(const std::string& name, int pieces) {
    world().owner.exec(
        "INSERT INTO diary.segments (segment_id, street, neighborhood, length_m, geometry) "
        "SELECT $1 || i, $1, 'Center', 70, ST_SetSRID(ST_MakeLine(ST_MakePoint(10 + i * 0.001, 50), "
        "ST_MakePoint(10.001 + i * 0.001, 50)), 4326) FROM generate_series(0, $2::int - 1) i "
        "ON CONFLICT DO NOTHING",
        {name, pieces});
  }
  HttpClient client = world().client();
};

TEST_F(StreetSearch, SaysWhereToLook) {
  street("Quillón Street", 5);
  for (const char* typed : {"quillon", "QUILLON", "quilon", "Quill%C3%B3n"}) {
    const auto answer = client.get(std::string(search) + "?q=" + typed);
    ASSERT_EQ(answer.status, 200U) << answer.body;
    const auto body = answer.json();
    EXPECT_EQ(members(body), (std::set<std::string>{"streets", "limit"}));
    ASSERT_EQ(body.at("streets").as_array().size(), 1U) << answer.body;
    const auto& found = body.at("streets").as_array().front().as_object();
    EXPECT_EQ(members(found), (std::set<std::string>{"street", "neighborhood", "segment_count", "similarity",
                                                     "bbox", "center", "segment_id"}));
    EXPECT_EQ(found.at("street"), "Quillón Street");
    EXPECT_EQ(found.at("neighborhood"), "Center");
    EXPECT_EQ(found.at("segment_count"), 5);
    EXPECT_EQ(json::serialize(found.at("bbox")), "[10,50,1.0005E1,50]");
    EXPECT_EQ(found.at("segment_id"), "Quillón Street2") << "the one in the middle";
    EXPECT_NEAR(found.at("center").at(0).to_number<double>(), 10.0025, 1e-9);
    EXPECT_EQ(found.at("center").at(1).to_number<double>(), 50);
    EXPECT_GT(found.at("similarity").to_number<double>(), 0.4);
  }
}

TEST_F(StreetSearch, GivesAsManyAsAskedFor) {
  for (const char* name : {"Vexington Road", "Vexington Lane", "Vexington Way"}) street(name, 1);
  const auto count = [&](const std::string& query) {
    return client.get(std::string(search) + "?q=vexington" + query).json().at("streets").as_array().size();
  };
  EXPECT_EQ(count(""), 3U);
  EXPECT_EQ(count("&limit=2"), 2U);
  EXPECT_EQ(count("&limit=50"), 3U);
  for (const char* wrong : {"0", "51", "x"})
    expect_problem(client.get(std::string(search) + "?q=x&limit=" + wrong), 400, "validation_error", "limit");
  EXPECT_EQ(client.get(std::string(search) + "?q=zzzzqqqq").json().at("streets"), json::array{});
}

TEST_F(StreetSearch, NeedsAName) {
  expect_problem(client.get(search), 400, "validation_error", "q");
  for (const char* wrong : {"", "%20", "%20%20"})
    expect_problem(client.get(std::string(search) + "?q=" + wrong), 400, "validation_error", "q");
  EXPECT_EQ(client.get(std::string(search) + "?q=" + std::string(200, 'x')).status, 200U);
  expect_problem(client.get(std::string(search) + "?q=" + std::string(201, 'x')), 400, "validation_error",
                 "q");
  for (const char* odd : {"%25", "_", "%5C", "%27", "%22"})
    EXPECT_EQ(client.get(std::string(search) + "?q=" + odd).status, 200U) << odd;
}

}  // namespace
}  // namespace diary::http::test
