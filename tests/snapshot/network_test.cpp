// SPDX-License-Identifier: Apache-2.0
// The street network against the database that it follows: the same streets, the same scores.
#include "snapshot/street_network.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <future>
#include <random>
#include <set>
#include <thread>

#include "db/random_writer.hpp"
#include "graph/snap_index.hpp"
#include "snapshot/feed.hpp"
#include "snapshot/score.hpp"
#include "support/eventually.hpp"
#include "support/test_database.hpp"

namespace diary::snapshot {
namespace {

using graph::Engine;
using graph::Profile;
using support::eventually;
using EnginePtr = std::shared_ptr<const Engine>;

constexpr int side = 6;  // corners of the town, each way
constexpr int streets_of_town = 2 * side * (side - 1);
constexpr int people = 60;

std::uint64_t chosen_seed() {
  const char* given = std::getenv("DIARY_TEST_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::printf("DIARY_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

bool caught_up(CityFeed& feed) {
  std::promise<bool> told;
  auto answer = told.get_future();
  feed.catch_up([&told](bool fine) { told.set_value(fine); });
  return answer.get();
}

bool caught_up(CityFeed& feed, const std::string& segment_id) {
  std::promise<bool> told;
  auto answer = told.get_future();
  feed.catch_up({segment_id}, [&told](bool fine) { told.set_value(fine); });
  return answer.get();
}

// Blocks of 100 m by 100 m: s1, s2, ... eastward first, row by row, then northward.
LngLat corner(int column, int row) {
  return {-8.6 + column * 0.0012, 41.15 + row * 0.0009};
}
void build_town(pg::Connection& connection) {
  int number = 0;
  const auto street = [&](LngLat from, LngLat to) {
    ++number;
    connection.exec(fmt::format(
        "INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ('s{0}', 'Street {0}', "
        "100, ST_GeomFromText('LINESTRING({1:.7f} {2:.7f},{3:.7f} {4:.7f})', 4326))",
        number, from.lng, from.lat, to.lng, to.lat));
  };
  for (int row = 0; row < side; ++row)
    for (int column = 0; column + 1 < side; ++column) street(corner(column, row), corner(column + 1, row));
  for (int column = 0; column < side; ++column)
    for (int row = 0; row + 1 < side; ++row) street(corner(column, row), corner(column, row + 1));
  connection.exec(
      fmt::format("INSERT INTO auth.users (email, password_hash) SELECT 'u' || i || '@x.org', 'x' FROM "
                  "generate_series(1, {}) i",
                  people));
}

// What one snapshot of the database holds, and the moment that its scores are of.
struct Truth {
  Time at;
  std::vector<LiveSegment> segments;
  std::map<std::string, double> scores;
};

Truth truth_of(pg::Connection& connection) {
  while (true) {
    while (connection.exec("SELECT analytics.advance_windows(100000)").integer(0, 0) > 0) {
    }
    const pg::Transaction transaction(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    Truth truth;
    const auto moment = connection.exec(
        "SELECT (extract(epoch FROM now()) * 1000000)::bigint, "
        "(SELECT count(*) FROM analytics.segment_state WHERE next_event_at <= now())");
    if (moment.integer(0, 1) > 0) continue;  // a sample has just left a window
    truth.at = Time{std::chrono::microseconds{moment.integer(0, 0)}};
    truth.segments = CityStore(connection).page(std::nullopt, 100'000);
    const auto rows = connection.exec("SELECT segment_id, decayed_mean::float8 FROM analytics.segment_live");
    for (int i = 0; i < rows.size(); ++i) truth.scores[rows.str(i, 0)] = rows.real(i, 1);
    return truth;
  }
}

// Nothing, or how the engine differs from the database.
std::string difference(const EnginePtr& engine, const Truth& truth, double tolerance) {
  if (!engine) return "there is no engine";
  const graph::RoadGraph& roads = engine->graph();
  if (roads.edge_count() != truth.segments.size())
    return fmt::format("{} edges for {} segments", roads.edge_count(), truth.segments.size());
  const Engine::Inquiry shown(*engine);
  for (const LiveSegment& segment : truth.segments) {
    const auto edge = roads.find(segment.segment_id);
    if (!edge) return segment.segment_id + " is missing";
    if (roads.street(*edge) != segment.street || roads.edge(*edge).access != segment.access ||
        roads.edge(*edge).length_cm != std::lround(std::stod(segment.length_m) * 100) ||
        !std::ranges::equal(roads.line(*edge), segment.line, {}, {}, graph::Point::from))
      return segment.segment_id + " is another street";
    if ((roads.edge(*edge).source == roads.edge(*edge).target) !=
        (segment.source_node == segment.target_node))
      return segment.segment_id + " has other ends";
    const double off = std::abs(shown.score(*edge) - truth.scores.at(segment.segment_id));
    if (!(off <= tolerance)) return fmt::format("the score of {} is off by {}", segment.segment_id, off);
  }
  return {};
}

bool settle(StreetNetwork& network, Time at) {
  return eventually([&] {
    network.refresh(at);
    return network.engine() && network.state().awaited == 0;
  });
}

class Network : public testing::Test {
 protected:
  Network() { build_town(writer); }
  CityFeed::Options options() { return {.conninfo = database.owner_conninfo(), .role = "diary_app"}; }
  void rate(const std::string& segment, int user, int rating) {
    writer.exec(fmt::format(
        "INSERT INTO diary.ratings (segment_id, user_id, rating) SELECT '{}', user_id, {} FROM auth.users "
        "WHERE email = 'u{}@x.org'",
        segment, rating, user));
  }
  static bool settled(CityFeed& feed) {
    return eventually(
        [&] { return caught_up(feed) && feed.network().engine() && feed.network().state().awaited == 0; });
  }
  // Between two places, at the greatest weight.
  static std::optional<graph::Path> route(const Engine& engine, LngLat from, LngLat to,
                                          Profile profile = Profile::walk) {
    const auto begin = engine.places().nearest(from, profile, 100, graph::SnapIndex::Parts::all);
    const auto end = engine.places().nearest(to, profile, 100, graph::SnapIndex::Parts::all);
    if (!begin || !end) return std::nullopt;
    Engine::Inquiry inquiry(engine);
    return inquiry.cheapest(*begin, *end, profile, 5);
  }
  static std::set<std::string> used(const Engine& engine, const std::optional<graph::Path>& path) {
    std::set<std::string> ids;
    if (!path) return {"no way"};
    for (const graph::Stretch& stretch : path->stretches)
      ids.insert(std::string(engine.graph().segment_id(stretch.edge)));
    return ids;
  }

  support::TestDatabase database;
  pg::Connection writer{database.owner_conninfo()};
  pg::Connection other{database.owner_conninfo()};
};

TEST_F(Network, ARatingMovesTheCostOfARouteOnceCaughtUp) {
  CityFeed feed(options());
  ASSERT_TRUE(eventually([&] { return feed.network().engine() != nullptr; }));
  const auto engine = feed.network().engine();
  const LngLat from = corner(0, 0);
  const LngLat to = corner(1, 0);  // along s1
  double last = route(*engine, from, to)->cost_m(5);
  EXPECT_NEAR(last, 100 * (1 + 5 * 0.4), 1);
  for (int user = 1; user <= 30; ++user) {
    rate("s1", user, 5);
    ASSERT_TRUE(caught_up(feed));
    const double cost = route(*engine, from, to)->cost_m(5);
    ASSERT_LT(cost, last) << "after rating " << user;
    ASSERT_NEAR(cost, 100 * (1 + 5 * (5 - (15 + 5.0 * user) / (5 + user)) / 5), 1);
    last = cost;
  }
  EXPECT_EQ(feed.network().engine(), engine) << "scores need no other network";
  EXPECT_EQ(feed.network().state().builds, 1U);
  EXPECT_EQ(feed.network().state().edges, static_cast<std::size_t>(streets_of_town));
  EXPECT_EQ(feed.network().state().nodes, static_cast<std::size_t>(side * side));
  EXPECT_GT(feed.network().state().bytes, 1000U);
}

// Streets that change keep graphs being built meanwhile.
TEST_F(Network, ANamedSegmentsScoreCountsAtOnce) {
  CityFeed feed(options());
  ASSERT_TRUE(settled(feed));
  for (int user = 1; user <= 40; ++user) {
    const std::string id = "s" + std::to_string(1 + user % 5);
    if (user % 4 == 0)
      writer.exec(
          fmt::format("UPDATE diary.segments SET street = 'Street {}' WHERE segment_id = 's2'", user));
    rate(id, user, 1 + user % 5);
    ASSERT_TRUE(caught_up(feed, id));
    const auto engine = feed.network().engine();
    const double score =
        writer.exec("SELECT decayed_mean::float8 FROM analytics.segment_live WHERE segment_id = $1", {id})
            .real(0, 0);
    const Engine::Inquiry shown(*engine);
    ASSERT_NEAR(shown.score(engine->graph().find(id).value()), score, 1e-6) << "after rating " << user;
  }
  ASSERT_TRUE(settled(feed));
  EXPECT_EQ(difference(feed.network().engine(), truth_of(writer), 1e-6), "");
}

TEST_F(Network, StreetsComeAndChangeAndGo) {
  CityFeed feed(options());
  ASSERT_TRUE(settled(feed));
  const auto now_used = [&](Profile profile = Profile::walk) {
    EXPECT_TRUE(settled(feed));
    const auto engine = feed.network().engine();
    return used(*engine, route(*engine, {-8.6006, 41.15}, {-8.5994, 41.15}, profile));
  };
  // West of the town, a street that leads into it.
  writer.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ('w', 'West', 100, "
      "ST_GeomFromText('LINESTRING(-8.6012 41.15,-8.6 41.15)', 4326))");
  EXPECT_EQ(now_used(), (std::set<std::string>{"w", "s1"}));
  writer.exec("UPDATE diary.segments SET access = 7 WHERE segment_id = 'w'");
  EXPECT_EQ(now_used(Profile::bike), (std::set<std::string>{"w", "s1"}));
  writer.exec("UPDATE diary.segments SET access = 11 WHERE segment_id = 'w'");
  EXPECT_EQ(now_used(Profile::bike), std::set<std::string>{"no way"});
  EXPECT_EQ(now_used(Profile::walk), (std::set<std::string>{"w", "s1"}));
  for (const char* change : {"street = 'Far West'", "length_m = 120", "target_node = 77", "access = 15",
                             "geometry = ST_Reverse(geometry)"}) {
    const auto builds = feed.network().state().builds;
    writer.exec(std::string("UPDATE diary.segments SET ") + change + " WHERE segment_id = 'w'");
    ASSERT_TRUE(settled(feed)) << change;
    EXPECT_GT(feed.network().state().builds, builds) << change;
    EXPECT_EQ(difference(feed.network().engine(), truth_of(other), 1e-5), "") << change;
  }
  writer.exec("DELETE FROM diary.segments WHERE segment_id = 's1'");
  writer.exec("UPDATE diary.segments SET target_node = -1, source_node = -1 WHERE segment_id = 'w'");
  const auto around = now_used();
  EXPECT_FALSE(around.contains("s1"));
  const auto builds = feed.network().state().builds;
  writer.exec("UPDATE diary.segments SET neighborhood = 'Baixa'");
  ASSERT_TRUE(settled(feed));
  EXPECT_EQ(feed.network().state().builds, builds) << "a network knows no neighbourhoods";
  pg::Connection(database.superuser_conninfo()).exec("TRUNCATE diary.segments CASCADE");
  ASSERT_TRUE(settled(feed));
  EXPECT_EQ(feed.network().engine()->graph().edge_count(), 0U);
  EXPECT_FALSE(route(*feed.network().engine(), corner(0, 0), corner(1, 0)));
}

TEST_F(Network, BeginsWithNoStreetsAtAll) {
  writer.exec("DELETE FROM diary.segments");
  CityFeed feed(options());
  ASSERT_TRUE(settled(feed));
  EXPECT_EQ(feed.network().engine()->graph().edge_count(), 0U);
  writer.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ('a', 'A', 1, "
      "ST_GeomFromText('LINESTRING(1 1, 1.00001 1)', 4326))");
  ASSERT_TRUE(settled(feed));
  EXPECT_EQ(feed.network().engine()->graph().edge_count(), 1U);
}

TEST_F(Network, JoinsEndsThatNearlyMeetAsFarAsItIsTold) {
  writer.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ('near', 'Near', 10, "
      "ST_GeomFromText('LINESTRING(-8.600018 41.15,-8.6002 41.15)', 4326))");  // 1.5 m off the town's corner
  const Truth truth = truth_of(writer);
  for (const double join_m : {0.0, 1.0, 3.0}) {
    StreetNetwork network({.join_m = join_m});
    network.begin_loading();
    network.add(truth.segments);
    network.finish_loading(truth.at);
    ASSERT_TRUE(settle(network, truth.at));
    EXPECT_EQ(network.state().nodes, static_cast<std::size_t>(side * side + (join_m > 1.5 ? 1 : 2)))
        << join_m;
  }
}

// Each score to the last digits that count, whatever was written.
TEST_F(Network, ScoresAreThoseOfTheView) {
  const auto seed = chosen_seed();
  test::RandomWriter random(database.owner_conninfo(), {.segments = streets_of_town, .users = people}, seed);
  StreetNetwork network;
  network.begin_loading();
  Truth truth = truth_of(writer);
  network.add(truth.segments);
  network.finish_loading(truth.at);
  for (int round = 0; round < 40; ++round) {
    for (int i = 0; i < 15; ++i) random.step();
    const Truth next = truth_of(writer);
    std::set<std::string> gone;
    for (const LiveSegment& segment : truth.segments) gone.insert(segment.segment_id);
    for (const LiveSegment& segment : next.segments) gone.erase(segment.segment_id);
    network.remove({gone.begin(), gone.end()});
    network.put(next.segments, next.at);
    truth = next;
    if (round % 3 == 0) continue;  // more comes while a network is being built
    ASSERT_TRUE(settle(network, truth.at));
    ASSERT_EQ(difference(network.engine(), truth, 1e-9), "") << "round " << round;
  }
  ASSERT_TRUE(settle(network, truth.at));
  EXPECT_EQ(difference(network.engine(), truth, 1e-9), "");
  EXPECT_GT(network.state().builds, 1U);
}

// Before the new network takes its place it has what was put while it was built.
TEST_F(Network, NothingThatWasPutMeanwhileIsLost) {
  Truth truth = truth_of(writer);
  StreetNetwork network;
  network.begin_loading();
  network.add(truth.segments);
  network.finish_loading(truth.at);
  EXPECT_FALSE(network.engine());
  truth.segments[0].w = 1e3;  // one score, one street, one that goes
  truth.segments[0].s = 5e3;
  truth.segments[1].street = "Renamed";
  network.put({truth.segments[0], truth.segments[1]}, truth.at);
  network.remove({truth.segments[2].segment_id});
  ASSERT_TRUE(eventually([&] {
    network.refresh(truth.at);
    return network.engine() != nullptr;
  }));
  const auto first = network.engine();
  const auto edge = first->graph().find(truth.segments[0].segment_id);
  const double expected = mean(1e3, 5e3, decay_at(truth.at));
  EXPECT_NEAR(Engine::Inquiry(*first).score(*edge), expected, 1e-9);
  EXPECT_TRUE(first->graph().find(truth.segments[2].segment_id)) << "until the next one";
  ASSERT_TRUE(settle(network, truth.at));
  const auto second = network.engine();
  EXPECT_FALSE(second->graph().find(truth.segments[2].segment_id));
  EXPECT_EQ(second->graph().street(*second->graph().find(truth.segments[1].segment_id)), "Renamed");
  EXPECT_NEAR(Engine::Inquiry(*second).score(*second->graph().find(truth.segments[0].segment_id)), expected,
              1e-9);
}

// A street that no graph takes costs nothing but itself: the old network stays, and scores go on.
TEST_F(Network, ANetworkThatCannotBeBuiltLeavesTheOldOne) {
  const Truth truth = truth_of(writer);
  StreetNetwork network({.pause_after_failure = std::chrono::milliseconds{0}});
  network.begin_loading();
  network.add(truth.segments);
  network.finish_loading(truth.at);
  ASSERT_TRUE(settle(network, truth.at));
  const auto engine = network.engine();
  auto impossible = truth.segments[0];
  impossible.length_m = "0";
  network.put({impossible}, truth.at);
  ASSERT_TRUE(eventually([&] {
    network.refresh(truth.at);
    return network.state().failures >= 2;
  }));
  EXPECT_EQ(network.engine(), engine);
  auto rated = truth.segments[1];
  rated.w = 10;
  rated.s = 50;
  network.put({rated}, truth.at);
  EXPECT_GT(Engine::Inquiry(*engine).score(*engine->graph().find(rated.segment_id)), 3);
  impossible.length_m = "12.5";
  network.put({impossible}, truth.at);
  ASSERT_TRUE(settle(network, truth.at));
  const auto& roads = network.engine()->graph();
  EXPECT_EQ(roads.edge(*roads.find(impossible.segment_id)).length_cm, 1250U);
}

TEST_F(Network, ScoresMoveAsTimeDoes) {
  for (int user = 1; user <= 20; ++user) rate("s3", user, 1);
  const Truth truth = truth_of(writer);
  StreetNetwork network;
  network.begin_loading();
  network.add(truth.segments);
  network.finish_loading(truth.at);
  ASSERT_TRUE(settle(network, truth.at));
  const auto engine = network.engine();
  const auto edge = *engine->graph().find("s3");
  const auto shown = [&] { return Engine::Inquiry(*engine).score(edge); };
  EXPECT_NEAR(shown(), (15 + 20.0) / 25, 1e-4);
  network.refresh(truth.at + std::chrono::days{21});
  EXPECT_NEAR(shown(), (15 + 10.0) / 15, 1e-4);
  network.refresh(truth.at + std::chrono::days{21} + std::chrono::seconds{4});
  const double before = shown();
  network.refresh(truth.at + std::chrono::days{21} + std::chrono::seconds{6});
  EXPECT_GT(shown(), before) << "every five seconds";
  EXPECT_LT(shown(), before + 1e-5);
  network.refresh(truth.at + std::chrono::days{10'000});
  EXPECT_NEAR(shown(), 3, 1e-9);
  network.refresh(truth.at);  // a clock that was set back
  EXPECT_NEAR(shown(), (15 + 20.0) / 25, 1e-4);
  EXPECT_EQ(network.engine(), engine);
}

// Everything that anybody might do at once, streets that go and come back among it, while others ask for
// routes.
TEST_F(Network, ManyWritersAndReadersAtOnce) {
  const auto seed = chosen_seed();
  pg::Connection(database.superuser_conninfo())
      .exec("ALTER DATABASE " + database.name() + " SET deadlock_timeout = '10ms'");
  CityFeed feed(options());
  ASSERT_TRUE(settled(feed));
  for (unsigned round = 0; round < 3; ++round) {
    std::atomic<int> failures = 0;
    std::atomic<int> routes = 0;
    std::atomic<bool> done = false;
    std::vector<std::thread> sessions;
    for (unsigned s = 0; s < 3; ++s) {
      sessions.emplace_back([&, s] {
        try {
          test::RandomWriter random(database.owner_conninfo(), {.segments = streets_of_town, .users = people},
                                    seed + 100 * round + s);
          for (int i = 0; i < 60; ++i) random.step();
        } catch (const std::exception& e) {
          fmt::print("session {}: {}\n", s, e.what());
          ++failures;
        }
      });
    }
    std::thread asker([&] {
      while (!done) {
        const auto engine = feed.network().engine();
        if (route(*engine, corner(0, 0), corner(side - 1, side - 1))) ++routes;
      }
    });
    for (std::thread& session : sessions) session.join();
    done = true;
    asker.join();
    ASSERT_EQ(failures, 0);
    EXPECT_GT(routes, 0);
    std::string differs;
    const bool equal = eventually([&] {
      const Truth truth = truth_of(writer);
      differs = settled(feed) ? difference(feed.network().engine(), truth, 1e-5) : "it did not settle";
      return differs.empty();
    });
    ASSERT_TRUE(equal) << differs << " after round " << round;
  }
  EXPECT_GT(feed.network().state().builds, 1U);
  EXPECT_EQ(feed.network().state().failures, 0U);
}

}  // namespace
}  // namespace diary::snapshot
