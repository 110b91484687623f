// SPDX-License-Identifier: Apache-2.0
// The engine against slow, obvious answers: random cities with one-ways, loops, gaps and islands, random and
// tied scores that go on changing, any two places, any weight.
#include "graph/engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numbers>

#include "graph/random_streets.hpp"
#include "graph/slow_routes.hpp"
#include "graph/snap_index.hpp"

namespace diary::graph::test {
namespace {

int rounds() {
  const char* given = std::getenv("DIARY_TEST_ROUNDS");  // for longer runs by hand
  return given != nullptr ? std::atoi(given) : 1;
}

// An engine over a random city, and what was done to it.
class Scene {
 public:
  Scene(Random& random, const CityPlan& plan)
      : random_(random), engine_(RandomCity(plan, random).streets()), tied_(random.chance(0.3)) {
    change(1);
  }

  void change(double share) {
    std::vector<ScoreChange> changes;
    for (std::uint32_t e = 0; e < engine_.graph().edge_count(); ++e)
      if (random_.chance(share)) changes.push_back({EdgeId(e), some_score()});
    engine_.set_scores(changes);
  }

  [[nodiscard]] Place some_place() {
    const EdgeId edge(random_.below(engine_.graph().edge_count()));
    const std::uint32_t length = engine_.graph().edge(edge).length_cm;
    if (random_.chance(0.2)) return {edge, random_.chance(0.5) ? 0 : length};
    return {edge, static_cast<std::uint32_t>(random_.below(length + 1))};
  }

  [[nodiscard]] SlowRoutes slow(const Engine::Inquiry& inquiry, Profile profile) const {
    std::vector<std::uint32_t> penalties;
    for (std::uint32_t e = 0; e < engine_.graph().edge_count(); ++e)
      penalties.push_back(inquiry.penalty(EdgeId(e)));
    return {engine_.graph(), std::move(penalties), profile};
  }

  Engine& engine() { return engine_; }

 private:
  double some_score() { return tied_ ? static_cast<double>(1 + random_.below(3)) : random_.between(1, 5); }

