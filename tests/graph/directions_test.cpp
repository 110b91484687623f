// SPDX-License-Identifier: Apache-2.0
#include "graph/directions.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>

#include "graph/drawn_path.hpp"
#include "graph/geometry.hpp"
#include "graph/simulated_traces.hpp"

namespace diary::graph {
namespace {

using test::drawn_path;
using test::DrawnStreets;

// "depart Main 100, left Side 50, arrive"
std::string told(const std::vector<Step>& steps) {
  std::string out;
  for (const Step& step : steps) {
    if (!out.empty()) out += ", ";
    out += name_of(step.maneuver);
    if (step.maneuver == Maneuver::arrive) continue;
    out += " " + std::string(step.street) + " " + std::to_string(std::lround(step.length_m));
  }
  return out;
}

std::string told(const DrawnStreets& drawn, const std::string& points) {
  const RoadGraph graph(drawn.streets(), {});
  return told(steps_of(graph, drawn_path(graph, points)));
}

TEST(Steps, TellsStreetsAndTurns) {
  const DrawnStreets drawn(R"(
          E
          |
    A--B--C--D
          |
          F---G)",
                           {{"ABCD", "Main"}, {"ECF", "Cross"}, {"FG", "Side"}});
  EXPECT_EQ(told(drawn, "ABCD"), "depart Main 90, arrive");
  EXPECT_EQ(told(drawn, "ABCE"), "depart Main 60, left Cross 20, arrive");
  EXPECT_EQ(told(drawn, "ABCFG"), "depart Main 60, right Cross 20, left Side 40, arrive");
  EXPECT_EQ(told(drawn, "ECB"), "depart Cross 20, right Main 30, arrive");
}

TEST(Steps, TellsSlightAndSharpTurnsApart) {
  const DrawnStreets drawn(R"(
      S     L
      .    .
      .  .
 A----M---------T
      . . .
      .  .  .
      X   Y    Z)",
                           {{"AM", "In"},
                            {"MT", "Straight"},
                            {"MS", "Left"},
                            {"ML", "Slanted"},
                            {"MX", "Right"},
                            {"MY", "Steep"},
                            {"MZ", "Slight"}});
  EXPECT_EQ(told(drawn, "AMT"), "depart In 50, straight Straight 100, arrive");
  EXPECT_EQ(told(drawn, "AMS"), "depart In 50, left Left 30, arrive");
  EXPECT_EQ(told(drawn, "AML"), "depart In 50, slight_left Slanted 67, arrive");
  EXPECT_EQ(told(drawn, "AMX"), "depart In 50, right Right 30, arrive");
  EXPECT_EQ(told(drawn, "AMY"), "depart In 50, slight_right Steep 50, arrive");
  EXPECT_EQ(told(drawn, "AMZ"), "depart In 50, straight Slight 95, arrive");
  EXPECT_EQ(told(drawn, "LMT"), "depart Slanted 67, sharp_left Straight 100, arrive");
  EXPECT_EQ(told(drawn, "TMZ"), "depart Straight 100, sharp_left Slight 95, arrive");
}

TEST(Steps, TakesShortUnnamedPiecesIntoTheStreetAroundThem) {
  const DrawnStreets drawn(
      "A---B-C---D-E",
      {{"AB", "Main"}, {"BC", "(unnamed footway)"}, {"CD", "Main"}, {"DE", "(unnamed path)"}}, 5);
  EXPECT_EQ(told(drawn, "ABCD"), "depart Main 50, arrive");
  EXPECT_EQ(told(drawn, "ABCDE"), "depart Main 50, straight (unnamed path) 10, arrive");
  EXPECT_EQ(told(drawn, "EDCBA"), "depart (unnamed path) 10, straight Main 50, arrive");
}

TEST(Steps, KeepsLongUnnamedPieces) {
  const DrawnStreets drawn("A---B--C---D", {{"AB", "Main"}, {"BC", "(unnamed footway)"}, {"CD", "Main"}});
  EXPECT_EQ(told(drawn, "ABCD"), "depart Main 40, straight (unnamed footway) 30, straight Main 40, arrive");
}

TEST(Steps, SplitsAStreetWhereItTurnsAtAChoice) {
  const DrawnStreets drawn(R"(
    A---B---C
        |
        D
        |
        E---F)",
                           {{"ABDEF", "Crooked"}, {"BC", "Other"}});
  // At E nothing else could be done.
  EXPECT_EQ(told(drawn, "ABDEF"), "depart Crooked 40, right Crooked 80, arrive");
}

