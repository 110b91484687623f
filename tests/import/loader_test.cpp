// SPDX-License-Identifier: Apache-2.0
#include "store/segment_loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "import/read_all.hpp"
#include "support/test_database.hpp"

namespace diary::import::test {
namespace {

class Loader : public testing::Test {
 protected:
  pg::Connection& db() { return connection_; }
  Result<LoadCounts> load(const std::vector<NewSegment>& segments) {
    pg::Transaction transaction(db());
    SegmentLoader loader(db());
    std::int64_t line = 0;
    for (const NewSegment& segment : segments) loader.add(segment, ++line);
    auto counts = loader.finish();
    if (counts) transaction.commit();
    return counts;
  }
  std::string one(const std::string& sql) { return db().exec(sql).str(0, 0); }

 private:
  support::TestDatabase database_;
  pg::Connection connection_{database_.owner_conninfo()};
};

NewSegment segment(const std::string& id) {
  return {id, "Rua \\ de\tX\nY", "Baixa", 84.126, {{-8.6, 41.15}, {-8.601, 41.15}}, 1, 2};
}

void expect(const Result<LoadCounts>& got, std::int64_t inserted, std::int64_t updated,
            std::int64_t unchanged) {
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->inserted, inserted);
  EXPECT_EQ(got->updated, updated);
  EXPECT_EQ(got->unchanged, unchanged);
}

TEST_F(Loader, StoresWhatItWasGiven) {
  expect(load({segment("a")}), 1, 0, 0);
  EXPECT_EQ(one("SELECT street FROM diary.segments"), "Rua \\ de\tX\nY");
  EXPECT_EQ(
      one("SELECT concat_ws(' ', neighborhood, length_m, source_node, target_node, ST_AsText(geometry)) "
          "FROM diary.segments"),
      "Baixa 84.13 1 2 LINESTRING(-8.6 41.15,-8.601 41.15)");
}

TEST_F(Loader, WritesNothingTheSecondTime) {
  auto without_nodes = segment("b");
  without_nodes.source_node = without_nodes.target_node = std::nullopt;
  without_nodes.neighborhood = std::nullopt;
  const std::vector segments{segment("a"), without_nodes};
  expect(load(segments), 2, 0, 0);
  const std::string before = one("SELECT string_agg(xmin::text || updated_at, ' ') FROM diary.segments");
  expect(load(segments), 0, 0, 2);
  EXPECT_EQ(one("SELECT string_agg(xmin::text || updated_at, ' ') FROM diary.segments"), before);
}

TEST_F(Loader, UpdatesExactlyWhatDiffers) {
  const std::vector<void (*)(NewSegment&)> changes{
      [](NewSegment& s) { s.street = "Other"; },
      [](NewSegment& s) { s.neighborhood = std::nullopt; },
      [](NewSegment& s) { s.length_m = 84.14; },
      [](NewSegment& s) { s.geometry[1].lat += 1e-9; },
      [](NewSegment& s) { std::swap(s.geometry[0], s.geometry[1]); },
      [](NewSegment& s) { s.geometry.insert(s.geometry.begin() + 1, LngLat{-8.6005, 41.15}); },
      [](NewSegment& s) { s.source_node = 9; },
      [](NewSegment& s) { s.target_node = 9; },
      [](NewSegment& s) { s.access = access::walk_along; },
  };
  std::vector<NewSegment> segments;
  for (std::size_t i = 0; i <= changes.size(); ++i) segments.push_back(segment("s" + std::to_string(i)));
  expect(load(segments), 10, 0, 0);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    changes[i](segments[i]);
    expect(load(segments), 0, 1, 9);
  }
  segments[8].length_m = 84.1301;  // the same in two decimals
  expect(load(segments), 0, 0, 10);
}

TEST_F(Loader, RefusesAnIdThatComesTwiceAndLeavesNothing) {
  const auto got = load({segment("a"), segment("b"), segment("a")});
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().message, testing::HasSubstr("'a' comes twice in the file (lines 1 and 3)"));
  EXPECT_EQ(one("SELECT count(*) FROM diary.segments"), "0");
  EXPECT_FALSE(db().in_transaction());
}

TEST_F(Loader, LeavesNothingWhenReadingFails) {
  const std::string features =
      R"({"type":"FeatureCollection","features":[{"type":"Feature","id":"a","properties":{},)"
      R"("geometry":{"type":"LineString","coordinates":[[0,0],[0,1]]}},)";
  {
    pg::Transaction transaction(db());
    SegmentLoader loader(db());
    auto file = InputFile::of_bytes(features);
    const auto report =
        read_geojson(*file, [&](const NewSegment& s, std::int64_t line) { loader.add(s, line); }, {});
    ASSERT_FALSE(report);
  }
  EXPECT_EQ(one("SELECT count(*) FROM diary.segments"), "0");
  expect(load({segment("a")}), 1, 0, 0);  // the connection is of use again, the staging table gone
}

TEST_F(Loader, KeepsScores) {
  expect(load({segment("a")}), 1, 0, 0);
  db().exec("UPDATE diary.segments SET decayed_mean = 4.5, n_eff = 7");
  auto moved = segment("a");
  moved.geometry[1].lat += 0.001;
  expect(load({moved}), 0, 1, 0);
  EXPECT_EQ(one("SELECT decayed_mean || ' ' || n_eff FROM diary.segments"), "4.50 7.00");
}

}  // namespace
}  // namespace diary::import::test
