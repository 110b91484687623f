// SPDX-License-Identifier: Apache-2.0
// bench_routing FILE [SIDE [SECONDS [KM]]]: measures the engine on the streets of FILE ("lattice": the
// streets of bench/city.mjs), laid out SIDE * SIDE times, and prints one JSON object. Asks for routes of 1 km
// and more, up to KM (50). One thread asks; for SECONDS another changes 2,000 scores a second meanwhile.
// bench_routing FILE --pairs PAIRS SCORES WEIGHT, bench_routing FILE --questions QUESTIONS SCORES: answers
// those questions (pairs.hpp) and prints a JSON array.
#include <algorithm>
#include <atomic>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <numbers>
#include <random>
#include <string_view>
#include <thread>

#include "dijkstra.hpp"
#include "graph/engine.hpp"
#include "network.hpp"
#include "pairs.hpp"

namespace diary::bench {
namespace {

using graph::EdgeId;
using graph::Engine;
using graph::Place;
using graph::Profile;
using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr std::size_t pairs_wanted = 500;
constexpr std::size_t pairs_for_dijkstra = 60;

template <class Act>
double timed_us(Act&& act) {
  const auto begun = Clock::now();
  act();
  return Microseconds(Clock::now() - begun).count();
}

boost::json::object summary(std::vector<double> values) {
  std::ranges::sort(values);
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  };
  double sum = 0;
  for (const double v : values) sum += v;
  return {{"mean", sum / static_cast<double>(values.size())}, {"median", at(0.5)}, {"p99", at(0.99)}};
}

struct Pair {
  Place from;
  Place to;
  double weight;
};

class Bench {
 public:
  Bench(Engine& engine, double build_s) : engine_(engine), build_s_(build_s) {
    rate_all();
    for (std::uint32_t e = 0; e < engine.graph().edge_count(); ++e)
      if (engine.graph().in_main_part(EdgeId(e), Profile::walk)) main_.emplace_back(e);
  }

  boost::json::object run(double seconds, double farthest_km) {
    boost::json::object all{{"segments", engine_.graph().edge_count()},
                            {"junctions", engine_.graph().node_count()},
                            {"build_s", build_s_},
                            {"customize_ms", rate_all() / 1000},
                            {"bytes_per_segment", static_cast<double>(engine_.bytes()) /
                                                      static_cast<double>(engine_.graph().edge_count())}};
    boost::json::array distances;
    for (const double km : {1, 2, 5, 10, 25, 50}) {
      if (km > farthest_km) break;
      const auto pairs = some_pairs(km * 1000);
      if (pairs.size() < pairs_wanted / 5) continue;
      distances.push_back(measure(km, pairs));
      std::fprintf(stderr, "%s\n", boost::json::serialize(distances.back()).c_str());
    }
    all["distances"] = std::move(distances);
    all["change"] = change_singly();
    all["batched"] = change_batches();
    if (seconds > 0) all["under_changes"] = under_changes(seconds);
    return all;
  }

 private:
  double rate_all() {
    std::vector<graph::ScoreChange> all;
    scores_.resize(engine_.graph().edge_count());
    for (std::uint32_t e = 0; e < scores_.size(); ++e) {
      scores_[e] = std::uniform_real_distribution(1.0, 5.0)(random_);
      all.push_back({EdgeId(e), scores_[e]});
    }
    return timed_us([&] { engine_.set_scores(all); });
  }

  // Uniform over the streets, as far apart as wanted within 5 %.
  std::vector<Pair> some_pairs(double apart_m) {
    const graph::RoadGraph& g = engine_.graph();
    std::vector<Pair> pairs;
    const auto place = [&] {
      const EdgeId edge = main_[random_() % main_.size()];
      return Place{edge, static_cast<std::uint32_t>(random_() % (g.edge(edge).length_cm + 1))};
    };
    for (int tries = 0; tries < 4'000'000 && pairs.size() < pairs_wanted; ++tries) {
      const Pair pair{place(), place(), std::uniform_real_distribution(0.0, 5.0)(random_)};
      const LngLat a = g.place(g.edge(pair.from.edge).source);
      const LngLat b = g.place(g.edge(pair.to.edge).source);
      const double metres =
          6'371'008.8 * std::numbers::pi / 180 *
          std::hypot((a.lng - b.lng) * std::cos(a.lat * std::numbers::pi / 180), a.lat - b.lat);
      if (std::abs(metres - apart_m) < 0.05 * apart_m) pairs.push_back(pair);
    }
    return pairs;
  }