TEST(Steps, DoesNotMindHowACornerWasDigitised) {
  // A hook of a metre at the junction that points back.
  const DrawnStreets drawn(R"(
                     a
 A-------------------B




                      b



                     C)",
                           {{"AaB", "Main"}, {"BbC", "Down"}}, 1);
  EXPECT_EQ(told(drawn, "AaBbC"), "depart Main 21, right Down 9, arrive");
}

TEST(Steps, TellsTurningBack) {
  const DrawnStreets drawn("A---B---C", {{"ABC", "Main"}});
  const RoadGraph graph(drawn.streets(), {});
  Path path = drawn_path(graph, "ABC");
  path.stretches.push_back({path.stretches.back().edge, !path.stretches.back().along,
                            path.stretches.back().to_cm, path.stretches.back().from_cm});
  EXPECT_EQ(told(steps_of(graph, path)), "depart Main 80, u_turn Main 40, arrive");
  EXPECT_EQ(segments_of(path).size(), 2U);
}

TEST(Steps, SaysWhereAndWhither) {
  const DrawnStreets drawn(R"(
          E
          |
    A--B--C)",
                           {{"ABC", "Main"}, {"CE", "Cross"}});
  const RoadGraph graph(drawn.streets(), {});
  const auto steps = steps_of(graph, drawn_path(graph, "ABCE"));
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_NEAR(steps[0].heading_degrees, 90, 0.5);
  const double north = steps[1].heading_degrees;
  EXPECT_LT(std::min(north, 360 - north), 0.5);
  EXPECT_EQ(steps[0].first_segment, 0U);
  EXPECT_EQ(steps[1].first_segment, 2U);
  EXPECT_EQ(Point::from(steps[1].location), Point::from(drawn.at('C')));
  EXPECT_EQ(Point::from(steps[2].location), Point::from(drawn.at('E')));
}

TEST(Steps, ToldOfAPathThatGoesNowhere) {
  const DrawnStreets drawn("A---B", {{"AB", "Main"}});
  const RoadGraph graph(drawn.streets(), {});
  const Path path{{{EdgeId(0), true, 500, 500}}, 0, 0};
  EXPECT_EQ(told(steps_of(graph, path)), "depart Main 0, arrive");
  EXPECT_TRUE(steps_of(graph, Path{}).empty());
}

// Whatever the streets: what is told adds up.
TEST(Steps, AddUpOnAnyWalk) {
  test::Random random(test::chosen_seed(51));
  for (int round = 0; round < 200; ++round) {
    test::CityPlan plan;
    plan.columns = 1 + random.below(6);
    plan.rows = 1 + random.below(6);
    plan.odd = 0.3;
    const test::RandomCity city(plan, random);
    const RoadGraph graph(city.streets(), {});
    Path path;
    path.stretches = test::aimless_walk(graph, Profile::walk, random.between(0, 1500), random);
    for (const Stretch& s : path.stretches) path.length_cm += length_cm(s);
    const auto said = describe(
        graph, path, Profile::walk, random.between(0, 5), [&](EdgeId) { return random.between(1, 5); },
        &path);
    if (path.stretches.empty()) continue;
    double metres = 0;
    for (const Step& step : said.steps) {
      metres += step.length_m;
      EXPECT_LT(step.first_segment, said.segment_ids.size());
      EXPECT_TRUE(step.heading_degrees >= 0 && step.heading_degrees <= 360);
    }
    EXPECT_NEAR(metres, said.length_m, 0.01);
    EXPECT_EQ(said.steps.front().maneuver, Maneuver::depart);
    EXPECT_EQ(said.steps.back().maneuver, Maneuver::arrive);
    EXPECT_TRUE(said.avoided.streets.empty());
    EXPECT_TRUE(said.min_safety <= said.avg_safety + 1e-9 && said.avg_safety <= 5);
    for (std::size_t i = 1; i < said.geometry.size(); ++i) EXPECT_NE(said.geometry[i - 1], said.geometry[i]);
  }
}

