// SPDX-License-Identifier: Apache-2.0
#include "store/segment_loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <random>

#include "import/read_all.hpp"
#include "support/eventually.hpp"
#include "support/test_database.hpp"

namespace diary::import::test {
namespace {

class Loader : public testing::Test {
 protected:
  pg::Connection& db() { return connection_; }
  Result<LoadCounts> load(const std::vector<NewSegment>& segments) {
    pg::Transaction transaction(db());
    auto counts = load_without_commit(db(), segments);
    if (counts) transaction.commit();
    return counts;
  }
  static Result<LoadCounts> load_without_commit(pg::Connection& connection,
                                                const std::vector<NewSegment>& segments) {
    SegmentLoader loader(connection);
    std::int64_t line = 0;
    for (const NewSegment& segment : segments) loader.add(segment, ++line);
    return loader.finish();
  }
  std::string one(const std::string& sql) { return db().exec(sql).str(0, 0); }
  [[nodiscard]] pg::Connection another() const { return pg::Connection(database_.owner_conninfo()); }

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

TEST_F(Loader, DerivesANodeThatTheFileNoLongerHas) {
  expect(load({segment("a")}), 1, 0, 0);
  auto without = segment("a");
  without.source_node = std::nullopt;
  without.target_node = -7;
  expect(load({without}), 0, 1, 0);
  EXPECT_EQ(one("SELECT source_node = diary.node_at(ST_StartPoint(geometry)) AND "
                "target_node = diary.node_at(ST_EndPoint(geometry)) FROM diary.segments"),
            "t");
  expect(load({without}), 0, 0, 1);
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

// What a load into an empty database takes away for a while: indexes, constraints, triggers.
class BulkLoad : public Loader {
 protected:
  static std::vector<NewSegment> many(std::int64_t count = SegmentLoader::bulk_rows) {
    std::vector<NewSegment> segments;
    for (std::int64_t i = 0; i < count; ++i) {
      auto next = segment("s" + std::to_string(i));
      next.street = "Rua " + std::to_string(i % 100);
      for (LngLat& point : next.geometry) point.lat += static_cast<double>(i) / 1e5;
      segments.push_back(std::move(next));
    }
    return segments;
  }
  std::string structure() {
    return one(R"(SELECT string_agg(what, E'\n' ORDER BY what) FROM (
      SELECT indexdef FROM pg_indexes WHERE schemaname IN ('diary', 'analytics')
      UNION ALL
      SELECT conrelid::regclass || ' ' || conname || ' ' || convalidated || pg_get_constraintdef(oid)
      FROM pg_constraint WHERE conrelid <> 0 AND connamespace IN ('diary'::regnamespace, 'analytics'::regnamespace)
      UNION ALL
      SELECT tgrelid::regclass || ' ' || tgfoid::regproc || tgenabled::text || CASE WHEN tgisinternal THEN '' ELSE tgname END
      FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'diary'::regnamespace
                                                                    OR relnamespace = 'analytics'::regnamespace)
      UNION ALL
      SELECT relname || ' ' || COALESCE(reloptions::text, '') || COALESCE(relacl::text, '') FROM pg_class
      WHERE relnamespace IN ('diary'::regnamespace, 'analytics'::regnamespace)) s(what))");
  }
  // An index that is made again is another one.
  std::string index(const std::string& name = "street") {
    return one("SELECT 'diary.idx_segments_" + name + "'::regclass::oid");
  }
  std::string rows() {
    return one(
        "SELECT count(*) || ' ' || (SELECT count(*) FROM analytics.segment_state) || ' ' || "
        "(SELECT count(*) FROM analytics.segment_change) FROM diary.segments");
  }
};

TEST_F(BulkLoad, LeavesAllThatItTookAway) {
  const std::string before = structure();
  const std::string old_index = index();
  expect(load(many()), SegmentLoader::bulk_rows, 0, 0);
  EXPECT_EQ(structure(), before);
  EXPECT_NE(index(), old_index);
  EXPECT_EQ(rows(), "5000 5000 5000");
  EXPECT_EQ(one("SELECT count(*) FROM diary.search_streets('rua 7')"), "10");
  db().exec("DELETE FROM diary.segments WHERE segment_id = 's7'");
  EXPECT_EQ(rows(), "4999 4999 5000");
}

TEST_F(BulkLoad, IsForManyRowsAndAnEmptyTable) {
  const std::string old_index = index();
  auto few = many();
  few.pop_back();
  expect(load(few), SegmentLoader::bulk_rows - 1, 0, 0);
  EXPECT_EQ(index(), old_index);
  auto more = many();
  for (NewSegment& each : more) each.segment_id += "_more";
  expect(load(more), SegmentLoader::bulk_rows, 0, 0);
  EXPECT_EQ(index(), old_index);
  db().exec("DELETE FROM diary.segments");  // whose notices stay
  expect(load(more), SegmentLoader::bulk_rows, 0, 0);
  EXPECT_NE(index(), old_index);
  EXPECT_EQ(one("SELECT count(*) FROM analytics.segment_change WHERE NOT is_deleted"), "5000");
}

TEST_F(BulkLoad, StoresWhatTheUpsertStores) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto one_in = [&](unsigned n) { return random() % n == 0; };
  auto segments = many();
  std::shuffle(segments.begin(), segments.end(), random);
  for (NewSegment& each : segments) {
    if (one_in(3)) each.neighborhood = std::nullopt;
    if (one_in(3)) each.source_node = std::nullopt;
    if (one_in(3)) each.target_node = one_in(2) ? -5 : 1'000'000'000'000;
    if (one_in(3)) each.geometry.push_back({-8.61, 41.2 + static_cast<double>(random()) / 1e10});
    if (one_in(9)) each.street = "\xC3\x89 \\N\t\"'";
    each.length_m = std::array{0.01, 0.1, 1.0, 9999.99, 10'000.0, 84.126, 999'999.99}.at(random() % 7);
    each.access = static_cast<std::uint8_t>(random() % 16);
  }
  const std::string all =
      "SELECT md5(string_agg(concat_ws('|', segment_id, street, neighborhood, length_m, geometry, "
      "source_node, "
      "target_node, access, decayed_mean, n_eff, confidence, top_tags, delta_30d, n, w, s, q, w2, w_real, "
      "next_event_at, is_deleted), ' ' ORDER BY segment_id)) FROM diary.segments "
      "JOIN analytics.segment_state st USING (segment_id, top_tags) JOIN analytics.segment_change USING "
      "(segment_id)";
  expect(load({segments.begin(), segments.begin() + 1}), 1, 0, 0);
  expect(load(segments), SegmentLoader::bulk_rows - 1, 0, 1);
  const std::string by_upsert = one(all);
  db().exec("DELETE FROM diary.segments");
  expect(load(segments), SegmentLoader::bulk_rows, 0, 0);
  EXPECT_EQ(one(all), by_upsert);
  expect(load(segments), 0, 0, SegmentLoader::bulk_rows);
}

TEST_F(BulkLoad, TellsTheFeedAndTouchesNoRowTheSecondTime) {
  expect(load(many()), SegmentLoader::bulk_rows, 0, 0);
  const std::string marks =
      "SELECT string_agg(concat_ws(' ', g.xmin, g.xmax, g.updated_at, st.xmin, st.xmax, c.xmin, c.xmax, "
      "changed_xid), "
      "',' ORDER BY g.segment_id) FROM diary.segments g JOIN analytics.segment_state st USING (segment_id) "
      "JOIN analytics.segment_change c USING (segment_id)";
  const std::string before = one(marks);
  EXPECT_EQ(one("SELECT count(DISTINCT changed_xid) FROM analytics.segment_change"), "1");
  expect(load(many()), 0, 0, SegmentLoader::bulk_rows);
  EXPECT_EQ(one(marks), before);
}

TEST_F(BulkLoad, NamesAnIdThatComesTwiceAndLeavesNothing) {
  const std::string before = structure();
  auto segments = many();
  segments.push_back(segments[41]);
  const auto got = load(segments);
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().message, testing::HasSubstr("'s41' comes twice in the file (lines 42 and 5001)"));
  EXPECT_EQ(rows(), "0 0 0");
  EXPECT_EQ(structure(), before);
}

