// SPDX-License-Identifier: Apache-2.0
// Streets that meet share a node.
#include <set>

#include "db/schema_test.hpp"

namespace diary::test {
namespace {

class Nodes : public SchemaTest {
 protected:
  std::string source(const std::string& id) {
    return one("SELECT source_node FROM diary.segments WHERE segment_id = $1", {id});
  }
  std::string target(const std::string& id) {
    return one("SELECT target_node FROM diary.segments WHERE segment_id = $1", {id});
  }
};

TEST_F(Nodes, AreSharedWhereEndsMeet) {
  const auto a = segment("LINESTRING(1 1,2 2)");
  const auto b = segment("LINESTRING(2 2,3 1)");
  const auto c = segment("LINESTRING(1 1,2 2.0000001)");
  EXPECT_EQ(target(a), source(b));
  EXPECT_EQ(source(a), source(c));
  EXPECT_NE(target(a), target(c)) << "a centimetre apart is apart";
  EXPECT_LT(std::stoll(source(a)), 0) << "not to be taken for one of OpenStreetMap's";
}

TEST_F(Nodes, FollowTheGeometry) {
  const auto a = segment("LINESTRING(1 1,2 2)");
  const auto b = segment("LINESTRING(5 5,6 6)");
  super.exec(
      "UPDATE diary.segments SET geometry = ST_GeomFromText('LINESTRING(2 2,6 6)', 4326) WHERE segment_id = "
      "$1",
      {b});
  EXPECT_EQ(source(b), target(a));
  super.exec("UPDATE diary.segments SET geometry = ST_Reverse(geometry) WHERE segment_id = $1", {b});
  EXPECT_EQ(target(b), target(a));
}

TEST_F(Nodes, ThatWereGivenAreKept) {
  const auto id = "osm";
  owner.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry, source_node, target_node) "
      "VALUES ('osm', 'Main Street', 70, ST_GeomFromText('LINESTRING(1 1,2 2)', 4326), 7, 8)");
  owner.exec("UPDATE diary.segments SET geometry = ST_GeomFromText('LINESTRING(1 1,3 3)', 4326)");
  EXPECT_EQ(source(id) + " " + target(id), "7 8");
}

TEST_F(Nodes, ReachTheEndsOfTheEarth) {
  std::set<std::string> nodes;
  for (const char* wkt :
       {"LINESTRING(-180 -90,-180 90)", "LINESTRING(180 -90,180 90)", "LINESTRING(0 0,0 1e-7)"}) {
    const auto id = segment(wkt);
    nodes.insert(source(id));
    nodes.insert(target(id));
  }
  EXPECT_EQ(nodes.size(), 6U);
  for (const std::string& node : nodes) EXPECT_LT(std::stoll(node), 0);
}

}  // namespace
}  // namespace diary::test
