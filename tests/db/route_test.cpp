// SPDX-License-Identifier: Apache-2.0
// diary.route_astar against Dijkstra's algorithm at its plainest.
#include <fmt/format.h>

#include <map>
#include <queue>
#include <random>

#include "db/live_oracle.hpp"
#include "db/schema_test.hpp"

namespace diary::test {
namespace {

class Route : public SchemaTest {
 protected:
  void SetUp() override {
    if (one("SELECT count(*) FROM pg_available_extensions WHERE name = 'pgrouting'") == "0")
      GTEST_SKIP() << "pgRouting is not installed here (package postgresql-15-pgrouting)";
    super.exec("CREATE EXTENSION pgrouting");
    super.exec(
        "INSERT INTO auth.users (email, password_hash) SELECT 'u' || i, 'x' FROM generate_series(1, 20) i");
  }
  void put(const std::string& id, double lng1, double lat1, double lng2, double lat2, double length_m) {
    owner.exec(
        "INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ($1, 'Street', "
        "round($2::numeric, "
        "2), ST_GeomFromText($3, 4326))",
        {id, length_m, fmt::format("LINESTRING({:.7f} {:.7f},{:.7f} {:.7f})", lng1, lat1, lng2, lat2)});
  }
  // Streets of a town of n by n corners, some of them missing, with random scores.
  void town(int n, double lng, double lat) {
    const auto corner = [&](int i) { return std::pair{lng + at_[i].first, lat + at_[i].second}; };
    at_.clear();
    for (int i = 0; i < n * n; ++i)
      at_.emplace_back(i % n * 0.001 + pick(-3e-4, 3e-4), i / n * 0.001 + pick(-3e-4, 3e-4));
    for (int i = 0; i < n * n; ++i) {
      for (const int j : {i % n + 1 < n ? i + 1 : -1, i + n, i + n + 1}) {
        if (j < 0 || j >= n * n || pick(0, 1) < 0.3) continue;
        const auto [a, b] = pick(0, 1) < 0.5 ? std::pair{i, j} : std::pair{j, i};
        // Some shorter than the straight line between their ends, as sources have it.
        put(fmt::format("{}-{}", i, j), corner(a).first, corner(a).second, corner(b).first, corner(b).second,
            100 * pick(0.6, 2));
      }
    }
    owner.exec(
        "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at) SELECT segment_id, user_id, "
        "1 + mod(abs(hashtext(segment_id || email || $1)), 5), now() - interval '1 day' FROM diary.segments, "
        "auth.users "
        "WHERE mod(abs(hashtext(email || segment_id)), 4) = 0",
        {static_cast<int>(pick(0, 1e6))});
  }
  double pick(double low, double high) { return std::uniform_real_distribution(low, high)(random_); }

  using Network = std::map<std::int64_t, std::vector<std::pair<std::int64_t, double>>>;
  Network network(double weight) {
    const auto rows = server.exec(
        "SELECT source_node, target_node, calculate_segment_cost(g.length_m, l.decayed_mean, $1)::float8 "
        "FROM "
        "diary.segments g JOIN analytics.segment_live l USING (segment_id)",
        {weight});
    Network network;
    for (int i = 0; i < rows.size(); ++i) {
      network[rows.integer(i, 0)].emplace_back(rows.integer(i, 1), rows.real(i, 2));
      network[rows.integer(i, 1)].emplace_back(rows.integer(i, 0), rows.real(i, 2));
    }
    return network;
  }
  static std::map<std::int64_t, double> dijkstra(const Network& network, std::int64_t from) {
    std::map<std::int64_t, double> cost;
    std::priority_queue<std::pair<double, std::int64_t>> queue;
    queue.emplace(0, from);
    while (!queue.empty()) {
      const auto [negative, node] = queue.top();
      queue.pop();
      if (!cost.emplace(node, -negative).second) continue;
      for (const auto& [next, step] : network.at(node)) queue.emplace(negative - step, next);
    }
    return cost;
  }

  pg::Connection server = app();

