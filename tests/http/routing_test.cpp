// SPDX-License-Identifier: Apache-2.0
// Routes, matches and isochrones through a socket, over a small town of streets with random scores; held
// against Dijkstra's algorithm at its plainest over what the database says.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <thread>

#include "domain/segment.hpp"
#include "http/api_test.hpp"
#include "http/rated.hpp"

namespace diary::http::test {
namespace {

constexpr const char* calculate = "/api/v1/routing/calculate";
constexpr const char* match = "/api/v1/routing/match";
constexpr const char* isochrone = "/api/v1/routing/isochrone";

std::uint64_t seed() {
  static const std::uint64_t chosen = [] {
    const char* given = std::getenv("DIARY_TEST_SEED");
    const std::uint64_t made = given != nullptr ? std::stoull(given) : std::random_device{}();
    std::printf("DIARY_TEST_SEED=%llu\n", static_cast<unsigned long long>(made));
    return made;
  }();
  return chosen;
}

// What /metrics says of a sample; -1 when it says nothing.
double metric(World& of, const std::string& sample) {
  const std::string page = of.client().get("/metrics").body;
  const auto at = page.find("\n" + sample + " ");
  return at == std::string::npos ? -1 : std::stod(page.substr(at + sample.size() + 2));
}

// Waits until routes are computed over so many streets.
void await_network(World& of, int streets) {
  of.settle();
  if (!support::eventually([&] { return metric(of, "diary_graph_edges") == streets; }))
    throw std::runtime_error("no network was built");
}

// A town of 8 by 8 corners, 0.001 degrees apart, each corner a little off; some streets are missing, and an
// island of one street lies east of it.
class Town {
 public:
  static constexpr int width = 8;
  static constexpr double lng = -8.62;
  static constexpr double lat = 41.15;

  Town() {
    std::mt19937_64 random(seed());
    std::uniform_real_distribution<double> share(0, 1);
    for (int i = 0; i < width * width; ++i)
      corners_.push_back({lng + i % width * 0.001 + share(random) * 2e-4,
                          lat + i / width * 0.001 + (i < width ? 0 : share(random) * 2e-4)});
    pg::Transaction transaction(world().owner);
    for (int i = 0; i < width * width; ++i) {
      if (i % width + 1 < width) street(i, i + 1, share(random));
      if (i + width < width * width && (i % width == 0 || share(random) < 0.85))
        street(i, i + width, share(random));
    }
    put("island", "Island Way", {lng + 0.02, lat}, {lng + 0.021, lat});
    transaction.commit();
    rate(random);
    await_network(world(), std::stoi(world().one("SELECT count(*)::text FROM diary.segments")));
  }

  [[nodiscard]] LngLat corner(int i) const { return corners_.at(static_cast<std::size_t>(i)); }

  static json::array place(LngLat at) { return {at.lng, at.lat}; }

  Answer ask(LngLat from, LngLat to, json::object more = {}) {
    more["origin"] = place(from);
    more["destination"] = place(to);
    return client.post(calculate, more);
  }

  // Least costs from a corner to all, in metres, by the scores of the database.
  std::vector<double> slow_costs(int from, double weight) {
    const auto rows = world().owner.exec(
        "SELECT g.street, g.length_m::float8, l.decayed_mean::float8 FROM diary.segments g JOIN "
        "analytics.segment_live l USING (segment_id) WHERE g.segment_id LIKE 'town-%'");
    struct Edge {
      int a, b;
      double cost;
    };
    std::vector<Edge> edges;
    for (int i = 0; i < rows.size(); ++i) {
      const std::string name = rows.str(i, 0);
      const auto dash = name.find('-');
      edges.push_back({std::stoi(name), std::stoi(name.substr(dash + 1)),
                       rows.real(i, 1) * (1 + weight * (5 - rows.real(i, 2)) / 5)});
    }
    std::vector<double> cost(static_cast<std::size_t>(width * width),
                             std::numeric_limits<double>::infinity());
    cost[static_cast<std::size_t>(from)] = 0;
    for (bool moved = true; moved;) {  // Bellman and Ford's: plainer still
      moved = false;
      for (const Edge& edge : edges)
        for (const auto& [a, b] : {std::pair{edge.a, edge.b}, std::pair{edge.b, edge.a}}) {
          const double there = cost[static_cast<std::size_t>(a)] + edge.cost;
          if (there >= cost[static_cast<std::size_t>(b)] - 1e-12) continue;
          cost[static_cast<std::size_t>(b)] = there;
          moved = true;
        }
    }
    return cost;
  }

