// SPDX-License-Identifier: Apache-2.0
#include "snapshot/street_network.hpp"

#include <malloc.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "snapshot/score.hpp"

namespace diary::snapshot {
namespace {

constexpr std::chrono::seconds age_interval{5};
constexpr double least_move = 1e-9;  // of a score, that time makes
constexpr int kindness = 5;  // of the thread that builds, to those that answer; none of the first build

double metres(const std::string& text) {
  double value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size())
    throw std::logic_error("a segment's length is no number: " + text);
  return value;
}

std::uint32_t centimetres(double length_m) {
  return std::max(1U, static_cast<std::uint32_t>(std::llround(length_m * 100)));
}

}  // namespace

// What it takes to build the next one is read from the graph itself; what it numbers anew or leaves out
// stands beside it, by edge.
struct StreetNetwork::Graph {
  struct Nodes {
    std::int64_t source = 0;
    std::int64_t target = 0;
    bool operator==(const Nodes&) const = default;
  };
  Graph(std::vector<graph::Street> streets, const graph::Engine::Options& options)
      : engine(std::move(streets), options) {}

  graph::Engine engine;
  std::vector<Nodes> nodes;
  std::vector<Sums> sums;
  std::chrono::duration<double> build_time{};

  [[nodiscard]] graph::Street street(graph::EdgeId edge) const;
  [[nodiscard]] bool has(graph::EdgeId edge, const graph::Street& street) const;
  [[nodiscard]] std::size_t bytes() const {
    return engine.bytes() + nodes.capacity() * sizeof(Nodes) + sums.capacity() * sizeof(Sums);
  }
};

graph::Street StreetNetwork::Graph::street(graph::EdgeId edge) const {
  const graph::RoadGraph& roads = engine.graph();
  graph::Street street{.id = std::string(roads.segment_id(edge)),
                       .name = std::string(roads.street(edge)),
                       .source_node = nodes[edge.value].source,
                       .target_node = nodes[edge.value].target,
                       .length_m = roads.edge(edge).length_cm / 100.0,
                       .access = roads.edge(edge).access,
                       .line = {}};
  street.line.reserve(roads.line(edge).size());
  for (const graph::Point& point : roads.line(edge)) street.line.push_back(point.degrees());
  return street;
}

bool StreetNetwork::Graph::has(graph::EdgeId edge, const graph::Street& street) const {
  const graph::RoadGraph& roads = engine.graph();
  return nodes[edge.value] == Nodes{street.source_node, street.target_node} &&
         roads.edge(edge).length_cm == centimetres(street.length_m) &&
         roads.edge(edge).access == street.access && roads.street(edge) == street.name &&
         std::ranges::equal(roads.line(edge), street.line, {}, {}, graph::Point::from);
}

// For the thread that builds: nobody changes any of it meanwhile.
struct StreetNetwork::Job {
  graph::Engine::Options options;
  std::shared_ptr<const Graph> base;
  std::vector<Sums> sums;  // base's, which move
  Changes changes;
  double decay = 1;

  [[nodiscard]] std::vector<graph::Street> streets() const;
  void fill(Graph& graph) const;
};

std::vector<graph::Street> StreetNetwork::Job::streets() const {
  std::vector<graph::Street> all;
  all.reserve(sums.size() + changes.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const graph::EdgeId edge(i);
    if (!changes.contains(base->engine.graph().segment_id(edge))) all.push_back(base->street(edge));
  }
  for (const auto& [id, change] : changes) {
    if (change) all.push_back(change->street);
  }
  return all;
}

void StreetNetwork::Job::fill(Graph& graph) const {
  const graph::RoadGraph& roads = graph.engine.graph();
  graph.nodes.reserve(roads.edge_count());
  graph.sums.reserve(roads.edge_count());
  for (std::size_t i = 0; i < roads.edge_count(); ++i) {
    const std::string_view id = roads.segment_id(graph::EdgeId(i));
    if (const auto change = changes.find(id); change != changes.end()) {
      graph.nodes.push_back({change->second->street.source_node, change->second->street.target_node});
      graph.sums.push_back(change->second->sums);
    } else {
      const auto before = base->engine.graph().find(id)->value;
      graph.nodes.push_back(base->nodes[before]);
      graph.sums.push_back(sums[before]);
    }
  }
}