  Random& random_;
  Engine engine_;
  bool tied_;
};

double some_weight(Random& random) {
  constexpr std::array usual{0.0, 0.2, 0.5, 0.8, 1.0, 5.0};
  return random.chance(0.4) ? usual[random.below(usual.size())] : random.between(0, 5);
}

TEST(Engine, FindsWhatDijkstraFinds) {
  Random random(chosen_seed(20261128));
  for (int round = 0; round < 12 * rounds(); ++round) {
    Scene scene(random, {.columns = 3 + random.below(14), .rows = 3 + random.below(14)});
    for (int change = 0; change < 6; ++change) {
      scene.change(std::array{0.0, 0.01, 0.1, 0.6}[random.below(4)]);
      Engine::Inquiry inquiry(scene.engine());
      for (const Profile profile : {Profile::walk, Profile::bike}) {
        const SlowRoutes slow = scene.slow(inquiry, profile);
        for (int i = 0; i < 12; ++i) {
          const Place from = scene.some_place();
          const Place to =
              random.chance(0.05) ? Place{from.edge, scene.some_place().offset_cm / 100} : scene.some_place();
          if (to.offset_cm > scene.engine().graph().edge(to.edge).length_cm) continue;
          const double weight = some_weight(random);
          const auto least = slow.least_cost(from, to, Scale::of_weight(weight));
          const auto path = inquiry.cheapest(from, to, profile, weight);
          ASSERT_EQ(path.has_value(), least.has_value());
          if (!path) continue;
          ASSERT_EQ(Scale::of_weight(weight).of(*path), *least) << "round " << round << " weight " << weight;
          ASSERT_TRUE(slow.is_sound(*path, from, to));
        }
      }
    }
  }
}

TEST(Engine, CurveIsTheLowerHullOfAllRoutes) {
  Random random(chosen_seed(20261129));
  std::size_t longest = 0;
  for (int round = 0; round < 25 * rounds(); ++round) {
    Scene scene(random, {.columns = 3 + random.below(7), .rows = 3 + random.below(7)});
    Engine::Inquiry inquiry(scene.engine());
    for (const Profile profile : {Profile::walk, Profile::bike}) {
      const SlowRoutes slow = scene.slow(inquiry, profile);
      for (int i = 0; i < 4; ++i) {
        const Place from = scene.some_place();
        const Place to = scene.some_place();
        const auto expected = supported(slow.pareto(from, to));
        const auto curve = inquiry.curve(from, to, profile);
        longest = std::max(longest, curve.size());
        std::vector<Sum> got;
        for (const CurvePoint& point : curve) {
          got.push_back({point.path.length_cm, point.path.penalty});
          EXPECT_TRUE(slow.is_sound(point.path, from, to));
        }
        // At exactly weight 5 two routes may cost the same, and either may be the last.
        auto without_tie = expected;
        if (without_tie.size() > 1 && got.size() + 1 == without_tie.size()) without_tie.pop_back();
        ASSERT_TRUE(std::ranges::equal(got, expected) || std::ranges::equal(got, without_tie));
        if (curve.empty()) continue;
        const Path shortest = inquiry.cheapest(from, to, profile, 0).value();
        EXPECT_EQ((Sum{shortest.length_cm, shortest.penalty}), expected.front());
        EXPECT_EQ(curve.front().from_weight, 0);
        EXPECT_EQ(curve.back().to_weight, max_weight);
        for (std::size_t k = 1; k < curve.size(); ++k) {
          EXPECT_EQ(curve[k - 1].to_weight, curve[k].from_weight);
          EXPECT_LT(curve[k].from_weight, curve[k].to_weight + 1e-12);
          EXPECT_LT(curve[k - 1].path.length_cm, curve[k].path.length_cm);
          EXPECT_GT(curve[k - 1].path.penalty, curve[k].path.penalty);
        }
      }
    }
  }
  EXPECT_GT(longest, 3U);  // or this test would see nothing
}

// Larger cities, whose curves take several rounds of questions, and such with streets of many kilometres,
// where costs leave the whole numbers that doubles have.
TEST(Engine, CurveHasTheCheapestAtAnyWeight) {
  Random random(chosen_seed(20261201));
  std::size_t longest = 0;
  for (int round = 0; round < 6 * rounds(); ++round) {
    Scene scene(random, {.columns = 25, .rows = 25, .block_m = round % 2 == 0 ? 90.0 : 15'000.0});
    Engine::Inquiry inquiry(scene.engine());
    const Profile profile = random.chance(0.5) ? Profile::walk : Profile::bike;
    const SlowRoutes slow = scene.slow(inquiry, profile);
    for (int i = 0; i < 6; ++i) {
      const Place from = scene.some_place();
      const Place to = scene.some_place();
      const auto curve = inquiry.curve(from, to, profile);
      longest = std::max(longest, curve.size());
      ASSERT_EQ(curve.empty(), !slow.least_cost(from, to, Scale{}).has_value());
      if (curve.empty()) continue;
      for (int k = 0; k < 15; ++k) {
        const double weight = some_weight(random);
        const Scale scale = Scale::of_weight(weight);
        const auto least = std::ranges::min(curve, {}, [&](const CurvePoint& p) { return scale.of(p.path); });
        ASSERT_EQ(scale.of(least.path), *slow.least_cost(from, to, scale))
            << "round " << round << ' ' << weight;
      }
      // And each where it is said to be the cheapest.
      for (const CurvePoint& point : curve) {
        EXPECT_TRUE(slow.is_sound(point.path, from, to));
        const Scale scale = Scale::of_weight((point.from_weight + point.to_weight) / 2);
        EXPECT_NEAR(static_cast<double>(scale.of(point.path)),
                    static_cast<double>(*slow.least_cost(from, to, scale)), static_cast<double>(scale.a));
      }
    }
  }
  EXPECT_GT(longest, 7U);
}

std::uint64_t shared_cm(const Path& a, const Path& b) {
  std::uint64_t shared = 0;
  for (const Stretch& s : a.stretches)
    if (std::ranges::any_of(b.stretches, [&](const Stretch& t) { return t.edge == s.edge; }))
      shared += std::max(s.from_cm, s.to_cm) - std::min(s.from_cm, s.to_cm);
  return shared;
}

bool keeps_limits(const Path& path, const Path& primary) {
  return static_cast<double>(shared_cm(path, primary)) < 0.7 * static_cast<double>(path.length_cm) &&
         static_cast<double>(path.length_cm) < 1.3 * static_cast<double>(primary.length_cm);
}

// All simple routes of small cities: where one keeps the limits, one is found nearly always, and it never
// breaks them.
TEST(Engine, FindsMostAlternatives) {
  Random random(chosen_seed(20261130));
  int exist = 0;
  int found = 0;
  int best = 0;
  for (int round = 0; round < 40 * rounds(); ++round) {
    Scene scene(random, {.columns = 5, .rows = 4, .missing = 0.05});
    Engine::Inquiry inquiry(scene.engine());
    const SlowRoutes slow = scene.slow(inquiry, Profile::walk);
    for (int i = 0; i < 5; ++i) {
      const Place from = scene.some_place();
      const Place to = scene.some_place();
      const double weight = some_weight(random);
      const auto primary = inquiry.cheapest(from, to, Profile::walk, weight);
      if (!primary || primary->length_cm == 0) continue;
      const Scale scale = Scale::of_weight(weight);
      std::optional<std::int64_t> least;
      slow.each_simple(from, to, [&](const Path& path) {
        if (keeps_limits(path, *primary)) least = std::min(least.value_or(INT64_MAX), scale.of(path));
      });
      const auto alternative = inquiry.alternative(from, to, Profile::walk, weight, *primary);
      if (alternative) {
        EXPECT_TRUE(slow.is_sound(*alternative, from, to));
        EXPECT_TRUE(keeps_limits(*alternative, *primary));
      }
      exist += least ? 1 : 0;
      found += alternative ? 1 : 0;
      best += alternative && least && scale.of(*alternative) <= *least ? 1 : 0;
    }
  }
  std::printf("alternatives: %d exist, %d found, %d of them the cheapest there is\n", exist, found, best);
  EXPECT_GT(exist, 40);
  EXPECT_GT(found, exist * 85 / 100);
}

TEST(Engine, AnswersFromNothingAndFromOneStreet) {
  Engine nothing({});
  EXPECT_EQ(nothing.graph().edge_count(), 0U);
  EXPECT_FALSE(nothing.places().nearest({0, 0}, Profile::walk, 1000));
  Engine one({{"a", "A", 1, 2, 100, access::walk_along | access::bike_along, {{0, 0}, {0.0009, 0}}}});
  Engine::Inquiry inquiry(one);
  EXPECT_EQ(inquiry.cheapest({EdgeId(0), 1000}, {EdgeId(0), 4000}, Profile::walk, 1)->length_cm, 3000U);
  EXPECT_FALSE(inquiry.cheapest({EdgeId(0), 4000}, {EdgeId(0), 1000}, Profile::walk, 1));
  EXPECT_EQ(inquiry.cheapest({EdgeId(0), 4000}, {EdgeId(0), 4000}, Profile::walk, 1)->length_cm, 0U);
  EXPECT_EQ(inquiry.curve({EdgeId(0), 1000}, {EdgeId(0), 4000}, Profile::walk).size(), 1U);
}

// For a bike the way back along a one-way street does not count, and so all ways are far longer than they
// seem. The shortest of them is so by a centimetre, and the least safe.
TEST(Engine, CurveBeginsWithTheShortestWhateverItsPenalty) {
  const auto street = [](std::string id, int from, int to, double length, std::uint8_t open, double lat) {
    return Street{
        std::move(id), "S", from, to, length, open, {{0.001 * from, lat}, {0.0005, lat}, {0.001 * to, lat}}};
  };
  const std::uint8_t back_only = access::walk_along | access::walk_against | access::bike_against;
  Engine engine({street("start", 1, 2, 10, access::all, 0), street("back", 2, 3, 100, back_only, 0),
                 street("unsafe", 2, 3, 400, access::all, 0.001),
                 street("safe", 2, 3, 400.01, access::all, 0.002), street("end", 3, 4, 10, access::all, 0)});
  const auto id = [&](std::string_view name) { return *engine.graph().find(name); };
  const std::vector<ScoreChange> scores{{id("unsafe"), 1}, {id("safe"), 5}};
  engine.set_scores(scores);
  Engine::Inquiry inquiry(engine);
  const auto curve = inquiry.curve({id("start"), 0}, {id("end"), 1000}, Profile::bike);
  ASSERT_EQ(curve.size(), 2U);
  EXPECT_EQ(curve[0].path.length_cm, 42'000U);
  EXPECT_EQ(curve[1].path.length_cm, 42'001U);
}

// In a grid many ways are as short as each other.
TEST(Engine, OfTheShortestTheSafestIsFound) {
  std::vector<Street> streets;
  constexpr int across = 8;
  const auto add = [&](int from, int to) {
    const auto at = [](int node) { return LngLat{0.001 * (node % across), 0.001 * (node / across)}; };
    streets.push_back({std::to_string(from) + "-" + std::to_string(to),
                       "S",
                       from,
                       to,
                       100,
                       access::all,
                       {at(from), at(to)}});
  };
  for (int node = 0; node < across * across; ++node) {
    if (node % across + 1 < across) add(node, node + 1);
    if (node + across < across * across) add(node, node + across);
  }
  Engine engine(std::move(streets));
  Random random(chosen_seed(20261130));
  std::vector<ScoreChange> scores;
  for (std::uint32_t e = 0; e < engine.graph().edge_count(); ++e)
    scores.push_back({EdgeId(e), random.between(1, 5)});
  engine.set_scores(scores);
  Engine::Inquiry inquiry(engine);
  std::vector<std::uint32_t> penalties;
  for (std::uint32_t e = 0; e < engine.graph().edge_count(); ++e)
    penalties.push_back(inquiry.penalty(EdgeId(e)));
  const SlowRoutes slow(engine.graph(), std::move(penalties), Profile::walk);
  const auto some_place = [&] { return Place{EdgeId(random.below(engine.graph().edge_count())), 5000}; };
  for (int i = 0; i < 30; ++i) {
    const Place from = some_place();
    const Place to = some_place();
    const Path path = inquiry.cheapest(from, to, Profile::walk, 0).value();
    EXPECT_EQ((Sum{path.length_cm, path.penalty}), slow.pareto(from, to).front());
    EXPECT_TRUE(slow.is_sound(path, from, to));
    EXPECT_EQ(path.penalty, inquiry.curve(from, to, Profile::walk).front().path.penalty);
  }
}

TEST(Engine, SeesAChangedScoreAtOnce) {
  // Two ways from A to D of which the shorter one is by far the less safe.
  const auto street = [](std::string id, int from, int to, double length, double lat) {
    return Street{
        std::move(id), "S", from, to, length, access::all, {{0.001 * from, lat}, {0.001 * to, lat}}};
  };
  Engine engine({street("ab", 1, 2, 100, 0), street("bd", 2, 4, 100, 0), street("ac", 1, 3, 120, 0.001),
                 street("cd", 3, 4, 120, 0.001)});
  const auto id = [&](std::string_view name) { return *engine.graph().find(name); };
  const Place from{id("ab"), 0};
  const Place to{id("bd"), 10000};
  const auto length = [&](double weight) {
    Engine::Inquiry inquiry(engine);
    return inquiry.cheapest(from, to, Profile::walk, weight)->length_cm;
  };
  EXPECT_EQ(length(1), 20000U);
  const std::vector<ScoreChange> worse{{id("ab"), 1}, {id("bd"), 1}};
  engine.set_scores(worse);
  EXPECT_EQ(length(1), 24000U);
  EXPECT_EQ(length(0), 20000U);
  const std::vector<ScoreChange> better{{id("ab"), 5}, {id("bd"), 5}};
  engine.set_scores(better);
  EXPECT_EQ(length(5), 20000U);
}

}  // namespace
}  // namespace diary::graph::test