TEST_F(BulkLoad, LeavesNothingWhenItIsGivenUpOrKilled) {
  const std::string before = structure();
  const std::string old_index = index();
  {
    const pg::Transaction transaction(db());
    expect(load_without_commit(db(), many()), SegmentLoader::bulk_rows, 0, 0);
  }
  EXPECT_EQ(structure(), before);
  auto other = another();
  {
    const pg::Transaction transaction(other);
    expect(load_without_commit(other, many()), SegmentLoader::bulk_rows, 0, 0);
    const std::string backend = other.exec("SELECT pg_backend_pid()").str(0, 0);
    db().exec("SELECT pg_terminate_backend(" + backend + ", 10000)");
    EXPECT_THROW(other.exec("SELECT 1"), pg::ConnectionLost);
  }
  EXPECT_EQ(structure(), before);
  EXPECT_EQ(index(), old_index);
  EXPECT_EQ(rows(), "0 0 0");
}

TEST_F(BulkLoad, DoesNotWaitForWhoeverReads) {
  auto reader = another();
  const std::string old_index = index();
  {
    const pg::Transaction reading(reader);
    reader.exec("SELECT count(*) FROM diary.segments");
    expect(load(many()), SegmentLoader::bulk_rows, 0, 0);
  }
  EXPECT_EQ(index(), old_index);
}