 private:
  std::vector<std::pair<double, double>> at_;
  std::mt19937_64 random_{seed()};
};

TEST_F(Route, LeavesOutWhatNobodyMayWalk) {
  put("short", 0, 40, 0.001, 40, 85);
  put("long", 0, 40, 0.001, 40, 300);
  put("away", 0.002, 40, 0.003, 40, 85);
  const auto chosen = [&] {
    const auto rows = server.exec("SELECT segment_id FROM diary.route_astar(0, 40, 0.001, 40)");
    return rows.empty() ? "none" : rows.str(0, 0);
  };
  EXPECT_EQ(chosen(), "short");
  owner.exec("UPDATE diary.segments SET access = 14 WHERE segment_id = 'short'");
  EXPECT_EQ(chosen(), "short") << "against its line";
  owner.exec("UPDATE diary.segments SET access = 12 WHERE segment_id = 'short'");
  EXPECT_EQ(chosen(), "long");
  owner.exec("UPDATE diary.segments SET access = 0 WHERE segment_id <> 'away'");
  const auto nearest = [&](double lng) {
    return server.exec("SELECT diary.nearest_node($1::float8, 40)", {lng}).integer(0, 0);
  };
  EXPECT_EQ(nearest(0), nearest(0.002)) << "the nearest that may be walked";
}

TEST_F(Route, CostsWhatTheCheapestWayCosts) {
  int reached = 0;
  int cut_off = 0;
  for (const double lat : {0.0, 39.95, 65.0, -33.0}) {
    owner.exec("DELETE FROM diary.segments");
    town(6, -75.17, lat);
    for (const double weight : {0.0, 0.5, 5.0}) {
      const pg::Transaction transaction(server);  // one now()
      const Network net = network(weight);
      const auto from = net.begin()->first;
      const auto known = dijkstra(net, from);
      for (const auto& [to, unused] : net) {
        const auto rows =
            server.exec("SELECT * FROM diary.route_astar($1::bigint, $2::bigint, $3)", {from, to, weight});
        if (to == from || !known.contains(to)) {
          EXPECT_EQ(rows.size(), 0);
          ++cut_off;
          continue;
        }
        ++reached;
        const int last = rows.size() - 1;
        ASSERT_GT(last, 0) << lat << " " << weight;
        EXPECT_EQ(rows.integer(0, 2), from);
        EXPECT_EQ(rows.integer(last, 2), to);
        EXPECT_TRUE(rows.is_null(last, 1));
        EXPECT_NEAR(rows.real(last, 5), known.at(to), 1e-9 * known.at(to)) << lat << " " << weight;
        for (int i = 0; i < last; ++i) {
          EXPECT_EQ(server
                        .exec("SELECT count(*) FROM diary.segments WHERE segment_id = $1 AND length_m = "
                              "$4::numeric AND "
                              "LEAST(source_node, target_node) = LEAST($2::bigint, $3::bigint) AND "
                              "GREATEST(source_node, target_node) = GREATEST($2::bigint, $3::bigint)",
                              {rows.str(i, 1), rows.integer(i, 2), rows.integer(i + 1, 2), rows.str(i, 3)})
                        .integer(0, 0),
                    1);
          EXPECT_NEAR(rows.real(i, 5) + rows.real(i, 4), rows.real(i + 1, 5), 1e-6);
        }
      }
    }
  }
  EXPECT_GT(reached, 100);
  EXPECT_GT(cut_off, 0);
}

TEST_F(Route, BeginsAtTheNearerEndOfTheNearestStreet) {
  put("a", 10, 60, 10.001, 60, 56);
  put("b", 10.001, 60, 10.002, 60, 56);
  put("c", 10.002, 60, 10.003, 60, 56);
  // Nearer in degrees to d, in metres to c: a degree east is half a degree north there.
  put("d", 10.0045, 60.0011, 10.006, 60.0011, 80);
  const auto rows = server.exec("SELECT segment_id FROM diary.route_astar(10.0002, 60.0001, 10.0040, 60.0)");
  ASSERT_EQ(rows.size(), 4);
  EXPECT_EQ(rows.str(0, 0), "a");
  EXPECT_EQ(rows.str(2, 0), "c");
  EXPECT_EQ(server.exec("SELECT * FROM diary.route_astar(10.0002, 60.0001, 10.006, 60.0012)").size(), 0)
      << "no street leads to d";
  EXPECT_EQ(server.exec("SELECT * FROM diary.route_astar(10.0002, 60.0001, 10.0001, 60.0)").size(), 0)
      << "already there";
}

TEST_F(Route, RefusesWhatItCannotAnswer) {
  EXPECT_EQ(server.exec("SELECT * FROM diary.route_astar(1, 2)").size(), 0);
  EXPECT_EQ(server.exec("SELECT * FROM diary.route_astar(1, 1, 2, 2)").size(), 0) << "no streets at all";
  for (const char* call : {"(1, 2, -0.1)", "(1, 2, 5.1)", "(1, 2, NULL)", "(1, 2, 'NaN')", "(181, 0, 1, 1)",
                           "(0, 91, 1, 1)", "(0, 0, -181, 1)", "(0, 0, 1, NULL)"})
    EXPECT_EQ(refusal(server, std::string("SELECT * FROM diary.route_astar") + call), "22023") << call;
}

TEST(RouteWithoutPgRouting, SaysWhatIsMissing) {
  const support::TestDatabase database;
  auto server = pg::connect_as(database.owner_conninfo(), pg::app_role);
  EXPECT_EQ(refusal(server, "SELECT * FROM diary.route_astar(1, 2)"), "0A000");
  EXPECT_EQ(refusal(server, "SELECT * FROM diary.route_astar(1, 1, 2, 2)"), "0A000");
}

}  // namespace
}  // namespace diary::test
