// SPDX-License-Identifier: Apache-2.0
#pragma once

// What each edge costs now. Any number of threads read, each holding one version that does not change under
// it; one thread writes, and every version that is taken after apply() returned has what it wrote. The bounds
// that searches steer by follow behind: they lie below the costs at every moment, and a thread of low
// priority draws them up to the costs again.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "graph/ids.hpp"
#include "graph/road_graph.hpp"

namespace diary::graph {

class Hierarchy;
struct CostVersion;  // graph/cost_version.hpp

struct ScoreChange {
  EdgeId edge;
  double score = 3;  // 1..5
};

class LiveCosts {
 public:
  // All edges at 3. Keeps references to both.
  LiveCosts(const RoadGraph& graph, const Hierarchy& hierarchy);
  ~LiveCosts();
  LiveCosts(const LiveCosts&) = delete;
  LiveCosts& operator=(const LiveCosts&) = delete;

  // A version, held until this goes; made and destroyed by the same thread.
  class Reader {
   public:
    explicit Reader(const LiveCosts& costs);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    [[nodiscard]] const CostVersion& version() const { return *version_; }

   private:
    const LiveCosts& costs_;
    const CostVersion* version_;
    std::size_t side_;
  };

  // All of them become visible at once. Waits for readers of the version before the last; so readers must
  // not hold theirs for long, and never while they call this.
  void apply(std::span<const ScoreChange> changes);

  // How often the bounds were drawn up to the costs.
  [[nodiscard]] std::uint64_t customizations() const;

  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Sides;
  class Customizer;
  std::unique_ptr<Sides> sides_;
  std::unique_ptr<Customizer> customizer_;  // ends before the sides do
};

}  // namespace diary::graph