TEST_F(BulkLoad, LetsReadersWaitForTheWhole) {
  pg::Transaction transaction(db());
  expect(load_without_commit(db(), many()), SegmentLoader::bulk_rows, 0, 0);
  auto reader = another();
  auto count = std::async(std::launch::async,
                          [&] { return reader.exec("SELECT count(*) FROM diary.segments").str(0, 0); });
  EXPECT_TRUE(support::eventually([&] {
    return one("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'diary.segments'::regclass") ==
           "1";
  }));
  transaction.commit();
  EXPECT_EQ(count.get(), "5000");
}

TEST_F(BulkLoad, GivesWayToAnotherThatWasFirst) {
  pg::Transaction transaction(db());
  expect(load_without_commit(db(), many()), SegmentLoader::bulk_rows, 0, 0);
  auto other = another();
  auto second = std::async(std::launch::async, [&] {
    pg::Transaction also(other);
    auto counts = load_without_commit(other, many());
    also.commit();
    return counts;
  });
  // Behind the first for its ordinary load: the wish for the whole table was given up.
  EXPECT_TRUE(support::eventually([&] {
    return one("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'diary.segments'::regclass "
               "AND mode <> 'AccessExclusiveLock'") == "1";
  }));
  transaction.commit();
  expect(second.get(), 0, 0, SegmentLoader::bulk_rows);
  EXPECT_EQ(rows(), "5000 5000 5000");
}

TEST_F(BulkLoad, KeepsAnIndexThatIsMoreThanItsDefinition) {
  db().exec(
      "COMMENT ON INDEX diary.idx_segments_street IS 'ours'; CLUSTER diary.segments USING "
      "idx_segments_geometry");
  const std::string street = index();
  const std::string geometry = index("geometry");
  const std::string updated = index("updated");
  expect(load(many()), SegmentLoader::bulk_rows, 0, 0);
  EXPECT_EQ(index(), street);
  EXPECT_EQ(index("geometry"), geometry);
  EXPECT_NE(index("updated"), updated);
}

}  // namespace
}  // namespace diary::import::test
