// SPDX-License-Identifier: Apache-2.0
#include "graph/engine.hpp"

#include <mutex>

#include "graph/cost_version.hpp"
#include "graph/hierarchy.hpp"
#include "graph/search.hpp"
#include "graph/snap_index.hpp"

namespace diary::graph {

struct Engine::Parts {
  Parts(std::vector<Street> streets, const Options& options)
      : graph(std::move(streets), options.graph), hierarchy(graph), costs(graph, hierarchy), places(graph) {}

  RoadGraph graph;
  Hierarchy hierarchy;
  LiveCosts costs;
  SnapIndex places;

  // Scratch memory for as many questions as were ever asked at once.
  std::mutex mutex;
  std::vector<std::unique_ptr<Search>> idle;
};

Engine::Engine(std::vector<Street> streets, const Options& options)
    : parts_(std::make_unique<Parts>(std::move(streets), options)) {}

Engine::~Engine() = default;

const RoadGraph& Engine::graph() const {
  return parts_->graph;
}

const SnapIndex& Engine::places() const {
  return parts_->places;
}

void Engine::set_scores(std::span<const ScoreChange> changes) {
  parts_->costs.apply(changes);
}

std::size_t Engine::bytes() const {
  return parts_->graph.bytes() + parts_->hierarchy.bytes() + parts_->costs.bytes() + parts_->places.bytes();
}

struct Engine::Inquiry::Parts {
  explicit Parts(Engine::Parts& of) : engine(of), reader(of.costs) {
    const std::scoped_lock lock(engine.mutex);
    if (engine.idle.empty()) return;
    search = std::move(engine.idle.back());
    engine.idle.pop_back();
  }
  ~Parts() {
    if (!search) return;
    const std::scoped_lock lock(engine.mutex);
    engine.idle.push_back(std::move(search));
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  // Asked once for the same: the curve and the alternative go on from where the cheapest path was found.
  Search& ask(const Place& from, const Place& to, Profile profile) {
    if (!search) search = std::make_unique<Search>(engine.graph);
    const auto same = [](const Place& a, const Place& b) {
      return a.edge == b.edge && a.offset_cm == b.offset_cm;
    };
    if (!asked || !same(asked->from, from) || !same(asked->to, to) || asked->profile != profile) {
      search->ask(reader.version(), from, to, profile);
      asked = {from, to, profile};
    }
    return *search;
  }

  struct Question {
    Place from;
    Place to;
    Profile profile;
  };
  Engine::Parts& engine;
  LiveCosts::Reader reader;
  std::unique_ptr<Search> search;
  std::optional<Question> asked;
};

Engine::Inquiry::Inquiry(const Engine& engine) : parts_(std::make_unique<Parts>(*engine.parts_)) {}
Engine::Inquiry::~Inquiry() = default;

std::optional<Path> Engine::Inquiry::cheapest(const Place& from, const Place& to, Profile profile,
                                              double weight) {
  Search& search = parts_->ask(from, to, profile);
  const Scale scale = Scale::of_weight(weight);
  return scale.b == 0 ? search.shortest() : search.run(scale);
}

std::optional<Path> Engine::Inquiry::alternative(const Place& from, const Place& to, Profile profile,
                                                 double weight, const Path& primary,
                                                 const AlternativeLimits& limits) {
  return find_alternative(parts_->ask(from, to, profile), Scale::of_weight(weight), primary, limits);
}

std::vector<CurvePoint> Engine::Inquiry::curve(const Place& from, const Place& to, Profile profile) {
  return trade_off_curve(parts_->ask(from, to, profile));
}

double Engine::Inquiry::score(EdgeId edge) const {
  return parts_->reader.version().scores[edge.value];
}

std::uint32_t Engine::Inquiry::penalty(EdgeId edge) const {
  return parts_->reader.version().penalties[edge.value];
}

}  // namespace diary::graph