  template <class Act>
  boost::json::object each(const std::vector<Pair>& pairs, Act&& act) {
    std::vector<double> times;
    for (const Pair& pair : pairs) times.push_back(timed_us([&] { act(pair); }));
    return summary(std::move(times));
  }

  boost::json::object route(const std::vector<Pair>& pairs, double fixed = -1) {
    return each(pairs, [&](const Pair& p) {
      Engine::Inquiry inquiry(engine_);
      found_ += inquiry.cheapest(p.from, p.to, Profile::walk, fixed < 0 ? p.weight : fixed) ? 1 : 0;
    });
  }

  boost::json::object measure(double km, const std::vector<Pair>& pairs) {
    boost::json::object row{{"km", km}, {"pairs", pairs.size()}};
    row["any_weight_us"] = route(pairs);
    for (const double weight : {0.2, 0.5, 0.8})
      row["weight_" + std::to_string(weight).substr(0, 3) + "_us"] = route(pairs, weight);
    std::vector<double> routes;
    row["curve_us"] = each(pairs, [&](const Pair& p) {
      Engine::Inquiry inquiry(engine_);
      routes.push_back(static_cast<double>(inquiry.curve(p.from, p.to, Profile::walk).size()));
    });
    row["routes_on_curve"] = summary(routes);
    std::size_t alternatives = 0;
    row["with_alternative_us"] = each(pairs, [&](const Pair& p) {
      Engine::Inquiry inquiry(engine_);
      const auto primary = inquiry.cheapest(p.from, p.to, Profile::walk, p.weight);
      alternatives += inquiry.alternative(p.from, p.to, Profile::walk, p.weight, *primary) ? 1 : 0;
    });
    row["alternatives_share"] = static_cast<double>(alternatives) / static_cast<double>(pairs.size());
    add_dijkstra(row, pairs);
    return row;
  }

  void add_dijkstra(boost::json::object& row, const std::vector<Pair>& pairs) {
    std::vector<double> times;
    std::size_t wrong = 0;
    Engine::Inquiry inquiry(engine_);
    Dijkstra plain(engine_.graph());
    for (std::size_t i = 0; i < std::min(pairs.size(), pairs_for_dijkstra); ++i) {
      const Pair& p = pairs[i];
      std::optional<std::int64_t> least;
      times.push_back(timed_us([&] { least = plain.cost(inquiry, p.from, p.to, p.weight); }));
      const auto path = inquiry.cheapest(p.from, p.to, Profile::walk, p.weight);
      wrong += path && graph::Scale::of_weight(p.weight).of(*path) == least ? 0 : 1;
    }
    row["dijkstra_us"] = summary(std::move(times));
    row["wrong"] = wrong;
  }

  // As a rating would move it that joins a few others.
  graph::ScoreChange some_change() {
    const auto edge = static_cast<std::uint32_t>(random_() % scores_.size());
    const double evidence = 5 + static_cast<double>(random_() % 11);
    scores_[edge] = (scores_[edge] * evidence + 1 + static_cast<double>(random_() % 5)) / (evidence + 1);
    return {EdgeId(edge), scores_[edge]};
  }

  boost::json::object change_singly() {
    std::vector<double> times;
    for (int i = 0; i < 20'000; ++i) {
      const graph::ScoreChange change = some_change();
      times.push_back(timed_us([&] { engine_.set_scores(std::span(&change, 1)); }));
    }
    return summary(std::move(times));
  }

  // As a server gives them on: `per_batch` at once, `batches_per_s` times a second. A change's part of the
  // time that the writer waits, and of the processor time of all threads.
  boost::json::object change_batches() {
    constexpr int per_batch = 100;
    constexpr int batches_per_s = 20;
    constexpr int seconds = 3;
    std::vector<double> waits;
    const double cpu_before = processor_us();
    auto next = Clock::now();
    for (int i = 0; i < seconds * batches_per_s; ++i) {
      std::vector<graph::ScoreChange> some;
      for (int j = 0; j < per_batch; ++j) some.push_back(some_change());
      waits.push_back(timed_us([&] { engine_.set_scores(some); }) / per_batch);
      next += std::chrono::milliseconds(1000 / batches_per_s);
      std::this_thread::sleep_until(next);
    }
    const double cpu_us = (processor_us() - cpu_before) / (seconds * batches_per_s * per_batch);
    return {{"wait_us", summary(std::move(waits))}, {"processor_us", cpu_us}};
  }