  HttpClient client = world().client();

 private:
  void street(int from, int to, double bend) {
    const LngLat a = corner(from);
    const LngLat b = corner(to);
    put(fmt::format("town-{}-{}", from, to), fmt::format("{}-{}", from, to), a, b, 1 + bend / 4);
  }
  static void put(const std::string& id, const std::string& name, LngLat a, LngLat b, double longer = 1) {
    world().owner.exec(
        "INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT $1, $2, "
        "round((ST_Length(line::geography) * $3::float8)::numeric, 2), line FROM (SELECT "
        "ST_GeomFromText($4, 4326) AS line) made",
        {id, name, longer,
         fmt::format("LINESTRING({:.7f} {:.7f},{:.7f} {:.7f})", a.lng, a.lat, b.lng, b.lat)});
  }
  static void rate(std::mt19937_64& random) {
    std::vector<std::string> people;
    for (int i = 0; i < 4; ++i) people.push_back(world().person().user_id);
    const auto rows =
        world().owner.exec("SELECT segment_id FROM diary.segments WHERE segment_id LIKE 'town-%'");
    std::uniform_int_distribution<int> stars(1, 5);
    for (int i = 0; i < rows.size(); ++i)
      for (const std::string& by : people)
        if (stars(random) > 2) insert_rating({.segment = rows.str(i, 0), .by = by, .rating = stars(random)});
  }