struct Sum {
  double length_m = 0;
  double scored_m = 0;
  double exposure_m = 0;
};
// What the lists hold, with maps and a sort of everything; scores are of the edges' numbers.
double score_of(EdgeId edge) {
  return 1 + edge.value % 9 / 2.0;  // many alike, and some of 5
}
template <class Key>
std::vector<std::pair<Key, Sum>> summed(const Path& path,
                                        const std::function<std::optional<Key>(EdgeId)>& key_of) {
  std::vector<std::pair<Key, Sum>> sums;
  for (const Stretch& stretch : path.stretches) {
    const auto key = key_of(stretch.edge);
    if (!key) continue;
    auto found = std::ranges::find(sums, *key, &std::pair<Key, Sum>::first);
    if (found == sums.end()) found = sums.insert(sums.end(), {*key, {}});
    const double metres = length_cm(stretch) / 100.0;
    const double score = score_of(stretch.edge);
    found->second.length_m += metres;
    found->second.scored_m += metres * score;
    found->second.exposure_m += metres * (5 - score) / 5;
  }
  std::ranges::stable_sort(sums, std::greater{}, [](const auto& each) { return each.second.exposure_m; });
  return sums;
}

TEST(Describe, ListsWhatASortOfEverythingLists) {
  test::Random random(test::chosen_seed(23));
  std::size_t avoided = 0;
  for (int round = 0; round < 100; ++round) {
    const RoadGraph graph(test::RandomCity({}, random).streets(), {});
    const auto walk = [&] {
      Path path;
      path.stretches = test::aimless_walk(graph, Profile::walk, random.between(0, 3000), random);
      for (const Stretch& s : path.stretches) path.length_cm += length_cm(s);
      return path;
    };
    const Path path = walk();
    const Path shortest = walk();
    if (path.stretches.empty() || shortest.stretches.empty()) continue;
    const auto said = describe(graph, path, Profile::walk, 2, score_of, &shortest);

    const auto edges = summed<EdgeId>(path, [](EdgeId edge) { return std::optional(edge); });
    for (std::size_t i = 0; i < said.worst_segments.size(); ++i) {
      const auto& [edge, sum] = edges.at(i);
      EXPECT_NEAR(said.worst_segments[i].cost_m, 2 * sum.exposure_m, 1e-6);
      EXPECT_NEAR(said.worst_segments[i].length_m,
                  graph.segment_id(edge) == said.worst_segments[i].id ? sum.length_m
                                                                      : said.worst_segments[i].length_m,
                  1e-6);
    }
    const auto costly =
        std::ranges::count_if(edges, [](const auto& each) { return each.second.exposure_m > 0; });
    EXPECT_EQ(said.worst_segments.size(),
              std::min<std::size_t>(most_worst_segments, static_cast<std::size_t>(costly)));

    const auto is_used = [&](EdgeId edge) {
      return std::ranges::find(path.stretches, edge, &Stretch::edge) != path.stretches.end();
    };
    auto streets = summed<std::uint32_t>(shortest, [&](EdgeId edge) {
      return is_used(edge) ? std::nullopt : std::optional(graph.street_number(edge));
    });
    std::erase_if(streets, [](const auto& each) { return each.second.length_m <= 0; });
    ASSERT_EQ(said.avoided.streets.size(), std::min(most_avoided_streets, streets.size()));
    double metres = 0;
    double expected_m = 0;
    for (std::size_t i = 0; i < said.avoided.streets.size(); ++i) {
      const AvoidedStreet& street = said.avoided.streets[i];
      EXPECT_NEAR(street.length_m * (5 - street.score) / 5, streets[i].second.exposure_m, 1e-6);
      metres += street.length_m;
      expected_m += streets[i].second.length_m;
    }
    if (streets.size() <= most_avoided_streets) {
      EXPECT_NEAR(metres, expected_m, 1e-6);
    }
    avoided += said.avoided.streets.size();
  }
  EXPECT_GT(avoided, 100U);
}

