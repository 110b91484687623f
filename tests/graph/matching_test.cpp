// SPDX-License-Identifier: Apache-2.0
#include "graph/matching.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "graph/drawn_streets.hpp"
#include "graph/simulated_traces.hpp"

namespace diary::graph {
namespace {

using test::DrawnStreets;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct DrawnMap {
  DrawnStreets drawn;
  RoadGraph graph{drawn.streets(), {}};
  SnapIndex places{graph};

  // Points each 10 m along the straight lines between the places, 7 s apart.
  [[nodiscard]] std::vector<TracePoint> trace(const std::string& along) const {
    std::vector<TracePoint> points{{drawn.at(along[0]), 0}};
    for (std::size_t i = 1; i < along.size(); ++i) {
      const Plane plane(drawn.at(along[i - 1]));
      const Metres whole = plane.of(drawn.at(along[i]));
      for (double done_m = 10; done_m <= length(whole) + 1; done_m += 10)
        points.push_back(
            {plane.degrees({whole.east * done_m / length(whole), whole.north * done_m / length(whole)}),
             *points.back().time_s + 7});
    }
    return points;
  }
  [[nodiscard]] Match match(const std::vector<TracePoint>& points, Profile profile = Profile::walk) const {
    MatchOptions options;
    options.profile = profile;
    return graph::match(graph, places, points, options).value();
  }
  // "AB+ BC+ CD-": whole or not, by direction; parts between bars.
  [[nodiscard]] std::string told(const Match& match) const {
    std::string out;
    for (const MatchedPart& part : match.parts) {
      if (!out.empty()) out += " |";
      for (const auto& s : part.stretches)
        if (s.covered > 0.15)
          out += " " + std::string(graph.segment_id(s.stretch.edge)) + (s.stretch.along ? "+" : "-");
    }
    return out;
  }
};

const char* const crossing = R"(
              E
              |
              |
    A----B----C----D
              |
              |
              F)";

DrawnMap at_the_crossing() {
  return {{crossing, {{"ABCD", "Main"}, {"ECF", "Cross"}}, 20}};
}

TEST(Matching, FindsTheStreetsInOrderAndDirection) {
  const DrawnMap map = at_the_crossing();
  const Match match = map.match(map.trace("ACE"));
  EXPECT_EQ(map.told(match), " AB+ BC+ EC-");
  ASSERT_EQ(match.parts.size(), 1U);
  EXPECT_TRUE(match.breaks.empty());
  EXPECT_NEAR(match.parts[0].length_m, 260, 10);
  for (const auto& s : match.parts[0].stretches) {
    EXPECT_GT(s.confidence, 0.7);
    EXPECT_LE(s.confidence, 1.0000001);
    EXPECT_GT(s.covered, 0.9);
  }
  EXPECT_EQ(map.told(map.match(map.trace("FCA"))), " CF- BC- AB-");
}

TEST(Matching, GoesThroughATunnelByTheRoad) {
  const DrawnMap map = at_the_crossing();
  auto points = map.trace("ADCF");
  points.erase(points.begin() + 4, points.begin() + 19);  // 150 m without a point
  EXPECT_EQ(map.told(map.match(points)), " AB+ BC+ CD+ CD- CF+");
}

TEST(Matching, SeesWhereOneTurnsBack) {
  const DrawnMap map = at_the_crossing();
  EXPECT_EQ(map.told(map.match(map.trace("ABA"))), " AB+ AB-");
  EXPECT_EQ(map.told(map.match(map.trace("ECEC"))), " EC+ EC- EC+");
}

TEST(Matching, LetsOneStandStill) {
  const DrawnMap map = at_the_crossing();
  test::Random random(5);
  auto points = map.trace("AB");
  const LngLat rest = points.back().at;
  for (int i = 0; i < 200; ++i)
    points.push_back(
        {Plane(rest).degrees({random.bell() * 6, random.bell() * 6}), *points.back().time_s + 1});
  for (auto onward : map.trace("BD")) {
    onward.time_s = *points.back().time_s + 7;
    points.push_back(onward);
  }
  EXPECT_EQ(map.told(map.match(points)), " AB+ BC+ CD+");
}

TEST(Matching, HoldsBikesToOneWays) {
  const DrawnMap map{{"A----B----C\n|         |\nD---------E",
                      {{"ABC", "One way", access::walk_along | access::walk_against | access::bike_along},
                       {"ADEC", "Around"}},
                      10}};
  EXPECT_EQ(map.told(map.match(map.trace("CBA"))), " BC- AB-");
  for (const auto& part : map.match(map.trace("CBA"), Profile::bike).parts)
    for (const auto& s : part.stretches)
      EXPECT_TRUE(map.graph.passable(s.stretch.edge, s.stretch.along, Profile::bike));
  EXPECT_EQ(map.told(map.match(map.trace("ABC"), Profile::bike)), " AB+ BC+");
}

TEST(Matching, BreaksWhereThereIsNoStreet) {
  const DrawnMap map{{"A---B\n\n\n\n\n\n\n\n\n\n     X\n\n\n\n\n\n\n\n\n\n          C---D",
                      {{"AB", "One"}, {"CD", "Two"}},
                      20}};
  const Match match = map.match(map.trace("ABXCD"));
  EXPECT_EQ(map.told(match), " AB+ | CD+");
  ASSERT_EQ(match.breaks.size(), 1U);
  EXPECT_EQ(match.breaks[0].reason, Break::no_street);
  EXPECT_GT(match.left_out, 10U);
  EXPECT_LE(match.parts[0].last_point, match.breaks[0].after_point);
  EXPECT_GT(match.parts[1].first_point, match.breaks[0].after_point);
}

TEST(Matching, BreaksWhereThereIsNoRoute) {
  const DrawnMap map{{"A---B         C---D", {{"AB", "One"}, {"CD", "Two"}}, 20}};
  auto points = map.trace("AB");
  for (auto onward : map.trace("CD")) {
    onward.time_s = *points.back().time_s + 200;
    points.push_back(onward);
  }
  const Match match = map.match(points);
  EXPECT_EQ(map.told(match), " AB+ | CD+");
  ASSERT_EQ(match.breaks.size(), 1U);
  EXPECT_EQ(match.breaks[0].reason, Break::no_route);
  EXPECT_EQ(name_of(match.breaks[0].reason), "no_route");
}

TEST(Matching, BreaksWhereNobodyIsThatFast) {
  const DrawnMap map = at_the_crossing();
  auto points = map.trace("AB");
  for (auto onward : map.trace("CD")) {
    onward.time_s = *points.back().time_s + 1;  // 100 m in a second
    points.push_back(onward);
  }
  const Match match = map.match(points);
  ASSERT_EQ(match.breaks.size(), 1U);
  EXPECT_EQ(match.breaks[0].reason, Break::too_fast);
  EXPECT_EQ(map.told(match), " AB+ | CD+");
}

TEST(Matching, BreaksALongGap) {
  const DrawnMap map{{"A---------B", {{"AB", "Long"}}, 500}};
  const std::vector<TracePoint> points{{map.drawn.at('A'), 0}, {map.drawn.at('B'), 10'000}};
  const Match match = map.match(points);
  ASSERT_EQ(match.breaks.size(), 1U);
  EXPECT_EQ(match.breaks[0].reason, Break::too_far);
}

TEST(Matching, ConcludesNothingFromTimesThatDoNotRise) {
  const DrawnMap map = at_the_crossing();
  const auto expected = map.told(map.match(map.trace("ACE")));
  auto points = map.trace("ACE");
  for (auto& p : points) p.time_s = 1000;
  EXPECT_EQ(map.told(map.match(points)), expected);
  for (std::size_t i = 0; i < points.size(); ++i) points[i].time_s = -static_cast<double>(i);
  EXPECT_EQ(map.told(map.match(points)), expected);
  for (auto& p : points) p.time_s = nan;
  EXPECT_EQ(map.told(map.match(points)), expected);
  for (auto& p : points) p.time_s.reset();
  EXPECT_EQ(map.told(map.match(points)), expected);
}

TEST(Matching, LeavesOutWildPoints) {
  const DrawnMap map = at_the_crossing();
  auto points = map.trace("ACE");
  const Plane plane(points[8].at);
  points[8].at = plane.degrees({0, 300});
  points[15].at = {nan, 0};
  const Match match = map.match(points);
  EXPECT_EQ(map.told(match), " AB+ BC+ EC-");
  EXPECT_EQ(match.left_out, 2U);
}

TEST(Matching, RefusesTooManyPoints) {
  const DrawnMap map = at_the_crossing();
  std::vector<TracePoint> points(max_trace_points, {map.drawn.at('A'), std::nullopt});
  EXPECT_TRUE(match(map.graph, map.places, points, {}));
  points.push_back(points.back());
  const auto refused = match(map.graph, map.places, points, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::validation);
}

TEST(Matching, StopsWhenItTakesTooMuchEffort) {
  test::Random random(3);
  test::RandomCity city({.columns = 30, .rows = 30}, random);
  const RoadGraph graph(city.streets(), {});
  const SnapIndex places(graph);
  std::vector<TracePoint> points;
  for (int i = 0; i < 300; ++i) points.push_back({city.some_place(0), std::nullopt});
  MatchOptions options;
  options.effort = 20'000;
  const auto matched = match(graph, places, points, options);
  ASSERT_TRUE(matched);
  ASSERT_FALSE(matched->breaks.empty());
  EXPECT_EQ(matched->breaks.back().reason, Break::effort);
  EXPECT_LT(matched->breaks.back().after_point, 299U);
}

// Whatever comes in, what comes out hangs together and may be gone along.
void expect_sound(const RoadGraph& graph, const Match& match, Profile profile) {
  for (const MatchedPart& part : match.parts) {
    ASSERT_FALSE(part.stretches.empty());
    EXPECT_LE(part.first_point, part.last_point);
    for (std::size_t i = 0; i < part.stretches.size(); ++i) {
      const auto& [stretch, covered, confidence] = part.stretches[i];
      EXPECT_TRUE(graph.passable(stretch.edge, stretch.along, profile));
      EXPECT_EQ(stretch.along ? stretch.from_cm <= stretch.to_cm : stretch.from_cm >= stretch.to_cm, true);
      EXPECT_LE(std::max(stretch.from_cm, stretch.to_cm), graph.edge(stretch.edge).length_cm);
      EXPECT_TRUE(confidence >= 0 && confidence <= 1 + 1e-9) << confidence;
      EXPECT_TRUE(covered >= 0 && covered <= 1);
      if (i == 0) continue;
      const Stretch& before = part.stretches[i - 1].stretch;
      if (before.edge == stretch.edge && before.to_cm == stretch.from_cm) continue;  // turned back
      const auto end = [&](const Stretch& s, std::uint32_t offset) {
        EXPECT_TRUE(offset == 0 || offset == graph.edge(s.edge).length_cm);
        return offset == 0 ? graph.edge(s.edge).source : graph.edge(s.edge).target;
      };
      EXPECT_EQ(end(before, before.to_cm), end(stretch, stretch.from_cm));
    }
  }
}

TEST(Matching, CopesWithGarbage) {
  test::Random random(test::chosen_seed(77));
  for (int round = 0; round < 150; ++round) {
    test::CityPlan plan;
    plan.columns = 1 + random.below(8);
    plan.rows = 1 + random.below(8);
    plan.odd = 0.2;
    test::RandomCity city(plan, random);
    const RoadGraph graph(city.streets(), {});
    const SnapIndex places(graph);
    std::vector<TracePoint> points;
    double time_s = 0;
    for (std::size_t i = random.below(40); i-- > 0;) {
      const double kind = random.unit();
      LngLat at = city.some_place();
      if (kind < 0.05) at = {nan, 1};
      if (kind > 0.95) at = {random.between(-400, 400), random.between(-200, 200)};
      if (kind > 0.4 && kind < 0.6 && !points.empty()) at = points.back().at;
      time_s += random.between(-5, 60);
      points.push_back({at, random.chance(0.2) ? std::optional<double>{} : time_s});
      if (random.chance(0.02))
        points.back().time_s = random.chance(0.5) ? nan : std::numeric_limits<double>::infinity();
    }
    MatchOptions options;
    options.profile = random.chance(0.5) ? Profile::walk : Profile::bike;
    if (random.chance(0.2)) options.candidates = random.below(100);
    if (random.chance(0.2)) options.sigma_m = random.between(0.01, 200);
    const auto matched = match(graph, places, points, options);
    ASSERT_TRUE(matched);
    expect_sound(graph, *matched, options.profile);
  }
}

TEST(Matching, AnswersWithNothingWhereNothingIs) {
  const RoadGraph none({}, {});
  const SnapIndex nowhere(none);
  const std::vector<TracePoint> points{{{1, 1}, 0}, {{1, 1}, 1}, {{1, 1}, 2}};
  EXPECT_TRUE(match(none, nowhere, points, {})->parts.empty());
  EXPECT_TRUE(match(none, nowhere, {}, {})->parts.empty());
  const DrawnMap map = at_the_crossing();
  EXPECT_TRUE(match(map.graph, map.places, points, {})->parts.empty());
  // One point is a place, and no way.
  const Match one = map.match({{map.drawn.at('B'), 0}});
  ASSERT_EQ(one.parts.size(), 1U);
  EXPECT_EQ(one.parts[0].length_m, 0);
}

struct Expected {
  test::Receiver receiver;
  double right;
  double wrong;
};

// In a made-up city; what is reached on real streets the bench of traces shows.
TEST(Matching, FindsMostOfSimulatedWalks) {
  test::Random random(20);
  test::RandomCity city({.columns = 25, .rows = 25, .block_m = 80}, random);
  const RoadGraph graph(city.streets(), {});
  const SnapIndex places(graph);
  const std::vector<Expected> all{
      {{.noise_m = 5}, 0.98, 0.02},
      {{.noise_m = 10}, 0.97, 0.03},
      {{.noise_m = 20}, 0.93, 0.06},
      {{.noise_m = 10, .memory_s = 30}, 0.96, 0.04},
      {{.noise_m = 10, .outliers = 0.02, .gaps = 0.005, .standing = 0.01}, 0.94, 0.06}};
  for (const Expected& expected : all) {
    test::Score score;
    for (int i = 0; i < 25; ++i) {
      const auto truth = i % 5 == 0 ? test::aimless_walk(graph, Profile::walk, 800, random)
                                    : test::purposeful_walk(graph, Profile::walk, 1200, random);
      const auto trace = test::recorded(graph, truth, expected.receiver, random);
      const auto matched = match(graph, places, trace, {});
      ASSERT_TRUE(matched);
      expect_sound(graph, *matched, Profile::walk);
      score += test::compared(truth, *matched);
    }
    std::printf("noise %2.0f m: right %.3f, wrong %.3f\n", expected.receiver.noise_m,
                score.right_m / score.truth_m, score.wrong_m / score.truth_m);
    EXPECT_GT(score.right_m / score.truth_m, expected.right);
    EXPECT_LT(score.wrong_m / score.truth_m, expected.wrong);
  }
}

}  // namespace
}  // namespace diary::graph