StreetNetwork::StreetNetwork(const Options& options) : options_(options) {}
StreetNetwork::~StreetNetwork() = default;

std::shared_ptr<const graph::Engine> StreetNetwork::engine() const {
  const std::scoped_lock lock(mutex_);
  return engine_;
}

StreetNetwork::State StreetNetwork::state() const {
  const std::scoped_lock lock(mutex_);
  return state_;
}

StreetNetwork::Known StreetNetwork::known(const LiveSegment& segment) {
  return {{.id = segment.segment_id,
           .name = segment.street,
           .source_node = segment.source_node,
           .target_node = segment.target_node,
           .length_m = metres(segment.length_m),
           .access = segment.access,
           .line = segment.line},
          {segment.w, segment.s}};
}

void StreetNetwork::begin_loading() {
  changes_.clear();
}

void StreetNetwork::add(const std::vector<LiveSegment>& segments) {
  for (const LiveSegment& segment : segments) changes_.insert_or_assign(segment.segment_id, known(segment));
}

void StreetNetwork::finish_loading(Time at) {
  loaded_ = true;
  build(at);
}

void StreetNetwork::wait(Time at) {
  if (!building_.valid()) return;
  building_.wait();
  take_over(at);
  tell();
}

// Whether the graph has that very street. Its score counts either way: until another graph takes over, this
// one is asked for the street as it was.
bool StreetNetwork::put_into(Graph& graph, const Known& known, double decay,
                             std::vector<graph::ScoreChange>& scores) {
  const auto edge = graph.engine.graph().find(known.street.id);
  if (!edge) return false;
  graph.sums[edge->value] = known.sums;
  scores.push_back({*edge, mean(known.sums.w, known.sums.s, decay)});
  return graph.has(*edge, known.street);
}

void StreetNetwork::put_one(Known known, double decay, std::vector<graph::ScoreChange>& scores) {
  const bool as_it_was = graph_ && put_into(*graph_, known, decay, scores);
  std::string id = known.street.id;
  if (as_it_was && !building_.valid())
    changes_.erase(id);
  else
    changes_.insert_or_assign(std::move(id), std::move(known));
}

void StreetNetwork::remove_one(const std::string& segment_id) {
  if (building_.valid() || (graph_ && graph_->engine.graph().find(segment_id)))
    changes_.insert_or_assign(segment_id, std::nullopt);
  else
    changes_.erase(segment_id);
}

void StreetNetwork::put(const std::vector<LiveSegment>& segments, Time at) {
  const double decay = decay_at(at);
  std::vector<graph::ScoreChange> scores;
  for (const LiveSegment& segment : segments) put_one(known(segment), decay, scores);
  if (!scores.empty()) graph_->engine.set_scores(scores);
  tell();
}

void StreetNetwork::move(const std::vector<SegmentState>& states, Time at) {
  if (!graph_) return;
  const double decay = decay_at(at);
  std::vector<graph::ScoreChange> scores;
  for (const SegmentState& state : states) {
    if (const auto awaited = changes_.find(state.segment_id); awaited != changes_.end() && awaited->second)
      awaited->second->sums = {state.w, state.s};
    const auto edge = graph_->engine.graph().find(state.segment_id);
    if (!edge) continue;
    graph_->sums[edge->value] = {state.w, state.s};
    scores.push_back({*edge, mean(state.w, state.s, decay)});
  }
  if (!scores.empty()) graph_->engine.set_scores(scores);
}

void StreetNetwork::remove(const std::vector<std::string>& segment_ids) {
  for (const std::string& id : segment_ids) remove_one(id);
  tell();
}

