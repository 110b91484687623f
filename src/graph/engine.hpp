// SPDX-License-Identifier: Apache-2.0
#pragma once

// One graph with all that answers questions on it: where a place lies on it, the cheapest path at a weight,
// another path beside it, and all paths that are the cheapest at some weight. Any number of threads ask; one
// changes scores. Costs are as of one moment for all that is asked through one Inquiry.

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "graph/alternative.hpp"
#include "graph/curve.hpp"
#include "graph/live_costs.hpp"
#include "graph/path.hpp"
#include "graph/road_graph.hpp"

namespace diary::graph {

class SnapIndex;  // graph/snap_index.hpp

class Engine {
 public:
  struct Options {
    RoadGraph::Options graph{};
  };
  Engine(std::vector<Street> streets, const Options& options);
  explicit Engine(std::vector<Street> streets) : Engine(std::move(streets), Options{}) {}
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  [[nodiscard]] const RoadGraph& graph() const;
  [[nodiscard]] const SnapIndex& places() const;

  // The thread that changes.
  void set_scores(std::span<const ScoreChange> changes);

  [[nodiscard]] std::size_t bytes() const;

  // Questions about one moment's costs. Short-lived: writers wait for it. For one thread alone.
  class Inquiry {
   public:
    explicit Inquiry(const Engine& engine);
    ~Inquiry();
    Inquiry(const Inquiry&) = delete;
    Inquiry& operator=(const Inquiry&) = delete;

    // The cheapest path; ties are broken the same way each time, at weight 0 in favour of the safest, with
    // which the curve begins. None: not connected.
    // weight: 0..max_weight, to 20 binary digits behind the point.
    [[nodiscard]] std::optional<Path> cheapest(const Place& from, const Place& to, Profile profile,
                                               double weight);

    // The cheapest found at that weight that keeps the limits beside `primary`, a path of the same question.
    [[nodiscard]] std::optional<Path> alternative(const Place& from, const Place& to, Profile profile,
                                                  double weight, const Path& primary,
                                                  const AlternativeLimits& limits = {});

    // From the shortest to the safest, each cheapest in its interval; the intervals join up to 0..max_weight.
    // Empty: not connected.
    [[nodiscard]] std::vector<CurvePoint> curve(const Place& from, const Place& to, Profile profile);

    // Of this moment: 1..5.
    [[nodiscard]] double score(EdgeId edge) const;
    // length * (5 - score) / 5 in 1/32 cm.
    [[nodiscard]] std::uint32_t penalty(EdgeId edge) const;

   private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
  };

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace diary::graph
