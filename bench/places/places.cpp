// SPDX-License-Identifier: Apache-2.0
// bench_places EXTRACT.osm.pbf: what a snap and an isochrone cost.
#include <algorithm>
#include <chrono>
#include <ctime>

#include "graph/isochrone.hpp"
#include "graph/plane.hpp"
#include "graph/random_streets.hpp"
#include "graph/snap_index.hpp"
#include "network.hpp"

namespace diary::graph::bench {
namespace {

using Clock = std::chrono::steady_clock;

double since_us(Clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

std::vector<LngLat> near_streets(const RoadGraph& graph, test::Random& random, double spread_m) {
  std::vector<LngLat> points;
  for (int i = 0; i < 100'000; ++i) {
    const auto line = graph.line(EdgeId(random.below(graph.edge_count())));
    const Plane plane(line[random.below(line.size())].degrees());
    points.push_back(plane.degrees({random.bell() * spread_m, random.bell() * spread_m}));
  }
  return points;
}

template <class Ask>
void report(const char* what, const std::vector<LngLat>& points, const Ask& ask) {
  std::vector<double> each_us;
  std::size_t found = 0;
  const auto begin = std::clock();  // other programs' time does not count in the mean
  for (const LngLat at : points) {
    const auto one = Clock::now();
    found += ask(at);
    each_us.push_back(since_us(one));
  }
  const double mean_us = static_cast<double>(std::clock() - begin) / static_cast<double>(points.size());
  static_assert(CLOCKS_PER_SEC == 1'000'000);
  std::ranges::sort(each_us);
  std::printf("%-44s mean %6.2f us  median %6.2f  p99 %6.2f  found %.2f\n", what, mean_us,
              each_us[each_us.size() / 2], each_us[each_us.size() * 99 / 100],
              static_cast<double>(found) / static_cast<double>(points.size()));
}

void measure_isochrones(const RoadGraph& graph, const SnapIndex& index, const std::vector<LngLat>& points) {
  for (const double budget_m : {500.0, 1'250.0, 5'000.0, 10'000.0}) {
    double streets_us = 0;
    double area_us = 0;
    std::size_t corners = 0;
    constexpr int rounds = 20;
    for (int i = 0; i < rounds; ++i) {
      const auto from = index.nearest(points[static_cast<std::size_t>(i)], Profile::walk, 1000);
      IsochroneOptions options;
      options.budget_m = budget_m;
      const auto begin = std::clock();
      const auto streets = reached_streets(graph, *from, [](EdgeId) { return 0.0; }, options);
      const auto between = std::clock();
      for (const auto& polygon : area_around(graph, streets, options))
        for (const auto& ring : polygon) corners += ring.size();
      area_us += static_cast<double>(std::clock() - between);
      streets_us += static_cast<double>(between - begin);
    }
    std::printf("isochrone of %5.0f m: streets %8.0f us, area %8.0f us, %zu corners\n", budget_m,
                streets_us / rounds, area_us / rounds, corners / rounds);
  }
}

void measure(const std::filesystem::path& path) {
  const RoadGraph graph(diary::bench::read_network(path), {});
  const auto begin = Clock::now();
  const SnapIndex index(graph);
  std::printf("%s: %zu edges; index built in %.0f ms, %.1f bytes an edge\n", path.filename().c_str(),
              graph.edge_count(), since_us(begin) / 1000,
              static_cast<double>(index.bytes()) / static_cast<double>(graph.edge_count()));
  test::Random random(test::chosen_seed(7));
  const auto near = near_streets(graph, random, 20);
  const auto around = near_streets(graph, random, 400);
  const auto nearest = [&index](double reach_m) {
    return [&index, reach_m](LngLat at) { return index.nearest(at, Profile::walk, reach_m) ? 1U : 0U; };
  };
  report("nearest, about 20 m off, reach 250 m", near, nearest(250));
  report("nearest, about 400 m off, reach 250 m", around, nearest(250));
  report("nearest, about 400 m off, reach 1 km", around, nearest(1000));
  for (const double reach_m : {50, 100, 1000})
    report(("eight nearest, reach " + std::to_string(static_cast<int>(reach_m)) + " m").c_str(), near,
           [&](LngLat at) { return index.within(at, Profile::walk, reach_m, 8).size(); });
  measure_isochrones(graph, index, near);
}

}  // namespace
}  // namespace diary::graph::bench

int main(int count, char** words) {
  if (count != 2) return std::fputs("bench_places EXTRACT.osm.pbf\n", stderr), 2;
  diary::graph::bench::measure(words[1]);
}