  static double processor_us() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
  }

  // The same questions without and with changes, in turns, so that a slow moment of the machine meets both.
  boost::json::object under_changes(double seconds) {
    const auto pairs = some_pairs(5000);
    constexpr int turns = 10;
    constexpr std::chrono::milliseconds interval{75};  // as the feed
    constexpr int batch = 150;
    std::vector<double> quiet;
    std::vector<double> busy;
    std::size_t changes = 0;
    const auto ask = [&](std::vector<double>& times) {
      const auto end = Clock::now() + std::chrono::duration<double>(seconds / turns);
      while (Clock::now() < end) {
        const Pair& p = pairs[random_() % pairs.size()];
        times.push_back(timed_us([&] {
          Engine::Inquiry inquiry(engine_);
          found_ += inquiry.cheapest(p.from, p.to, Profile::walk, p.weight) ? 1 : 0;
        }));
      }
    };
    for (int turn = 0; turn < turns; ++turn) {
      ask(quiet);
      std::atomic<bool> done = false;
      std::mt19937_64 own(static_cast<std::uint64_t>(turn));
      std::thread writer([&] {
        auto next = Clock::now();
        while (!done) {
          std::vector<graph::ScoreChange> some;
          for (int i = 0; i < batch; ++i) {
            const auto edge = static_cast<std::uint32_t>(own() % scores_.size());
            scores_[edge] =
                std::clamp(scores_[edge] + std::uniform_real_distribution(-0.2, 0.2)(own), 1.0, 5.0);
            some.push_back({EdgeId(edge), scores_[edge]});
          }
          engine_.set_scores(some);
          changes += some.size();
          next += interval;
          std::this_thread::sleep_until(next);
        }
      });
      ask(busy);
      done = true;
      writer.join();
    }
    std::size_t wrong = 0;
    boost::json::object check;
    add_dijkstra(check, pairs);
    wrong = check["wrong"].to_number<std::size_t>();
    return {{"seconds", seconds},
            {"changes_per_s", static_cast<double>(changes) / seconds},
            {"quiet_us", summary(std::move(quiet))},
            {"busy_us", summary(std::move(busy))},
            {"wrong", wrong}};
  }

  Engine& engine_;
  double build_s_;
  std::mt19937_64 random_{20261128};
  std::vector<EdgeId> main_;
  std::vector<double> scores_;
  std::size_t found_ = 0;
};

int run(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr,
                 "bench_routing FILE [SIDE [SECONDS [KM]]]\nbench_routing FILE --pairs PAIRS SCORES WEIGHT\n"
                 "bench_routing FILE --questions QUESTIONS SCORES\n");
    return 2;
  }
  if (argc == 6 && std::string_view(argv[2]) == "--pairs") {
    const Questions questions{argv[3], argv[4], std::atof(argv[5])};
    std::printf("%s\n", boost::json::serialize(answer_pairs(read_network(argv[1]), questions)).c_str());
    return 0;
  }
  if (argc == 5 && std::string_view(argv[2]) == "--questions") {
    std::printf("%s\n",
                boost::json::serialize(answer_by_dijkstra(read_network(argv[1]), argv[3], argv[4])).c_str());
    return 0;
  }
  const int side = argc > 2 ? std::atoi(argv[2]) : 1;
  auto streets = std::string_view(argv[1]) == "lattice" ? lattice() : read_network(argv[1]);
  if (side > 1) streets = tiled(streets, side, 1);
  const auto begun = Clock::now();
  Engine engine(std::move(streets));
  const double build_s = std::chrono::duration<double>(Clock::now() - begun).count();
  const double seconds = argc > 3 ? std::atof(argv[3]) : 10;
  const double farthest_km = argc > 4 ? std::atof(argv[4]) : 50;
  std::printf("%s\n", boost::json::serialize(Bench(engine, build_s).run(seconds, farthest_km)).c_str());
  return 0;
}

}  // namespace
}  // namespace diary::bench

int main(int argc, char** argv) {
  return diary::bench::run(argc, argv);
}
