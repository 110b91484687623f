// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the engine is held against, written to be obviously right: Dijkstra over the streets themselves, all
// Pareto-optimal routes, and all simple routes.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "graph/path.hpp"
#include "graph/road_graph.hpp"
#include "graph/search.hpp"

namespace diary::graph::test {

struct Sum {
  std::uint64_t length_cm = 0;
  std::uint64_t penalty = 0;
  auto operator<=>(const Sum&) const = default;
};

class SlowRoutes {
 public:
  // penalties: by edge.
  SlowRoutes(const RoadGraph& graph, std::vector<std::uint32_t> penalties, Profile profile)
      : graph_(graph), penalties_(std::move(penalties)), profile_(profile) {}

  [[nodiscard]] std::optional<std::int64_t> least_cost(const Place& from, const Place& to, Scale scale) const;

  // Length and penalty of every route that no other beats in both, by length.
  [[nodiscard]] std::vector<Sum> pareto(const Place& from, const Place& to) const;

  // Every route that visits no node twice. For a few dozen nodes.
  void each_simple(const Place& from, const Place& to, const std::function<void(const Path&)>& visit) const;

  // Whether the stretches join up, may be gone along, lead from the one place to the other and add up to the
  // path's own figures.
  [[nodiscard]] bool is_sound(const Path& path, const Place& from, const Place& to) const;

 private:
  struct End {
    std::uint32_t node;
    Stretch stretch;
  };
  [[nodiscard]] std::vector<End> starts(const Place& from) const;
  [[nodiscard]] std::vector<End> finishes(const Place& to) const;
  [[nodiscard]] std::optional<Stretch> direct(const Place& from, const Place& to) const;
  [[nodiscard]] Sum sum(const Stretch& stretch) const;
  [[nodiscard]] Stretch whole(const Link& link) const;
  [[nodiscard]] std::uint32_t node_at(const Stretch& stretch, std::uint32_t cm) const;

  const RoadGraph& graph_;
  std::vector<std::uint32_t> penalties_;
  Profile profile_;
};

// Those of the Pareto routes that are the cheapest at some weight from 0 to 5: the lower hull.
[[nodiscard]] std::vector<Sum> supported(const std::vector<Sum>& pareto);

}  // namespace diary::graph::test