  std::vector<LngLat> corners_;
};

Town& town() {
  static Town made;
  return made;
}

double number(const json::value& value) {
  return value.to_number<double>();
}

json::object asked(json::object more = {}) {
  json::object body{{"origin", Town::place(town().corner(0))},
                    {"destination", Town::place(town().corner(63))}};
  for (auto& [name, value] : more) body[name] = value;
  return body;
}

json::object ok(const Answer& answer) {
  EXPECT_EQ(answer.status, 200U) << answer.body;
  return answer.status == 200U ? answer.json() : json::object{};
}

TEST(Routing, CostsWhatTheSlowWayFinds) {
  for (const double weight : {0.0, 0.2, 0.5, 0.8, 2.5, 5.0}) {
    const auto slow = town().slow_costs(0, weight);
    for (int to = 1; to < Town::width * Town::width; to += 3) {
      const auto answer = town().ask(town().corner(0), town().corner(to), {{"safety_weight", weight}});
      const auto body = ok(answer);
      if (body.empty()) return;
      const double cost = number(body.at("primary").at("cost_score"));
      const double expected = slow[static_cast<std::size_t>(to)];
      EXPECT_NEAR(cost, expected, 0.05 + expected * 1e-4) << "to " << to << " at " << weight;
    }
  }
}

TEST(Routing, AnswersAsDocumented) {
  const auto body = ok(town().client.post(calculate, asked({{"include_alternative", true}})));
  EXPECT_EQ(body.at("mode"), "balanced");
  EXPECT_EQ(number(body.at("safety_weight")), 0.5);
  EXPECT_EQ(body.at("profile"), "walk");
  const auto& route = body.at("primary").as_object();
  EXPECT_EQ(members(route),
            (std::set<std::string>{"segment_ids", "geometry", "length_m", "duration_min", "avg_safety",
                                   "min_safety", "cost_score", "steps", "worst_segments", "avoided"}));
  EXPECT_EQ(route.at("geometry").at("coordinates").as_array().front(), body.at("snapped").at("origin"));
  EXPECT_EQ(route.at("geometry").at("coordinates").as_array().back(), body.at("snapped").at("destination"));
  EXPECT_NEAR(number(route.at("duration_min")), number(route.at("length_m")) / (5000.0 / 60), 0.01);
  double steps_m = 0;
  for (const auto& step : route.at("steps").as_array()) steps_m += number(step.at("length_m"));
  EXPECT_NEAR(steps_m, number(route.at("length_m")),
              0.01 * static_cast<double>(route.at("steps").as_array().size()));
  EXPECT_EQ(route.at("steps").as_array().back().at("maneuver"), "arrive");
  const double mean = number(route.at("avg_safety"));
  EXPECT_LE(number(route.at("min_safety")), mean + 0.005);
  EXPECT_NEAR(number(route.at("cost_score")), number(route.at("length_m")) * (1 + 0.5 * (5 - mean) / 5),
              number(route.at("length_m")) * 0.001);
}

TEST(Routing, ModesAreWeightsAndAWeightOverridesThem) {
  for (const auto& [mode, weight] :
       {std::pair{"optimal", 0.2}, std::pair{"balanced", 0.5}, std::pair{"safest", 0.8}}) {
    const auto by_mode = ok(town().client.post(calculate, asked({{"mode", mode}})));
    const auto by_weight =
        ok(town().client.post(calculate, asked({{"mode", "safest"}, {"safety_weight", weight}})));
    EXPECT_EQ(by_mode.at("primary"), by_weight.at("primary"));
    EXPECT_EQ(by_mode.at("mode"), mode);
    EXPECT_FALSE(by_weight.contains("mode"));
    EXPECT_EQ(number(by_weight.at("safety_weight")), weight);
  }
}

TEST(Routing, BikesAreThreeTimesAsFast) {
  const auto walk = ok(town().client.post(calculate, asked({{"safety_weight", 0}})));
  const auto bike = ok(town().client.post(calculate, asked({{"safety_weight", 0}, {"profile", "bike"}})));
  EXPECT_NEAR(number(walk.at("primary").at("duration_min")),
              3 * number(bike.at("primary").at("duration_min")), 0.03);
}

TEST(Routing, TheEndsAreCutWhereThePlacesAre) {
  const LngLat a = town().corner(0);
  const LngLat b = town().corner(1);
  const LngLat from{a.lng + (b.lng - a.lng) * 0.25, a.lat + (b.lat - a.lat) * 0.25};
  const LngLat to{a.lng + (b.lng - a.lng) * 0.75, a.lat + (b.lat - a.lat) * 0.75};
  const auto half = ok(town().ask(from, to, {{"safety_weight", 0}}));
  const auto whole =
      std::stod(world().one("SELECT length_m::text FROM diary.segments WHERE segment_id = 'town-0-1'"));
  EXPECT_EQ(half.at("primary").at("segment_ids"), (json::array{"town-0-1"}));
  EXPECT_NEAR(number(half.at("primary").at("length_m")), whole / 2, 0.5);
  const auto nowhere = ok(town().ask(from, from));
  EXPECT_EQ(number(nowhere.at("primary").at("length_m")), 0);
  EXPECT_EQ(nowhere.at("primary").at("geometry").at("coordinates").as_array().size(), 2U);
}

TEST(Routing, TheAlternativeKeepsItsLimits) {
  int found = 0;
  for (int to = 7; to < 64; to += 8) {
    const auto body = ok(town().ask(town().corner(0), town().corner(to), {{"include_alternative", true}}));
    if (body.empty() || body.at("alternative").is_null()) continue;
    ++found;
    const auto& primary = body.at("primary").as_object();
    const auto& other = body.at("alternative").as_object();
    EXPECT_LT(number(other.at("length_m")), 1.3 * number(primary.at("length_m")) + 0.01);
    EXPECT_GE(number(other.at("cost_score")), number(primary.at("cost_score")) - 0.01);
    std::set<std::string> used;
    for (const auto& id : primary.at("segment_ids").as_array()) used.insert(text_of(id));
    double shared_m = 0;
    for (const auto& id : other.at("segment_ids").as_array())
      if (used.contains(text_of(id)))
        shared_m += std::stod(
            world().one("SELECT length_m::text FROM diary.segments WHERE segment_id = $1", {text_of(id)}));
    EXPECT_LT(shared_m, 0.7 * number(other.at("length_m")) + 0.5);
  }
  EXPECT_GT(found, 0);
  const auto without = ok(town().client.post(calculate, asked()));
  EXPECT_TRUE(without.at("alternative").is_null());
}

TEST(Routing, TheCurvesIntervalsJoinUp) {
  const auto body = ok(town().client.post(calculate, asked({{"curve", true}})));
  const auto& curve = body.at("curve").as_array();
  EXPECT_EQ(body.at("curve_total"), curve.size());
  EXPECT_EQ(body.at("curve_thinned"), false);
  double weight = 0;
  for (const auto& route : curve) {
    EXPECT_EQ(number(route.at("from_weight")), weight);
    weight = number(route.at("to_weight"));
    const double middle = (number(route.at("from_weight")) + weight) / 2;
    const auto there = ok(town().client.post(calculate, asked({{"safety_weight", middle}})));
    EXPECT_EQ(there.at("primary").at("segment_ids"), route.at("segment_ids")) << middle;
    EXPECT_NEAR(number(there.at("primary").at("cost_score")),
                number(route.at("length_m")) + middle * number(route.at("penalty_m")), 0.05);
  }
  EXPECT_EQ(weight, 5);
  for (std::size_t i = 1; i < curve.size(); ++i) {
    EXPECT_GT(number(curve[i].at("length_m")), number(curve[i - 1].at("length_m")));
    EXPECT_LT(number(curve[i].at("penalty_m")), number(curve[i - 1].at("penalty_m")));
  }
}

TEST(Routing, ARatingMovesTheNextRoutesCostAtOnce) {
  for (int round = 0; round < 5; ++round) {
    const Person person = world().person();
    const auto before = ok(town().ask(town().corner(0), town().corner(1)));
    const std::string id = text_of(before.at("primary").at("segment_ids").as_array().front());
    const double score = number(before.at("primary").at("avg_safety"));
    ASSERT_EQ(
        world().client(person).post("/api/v1/diary/ratings", {{"segment_id", id}, {"rating", 1}}).status,
        201U);
    const auto after = ok(town().ask(town().corner(0), town().corner(1), {{"safety_weight", 0.5}}));
    if (after.at("primary").at("segment_ids") != before.at("primary").at("segment_ids")) continue;
    EXPECT_LT(number(after.at("primary").at("avg_safety")), score + (score < 1.1 ? 0.01 : 0));
    EXPECT_GE(number(after.at("primary").at("cost_score")), number(before.at("primary").at("cost_score")));
  }
}

TEST(Routing, WrongFieldsAreNamedAllAtOnce) {
  auto& client = town().client;
  const json::object wrong{
      {"origin", {1}},    {"destination", {{"lng", 1}}}, {"mode", "fast"}, {"safety_weight", 6},
      {"profile", "car"}, {"include_alternative", 1},    {"curve", "yes"}, {"speed", 3}};
  const auto answer = client.post(calculate, wrong);
  expect_problem(answer, 400, "validation_error");
  EXPECT_EQ(wrong_fields(answer),
            (std::multiset<std::string>{"origin", "destination", "mode", "safety_weight", "profile",
                                        "include_alternative", "curve", "speed"}));
  EXPECT_EQ(wrong_fields(client.post(calculate, json::object{})),
            (std::multiset<std::string>{"origin", "destination"}));
  for (const char* place : {"[]", "[0]", "[0,0,0]", "[\"0\",0]", "[181,0]", "[0,91]", "[-180.1,0]",
                            "[null,0]", "{}", "\"0,0\"", "1"})
    expect_problem(client.post(calculate, asked({{"origin", json::parse(place)}})), 400, "validation_error",
                   "origin");
  for (const double weight : {-0.01, 5.01})
    expect_problem(client.post(calculate, asked({{"safety_weight", weight}})), 400, "validation_error",
                   "safety_weight");
  for (const double weight : {0.0, 5.0})
    EXPECT_EQ(client.post(calculate, asked({{"safety_weight", weight}})).status, 200U);
  expect_problem(client.send("POST", calculate, "{", {{"Content-Type", "application/json"}}), 400,
                 "malformed");
  expect_problem(client.send("POST", calculate, "x=1", {{"Content-Type", "text/plain"}}), 415,
                 "unsupported_media_type");
  expect_problem(client.get(calculate), 405, "method_not_allowed");
}

TEST(Routing, TenKilometresAreTheLimit) {
  const LngLat from = town().corner(0);
  constexpr double metres_per_degree = 111'195;  // on the sphere of distances
  const LngLat at_limit{from.lng, from.lat + 9'990 / metres_per_degree};
  const LngLat past_limit{from.lng, from.lat + 10'010 / metres_per_degree};
  const auto near = town().ask(from, at_limit);
  expect_problem(near, 422, "unprocessable", "destination");
  EXPECT_NE(near.body.find("from any street"), std::string::npos)
      << "far enough is only what is near no street";
  const auto far = town().ask(from, past_limit);
  expect_problem(far, 422, "unprocessable", "destination");
  EXPECT_NE(far.body.find("m from the origin"), std::string::npos) << far.body;
}

TEST(Routing, PlacesFarFromStreetsAreNamed) {
  const LngLat corner = town().corner(0);
  constexpr double metres_per_degree = 111'057;  // of latitude there, on the ellipsoid
  const auto south = [&](double metres) {
    return LngLat{corner.lng, corner.lat - metres / metres_per_degree};
  };
  EXPECT_EQ(town().ask(south(248), corner).status, 200U);
  expect_problem(town().ask(south(252), corner), 422, "unprocessable", "origin");
  expect_problem(town().ask(corner, south(252)), 422, "unprocessable", "destination");
  EXPECT_EQ(wrong_fields(town().ask(south(300), south(400))),
            (std::multiset<std::string>{"origin", "destination"}));
}

TEST(Routing, IslandsAreNotConnected) {
  const LngLat on_island{Town::lng + 0.0205, Town::lat};
  expect_problem(town().ask(town().corner(0), on_island), 404, "no_route");
  const auto along = ok(town().ask(on_island, {Town::lng + 0.0209, Town::lat}));
  EXPECT_EQ(along.at("primary").at("segment_ids"), (json::array{"island"}));
}

TEST(Routing, HasAQuotaOfItsOwn) {
  World small({{"RATE_LIMIT_MAX_ROUTING", "3"}, {"RATE_LIMIT_MAX_ROUTING_ANONYMOUS", "2"}});
  const json::object body{{"origin", {1, 1}}, {"destination", {1, 1}}};
  auto anybody = small.client();
  for (const char* left : {"1", "0"}) {
    const auto answer = anybody.post(calculate, body);
    EXPECT_NE(answer.status, 429U);
    EXPECT_EQ(answer.header("x-ratelimit-limit"), "2");
    EXPECT_EQ(answer.header("x-ratelimit-remaining"), left);
  }
  for (const char* call : {calculate, match, isochrone})
    expect_problem(anybody.post(call, body), 429, "rate_limit_exceeded");
  EXPECT_EQ(anybody.get("/api/v1/diary/segments").status, 200U) << "counted apart";
  auto somebody = small.client(small.person());
  for (int i = 0; i < 3; ++i) EXPECT_NE(somebody.post(isochrone, body).status, 429U);
  expect_problem(somebody.post(match, body), 429, "rate_limit_exceeded");
  const auto at = std::chrono::duration_cast<std::chrono::seconds>(now().time_since_epoch()).count();
  const Person paying = small.person();
  auto premium = small.client(support::make_token({{"sub", paying.user_id},
                                                   {"email", paying.email},
                                                   {"tier", "premium"},
                                                   {"iat", at},
                                                   {"exp", at + 600},
                                                   {"jti", Uuid::random().text()}},
                                                  support::test_jwt_secret));
  EXPECT_EQ(premium.post(calculate, body).header("x-ratelimit-limit"), "30");
}

TEST(Routing, LimitsAreSettings) {
  World narrow({{"DIARY_MAX_ROUTE_M", "50"}, {"DIARY_SNAP_REACH_M", "5"}, {"DIARY_MAX_ISOCHRONE_MIN", "10"}});
  narrow.segment(10, 50);
  narrow.settle();
  auto client = narrow.client();
  const auto ask = [&](double to, double off) {
    return client.post(calculate, {{"origin", {10.0, 50 + off}}, {"destination", {10 + to, 50.0}}});
  };
  EXPECT_TRUE(support::eventually([&] { return ask(0.0006, 0).status == 200U; }));
  expect_problem(ask(0.0008, 0), 422, "unprocessable", "destination");
  EXPECT_EQ(ask(0.0001, 0.00004).status, 200U);
  expect_problem(ask(0.0001, 0.00006), 422, "unprocessable", "origin");
  EXPECT_EQ(client.post(isochrone, {{"origin", {10.0, 50.0}}, {"max_minutes", 10}}).status, 200U);
  expect_problem(client.post(isochrone, {{"origin", {10.0, 50.0}}, {"max_minutes", 10.1}}), 400,
                 "validation_error", "max_minutes");
}

// Along the streets of the first row, a little off, a point every ten metres or so.
json::array trace(std::size_t points) {
  json::array made;
  const auto begun = now() - std::chrono::hours{2};
  for (std::size_t i = 0; i < points; ++i) {
    const double way =
        7.0 * static_cast<double>(i) / static_cast<double>(std::max<std::size_t>(points, 2) - 1);
    const int at = std::min(static_cast<int>(way), 6);
    const LngLat a = town().corner(at);
    const LngLat b = town().corner(at + 1);
    const double part = way - at;
    made.push_back(json::object{{"lng", a.lng + (b.lng - a.lng) * part},
                                {"lat", a.lat + (b.lat - a.lat) * part + (i % 2 == 0 ? 2e-5 : -2e-5)},
                                {"timestamp", to_rfc3339(begun + std::chrono::seconds{i})}});
  }
  return made;
}

TEST(Matching, FindsTheStreetsThatWereWalked) {
  const auto body = ok(town().client.post(match, {{"points", trace(120)}}));
  std::vector<std::string> walked;
  for (const auto& segment : body.at("segments").as_array()) {
    walked.push_back(text_of(segment.at("segment_id")));
    EXPECT_GE(number(segment.at("confidence")), 0);
    EXPECT_LE(number(segment.at("confidence")), 1);
  }
  std::vector<std::string> expected;
  for (int i = 0; i < 7; ++i) expected.push_back(fmt::format("town-{}-{}", i, i + 1));
  EXPECT_EQ(walked, expected);
  EXPECT_EQ(body.at("parts").as_array().size(), 1U);
  EXPECT_TRUE(body.at("breaks").as_array().empty());
}

TEST(Matching, TakesTwoThousandPointsAndNotOneMore) {
  EXPECT_EQ(town().client.post(match, {{"points", trace(2000)}}).status, 200U);
  expect_problem(town().client.post(match, {{"points", trace(2001)}}), 400, "validation_error", "points");
  EXPECT_EQ(town().client.post(match, {{"points", trace(1)}}).status, 200U);
  expect_problem(town().client.post(match, {{"points", json::array{}}}), 400, "validation_error", "points");
}

TEST(Matching, NamesWrongPoints) {
  auto points = trace(3);
  points[1].as_object()["lng"] = 181;
  points[2].as_object().erase("timestamp");
  points[2].as_object()["speed"] = 1;
  points.emplace_back(7);
  const auto answer = town().client.post(match, {{"points", points}, {"profile", "boat"}});
  expect_problem(answer, 400, "validation_error");
  EXPECT_EQ(wrong_fields(answer), (std::multiset<std::string>{"points[1].lng", "points[2].timestamp",
                                                              "points[2].speed", "points[3]", "profile"}));
  expect_problem(town().client.post(match, json::object{}), 400, "validation_error", "points");
}

TEST(Matching, FarFromStreetsThereIsNothing) {
  auto points = trace(3);
  for (auto& point : points) point.as_object()["lat"] = 0;
  const auto body = ok(town().client.post(match, {{"points", points}}));
  EXPECT_TRUE(body.at("segments").as_array().empty());
  EXPECT_TRUE(body.at("parts").as_array().empty());
}

TEST(Matching, StoresNothing) {
  const std::string used = R"(diary_database_seconds_count{for="requests"})";
  const double before = metric(world(), used);
  EXPECT_EQ(town().client.post(match, {{"points", trace(50)}}).status, 200U);
  EXPECT_EQ(metric(world(), used), before) << "the database is not even asked";
}

json::object reached(const json::object& body) {
  return body.at("features").as_array().at(0).as_object();
}

TEST(Isochrones, GrowWithTheBudget) {
  const json::array origin = Town::place(town().corner(27));
  double before_m = 0;
  for (const double minutes : {0.1, 2.0, 5.0, 120.0}) {
    const auto answer = town().client.post(isochrone, {{"origin", origin}, {"max_minutes", minutes}});
    EXPECT_EQ(answer.header("content-type"), "application/geo+json");
    const auto feature = reached(ok(answer));
    EXPECT_EQ(feature.at("geometry").at("type"), "MultiPolygon");
    EXPECT_FALSE(feature.at("geometry").at("coordinates").as_array().empty());
    const double street_m = number(feature.at("properties").at("street_m"));
    EXPECT_GT(street_m, before_m);
    before_m = street_m;
  }
  const auto all =
      std::stod(world().one("SELECT sum(length_m)::text FROM diary.segments WHERE segment_id LIKE 'town-%'"));
  EXPECT_NEAR(before_m, all, 1) << "everything that hangs together";
}

TEST(Isochrones, DangerMakesThemSmaller) {
  const json::array origin = Town::place(town().corner(27));
  const auto street_m = [&](const json::object& more) {
    json::object body{{"origin", origin}, {"max_cost_m", 300}};
    for (const auto& [name, value] : more) body[name] = value;
    return number(reached(ok(town().client.post(isochrone, body))).at("properties").at("street_m"));
  };
  const double free = street_m({{"safety_weight", 0}});
  const double balanced = street_m({});
  EXPECT_GT(free, balanced);
  EXPECT_GT(balanced, street_m({{"safety_weight", 5}}));
  EXPECT_EQ(balanced, street_m({{"mode", "balanced"}}));
}

TEST(Isochrones, OneBudgetWithinItsLimits) {
  const json::array origin = Town::place(town().corner(27));
  const auto ask = [&](json::object more) {
    more["origin"] = origin;
    return town().client.post(isochrone, more);
  };
  expect_problem(ask({}), 400, "validation_error", "max_minutes");
  expect_problem(ask({{"max_minutes", 5}, {"max_cost_m", 500}}), 400, "validation_error", "max_minutes");
  EXPECT_EQ(ask({{"max_minutes", nullptr}, {"max_cost_m", 500}}).status, 200U);
  EXPECT_EQ(ask({{"max_minutes", 120}}).status, 200U);
  expect_problem(ask({{"max_minutes", 120.1}}), 400, "validation_error", "max_minutes");
  expect_problem(ask({{"max_minutes", 0}}), 400, "validation_error", "max_minutes");
  EXPECT_EQ(ask({{"max_cost_m", 30000}}).status, 200U);
  expect_problem(ask({{"max_cost_m", 30001}}), 400, "validation_error", "max_cost_m");
  expect_problem(ask({{"max_cost_m", 500}, {"destination", {0, 0}}}), 400, "validation_error", "destination");
  expect_problem(town().client.post(isochrone, {{"origin", {0, 0}}, {"max_minutes", 5}}), 422,
                 "unprocessable", "origin");
}

// Two thousand points on one street.
json::object long_trace() {
  json::array points;
  for (int i = 0; i < 2000; ++i)
    points.push_back(json::object{
        {"lng", 10 + i * 5e-7}, {"lat", 50.0}, {"timestamp", to_rfc3339(now() + std::chrono::seconds{i})}});
  return {{"points", points}};
}

TEST(TooMuch, IsShedAndTheRestGoesOn) {
  World narrow(std::map<std::string, std::string>{{"DIARY_ROUTE_TIME_MS", "1"}});
  narrow.segment(10, 50);
  await_network(narrow, 1);
  const json::value body = long_trace();
  std::atomic<int> shed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 5; ++round) {
        const auto answer = narrow.client().post(match, body);
        if (answer.status == 200) continue;
        expect_problem(answer, 503, "unavailable");
        EXPECT_NE(answer.header("retry-after"), "");
        ++shed;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_GT(shed, 0) << "a millisecond is not enough for all";
  EXPECT_EQ(narrow.client().get("/api/v1/diary/segments").status, 200U);
}

TEST(TooMuch, NobodyWorksForWhoHungUp) {
  World patient(std::map<std::string, std::string>{{"DIARY_ROUTE_TIME_MS", "60000"}});
  patient.segment(10, 50);
  await_network(patient, 1);
  const std::string body = json::serialize(long_trace());
  const std::string request = fmt::format(
      "POST {} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", match,
      body.size(), body);
  EXPECT_EQ(metric(patient, "diary_routing_skipped_total"), 0);
  EXPECT_TRUE(support::eventually([&] {
    support::RawSocket(patient.server.port()).send(request);
    return metric(patient, "diary_routing_skipped_total") > 0;
  }));
}

}  // namespace
}  // namespace diary::http::test