void StreetNetwork::refresh(Time at) {
  if (building_.valid() && building_.wait_for(std::chrono::seconds{0}) == std::future_status::ready)
    take_over(at);
  if (loaded_ && !building_.valid() && !changes_.empty() && State::Clock::now() >= next_build_) build(at);
  if (graph_ && (!aged_ || at < *aged_ || at - *aged_ >= age_interval)) {
    age(*graph_, decay_at(at));
    aged_ = at;
  }
  tell();
}

void StreetNetwork::build(Time at) {
  in_work_ = changes_.size();
  job_ = std::make_shared<Job>(Job{.options = {.graph = {.join_m = options_.join_m}},
                                   .base = graph_,
                                   .sums = graph_ ? graph_->sums : std::vector<Sums>{},
                                   .changes = std::exchange(changes_, {}),
                                   .decay = decay_at(at)});
  building_ = std::async(std::launch::async, [job = job_] { return built(*job); });
}

std::shared_ptr<StreetNetwork::Graph> StreetNetwork::built(Job& job) {
  if (job.base)
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kindness);  // on Linux, of the thread alone
  const auto begun = State::Clock::now();
  auto graph = std::make_shared<Graph>(job.streets(), job.options);
  job.fill(*graph);
  age(*graph, job.decay);
  graph->build_time = State::Clock::now() - begun;
  job.changes.clear();
  return graph;
}

void StreetNetwork::take_over(Time at) {
  const auto job = std::exchange(job_, nullptr);
  in_work_ = 0;
  try {
    auto graph = building_.get();
    next_build_ = State::Clock::now() + std::chrono::duration_cast<State::Clock::duration>(
                                            graph->build_time);  // half the time at most
    graph_ = std::move(graph);
  } catch (const std::exception& e) {
    spdlog::error("no street network could be built: {}", e.what());
    next_build_ = State::Clock::now() + options_.pause_after_failure;
    for (auto& [id, change] : job->changes) changes_.try_emplace(id, std::move(change));
    const std::scoped_lock lock(mutex_);
    ++state_.failures;
    return;
  }
  const double decay = decay_at(at);
  replay(std::exchange(changes_, {}), decay);
  age(*graph_, decay);
  aged_ = at;
  publish();
  malloc_trim(0);  // of the build and of the old one
}

void StreetNetwork::publish() {
  const std::scoped_lock lock(mutex_);
  engine_ = std::shared_ptr<const graph::Engine>(graph_, &graph_->engine);
  state_.nodes = graph_->engine.graph().node_count();
  state_.edges = graph_->engine.graph().edge_count();
  state_.bytes = graph_->bytes();
  state_.build_time = graph_->build_time;
  state_.since = State::Clock::now();
  ++state_.builds;
  spdlog::info("built the street network: {} streets, {} junctions, {} MB, {:.2f} s", state_.edges,
               state_.nodes, state_.bytes / 1'000'000, state_.build_time.count());
}

// What was put while the graph was built, into it; what it does not have waits for the next one.
void StreetNetwork::replay(Changes changes, double decay) {
  std::vector<graph::ScoreChange> scores;
  for (auto& [id, change] : changes) {
    if (change)
      put_one(std::move(*change), decay, scores);
    else
      remove_one(id);
  }
  if (!scores.empty()) graph_->engine.set_scores(scores);
}

// Scores as they are at that moment: nobody's sums changed, but they count for less.
void StreetNetwork::age(Graph& graph, double decay) {
  std::vector<graph::ScoreChange> scores;
  {
    const graph::Engine::Inquiry shown(graph.engine);
    for (std::size_t i = 0; i < graph.sums.size(); ++i) {
      const double now = mean(graph.sums[i].w, graph.sums[i].s, decay);
      if (std::abs(now - shown.score(graph::EdgeId(i))) > least_move)
        scores.push_back({graph::EdgeId(i), now});
    }
  }
  if (!scores.empty()) graph.engine.set_scores(scores);
}

void StreetNetwork::tell() {
  const std::scoped_lock lock(mutex_);
  state_.awaited = changes_.size() + in_work_;
}

}  // namespace diary::snapshot