class Describing : public testing::Test {
 protected:
  // The short way is bad, the way around is good.
  const DrawnStreets drawn_{R"(
    B-----C
    |     |
    A-----D--E)",
                            {{"AD", "Dark"}, {"AB", "Up"}, {"BC", "Bright"}, {"CD", "Down"}, {"DE", "Dark"}}};
  const RoadGraph graph_{drawn_.streets(), {}};
  const std::map<std::string, double, std::less<>> scores_{
      {"AD", 1.0}, {"AB", 4.0}, {"BC", 5.0}, {"CD", 3.0}, {"DE", 2.0}};

  [[nodiscard]] double score(EdgeId edge) const { return scores_.find(graph_.segment_id(edge))->second; }
  [[nodiscard]] Path path(const std::string& points) const {
    Path path = drawn_path(graph_, points);
    for (const Stretch& s : path.stretches)
      path.penalty +=
          static_cast<std::uint64_t>((s.to_cm > s.from_cm ? s.to_cm - s.from_cm : s.from_cm - s.to_cm) *
                                     (5 - score(s.edge)) / 5 * penalty_unit);
    return path;
  }
  [[nodiscard]] Description described(const Path& path, double weight, const Path* shortest) const {
    return describe(graph_, path, Profile::walk, weight, [this](EdgeId e) { return score(e); }, shortest);
  }
};

TEST_F(Describing, SumsUp) {
  const Path around = path("ABCDE");
  const auto said = described(around, 2, nullptr);
  EXPECT_EQ(said.segment_ids, (std::vector<std::string_view>{"AB", "BC", "CD", "DE"}));
  EXPECT_EQ(said.geometry.size(), 5U);
  EXPECT_NEAR(said.length_m, 20 + 60 + 20 + 30, 0.1);
  EXPECT_NEAR(said.duration_s, 130 / (5 / 3.6), 0.1);
  EXPECT_NEAR(said.avg_safety, (20 * 4 + 60 * 5 + 20 * 3 + 30 * 2) / 130.0, 0.001);
  EXPECT_EQ(said.min_safety, 2);
  EXPECT_NEAR(said.cost_m, 130 + 2 * (20 * 0.2 + 20 * 0.4 + 30 * 0.6), 0.1);
  EXPECT_TRUE(said.avoided.streets.empty());
}

TEST_F(Describing, NamesWhatCostsMost) {
  const auto said = described(path("ABCDE"), 2, nullptr);
  ASSERT_EQ(said.worst_segments.size(), 3U);  // not the one with a 5
  EXPECT_EQ(said.worst_segments[0].id, "DE");
  EXPECT_NEAR(said.worst_segments[0].cost_m, 2 * 30 * 0.6, 0.05);
  EXPECT_EQ(said.worst_segments[1].id, "CD");
  EXPECT_EQ(said.worst_segments[2].id, "AB");
}

TEST_F(Describing, NamesWhatIsAvoided) {
  const Path shortest = path("ADE");
  const auto said = described(path("ABCDE"), 2, &shortest);
  ASSERT_EQ(said.avoided.streets.size(), 1U);
  EXPECT_EQ(said.avoided.streets[0].street, "Dark");
  EXPECT_NEAR(said.avoided.streets[0].length_m, 60, 0.1);  // DE is used
  EXPECT_EQ(said.avoided.streets[0].score, 1);
  EXPECT_NEAR(said.avoided.shorter_m, 40, 0.1);
  EXPECT_TRUE(described(shortest, 0, &shortest).avoided.streets.empty());
}

TEST_F(Describing, KeepsItsListsShort) {
  std::vector<Street> streets;
  Path longest;
  for (int i = 0; i < 30; ++i) {
    const Plane plane(DrawnStreets::origin);
    streets.push_back({std::to_string(i),
                       "Street " + std::to_string(i),
                       i,
                       i + 1,
                       10,
                       access::all,
                       {plane.degrees({i * 10.0, 0}), plane.degrees({i * 10.0 + 10, 0})}});
  }
  const RoadGraph graph(streets, {});
  for (int i = 0; i < 30; ++i) longest.stretches.push_back({*graph.find(std::to_string(i)), true, 0, 1000});
  const Path other{{{*graph.find("0"), true, 0, 1000}}, 1000, 0};
  const auto said = describe(graph, longest, Profile::bike, 1, [](EdgeId) { return 3.0; }, nullptr);
  EXPECT_EQ(said.worst_segments.size(), most_worst_segments);
  EXPECT_EQ(describe(
                graph, other, Profile::bike, 1, [](EdgeId) { return 3.0; }, &longest)
                .avoided.streets.size(),
            most_avoided_streets);
  EXPECT_TRUE(
      describe(graph, Path{}, Profile::bike, 1, [](EdgeId) { return 3.0; }, &longest).segment_ids.empty());
}

}  // namespace
}  // namespace diary::graph
