// SPDX-License-Identifier: Apache-2.0
#include "graph/live_costs.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/readers_lock.hpp"
#include "graph/cost_version.hpp"

namespace diary::graph {
namespace {

using Clock = std::chrono::steady_clock;

// In scores. A bound is made for a score this much better than the edge's, so that the edge may improve by as
// much without any work; and it is made again once the score lies further than `patience` from it, or nearer
// than `haste`.
constexpr double slack = 0.04;
constexpr double patience = 0.2;
constexpr double haste = 0.02;
// Past 1/nth of all edges a whole customization is cheaper than lowering one arc after the other.
constexpr std::size_t most_lowered = 64;

// The customizing thread works for a fiftieth of the time at most, and leaves the processor to those who
// answer.
constexpr int rest = 50;
constexpr std::chrono::milliseconds least_rest{200};
constexpr int kindness = 5;

std::uint32_t penalty_for(std::uint32_t length_cm, double scores) {
  return static_cast<std::uint32_t>(length_cm * (scores / 5) * penalty_unit);
}

std::uint32_t low_of(std::uint32_t length_cm, std::uint32_t penalty) {
  const std::uint32_t by = penalty_for(length_cm, slack);
  return penalty > by ? penalty - by : 0;
}

}  // namespace

std::uint32_t penalty_of(std::uint32_t length_cm, double score) {
  return static_cast<std::uint32_t>(
      std::llround(static_cast<double>(length_cm) * penalty_unit * (5 - std::clamp(score, 1.0, 5.0)) / 5));
}

// Two versions: readers are in the one that `current` names. The writer brings the other, once its last
// reader has gone, up to the first, changes it, and flips. All but `current` and the locks belongs to the
// holder of `writing`.
struct LiveCosts::Sides {
  using Arcs = std::vector<std::vector<Metric::Change>>;  // of each metric

  // Bounds made from the costs of some moment.
  struct Bounds {
    std::vector<std::uint32_t> low_penalties;
    std::vector<Metric> metrics;
  };

  // What the version that is not current lacks.
  struct Step {
    std::vector<ScoreChange> scores;
    std::vector<EdgeId> lowered;
    Arcs arcs;
    bool whole = false;  // all arcs were computed
    Bounds bounds;       // take the place of the version's own, if there are any
  };

  const RoadGraph& graph;
  const Hierarchy& hierarchy;
  std::mutex writing;
  std::array<CostVersion, 2> versions;
  mutable std::array<ReadersLock, 2> locks;
  std::atomic<std::size_t> current{0};
  Step last;
  std::vector<std::array<std::uint32_t, 2>> links_of;  // by edge
  std::vector<EdgeId> changed;                         // since the costs that are being customized
  bool customizing = false;
  std::atomic<std::uint64_t> customizations{0};

  Sides(const RoadGraph& g, const Hierarchy& h);
  template <class Act>
  void change(Act&& act);
  void catch_up(CostVersion& version);
  void write_scores(CostVersion& version, std::span<const ScoreChange> changes) const;
  [[nodiscard]] bool move_bounds(CostVersion& version, std::span<const ScoreChange> changes);
  void lower(CostVersion& version);
  [[nodiscard]] std::vector<std::uint32_t> begin_customizing();
  [[nodiscard]] Bounds customized(const std::vector<std::uint32_t>& penalties) const;
  void adopt(Bounds first, Bounds second);
};

LiveCosts::Sides::Sides(const RoadGraph& g, const Hierarchy& h) : graph(g), hierarchy(h) {
  CostVersion& version = versions[0];
  const std::size_t edges = graph.edge_count();
  constexpr double unrated = 3;
  version.scores.assign(edges, unrated);
  for (std::uint32_t e = 0; e < edges; ++e)
    version.penalties.push_back(penalty_of(graph.edge(EdgeId(e)).length_cm, unrated));
  version.links.reserve(2 * edges);
  links_of.resize(edges);
  for (std::uint32_t v = 0; v < graph.node_count(); ++v)
    for (const Link& link : graph.links(NodeId(v))) {
      const EdgeId e = link.edge;
      links_of[e.value][link.along ? 0 : 1] = static_cast<std::uint32_t>(version.links.size());
      version.links.push_back({.head = link.head.value,
                               .edge = e.value & 0x3fffffffU,
                               .walk = graph.passable(e, link.along, Profile::walk),
                               .bike = graph.passable(e, link.along, Profile::bike),
                               .length_cm = graph.edge(e).length_cm,
                               .penalty = version.penalties[e.value]});
    }
  Bounds bounds = customized(version.penalties);
  version.low_penalties = std::move(bounds.low_penalties);
  version.metrics = std::move(bounds.metrics);
  versions[1] = version;
}

// Lets `act` change the version that nobody reads, and has everybody read it from then on.
template <class Act>
void LiveCosts::Sides::change(Act&& act) {
  const std::size_t after = 1 - current;
  {
    const std::scoped_lock lock(locks[after]);
    catch_up(versions[after]);
    act(versions[after]);
  }
  current = after;
}

void LiveCosts::Sides::catch_up(CostVersion& version) {
  const CostVersion& newest = versions[current];
  if (!last.bounds.metrics.empty()) {
    version.low_penalties.swap(last.bounds.low_penalties);
    version.metrics.swap(last.bounds.metrics);
  }
  write_scores(version, last.scores);
  for (const EdgeId edge : last.lowered) version.low_penalties[edge.value] = newest.low_penalties[edge.value];
  if (last.whole) {
    version.low_penalties = newest.low_penalties;
    version.metrics = newest.metrics;
  }
  for (std::size_t i = 0; i < last.arcs.size(); ++i) version.metrics[i].repeat(last.arcs[i]);
  last = {};
}

void LiveCosts::Sides::write_scores(CostVersion& version, std::span<const ScoreChange> changes) const {
  for (const auto& [edge, score] : changes) {
    const std::uint32_t penalty = penalty_of(graph.edge(edge).length_cm, score);
    version.scores[edge.value] = score;
    version.penalties[edge.value] = penalty;
    for (const std::uint32_t link : links_of[edge.value]) version.links[link].penalty = penalty;
  }
}

// Lists the edges whose low penalties are not low any more. True when some bounds are to be made again soon.
bool LiveCosts::Sides::move_bounds(CostVersion& version, std::span<const ScoreChange> changes) {
  bool soon = false;
  for (const ScoreChange& change : changes) {
    const EdgeId edge = change.edge;
    const std::uint32_t length_cm = graph.edge(edge).length_cm;
    const std::uint32_t penalty = version.penalties[edge.value];
    std::uint32_t& low = version.low_penalties[edge.value];
    if (penalty < low) {
      low = low_of(length_cm, penalty);
      last.lowered.push_back(edge);
    } else if (penalty - low > penalty_for(length_cm, patience) ||
               (low > 0 && penalty - low < penalty_for(length_cm, haste))) {
      soon = true;
    }
    if (customizing) changed.push_back(edge);
  }
  return soon;
}

void LiveCosts::Sides::lower(CostVersion& version) {
  last.whole = last.lowered.size() * most_lowered > graph.edge_count() + 10 * most_lowered;
  if (last.whole) {  // and those that rose as well, while at it
    for (std::uint32_t e = 0; e < version.low_penalties.size(); ++e)
      version.low_penalties[e] = low_of(graph.edge(EdgeId(e)).length_cm, version.penalties[e]);
    for (Metric& metric : version.metrics) metric.customize(version.low_penalties);
    return;
  }
  last.arcs.resize(version.metrics.size());
  for (std::size_t i = 0; i < version.metrics.size(); ++i)
    version.metrics[i].lower(last.lowered, version.low_penalties, last.arcs[i]);
}

// Returns the penalties of this moment; from here on `changed` lists the edges that change.
std::vector<std::uint32_t> LiveCosts::Sides::begin_customizing() {
  const std::scoped_lock lock(writing);
  changed.clear();
  customizing = true;
  return versions[current].penalties;
}

LiveCosts::Sides::Bounds LiveCosts::Sides::customized(const std::vector<std::uint32_t>& penalties) const {
  Bounds bounds;
  bounds.low_penalties.reserve(penalties.size());
  for (std::uint32_t e = 0; e < penalties.size(); ++e)
    bounds.low_penalties.push_back(low_of(graph.edge(EdgeId(e)).length_cm, penalties[e]));
  bounds.metrics.emplace_back(graph, hierarchy, Profile::walk);
  if (!graph.profiles_agree()) bounds.metrics.emplace_back(graph, hierarchy, Profile::bike);
  for (Metric& metric : bounds.metrics) metric.customize(bounds.low_penalties);
  return bounds;
}

// Two equal ones, a version each, so that nothing large is copied while the writer waits.
void LiveCosts::Sides::adopt(Bounds first, Bounds second) {
  const std::scoped_lock lock(writing);
  change([&](CostVersion& version) {
    version.low_penalties.swap(first.low_penalties);
    version.metrics.swap(first.metrics);
    last.bounds = std::move(second);
    for (const EdgeId edge : changed) {
      std::uint32_t& low = version.low_penalties[edge.value];
      if (version.penalties[edge.value] >= low) continue;
      low = low_of(graph.edge(edge).length_cm, version.penalties[edge.value]);
      last.lowered.push_back(edge);
    }
    lower(version);
  });
  customizing = false;
}

// Makes all bounds again when it is told to, and rests.
class LiveCosts::Customizer {
 public:
  explicit Customizer(Sides& sides) : sides_(sides), thread_([this] { work(); }) {}
  ~Customizer() {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  Customizer(const Customizer&) = delete;
  Customizer& operator=(const Customizer&) = delete;

  void soon() {
    {
      const std::scoped_lock lock(mutex_);
      wanted_ = true;
    }
    wake_.notify_one();
  }

 private:
  void work() {
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kindness);  // on Linux, of the thread alone
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return stopping_ || wanted_; });
      if (stopping_) return;
      wanted_ = false;
      lock.unlock();
      const auto begun = Clock::now();
      customize();
      const auto pause = std::max<Clock::duration>(least_rest, rest * (Clock::now() - begun));
      lock.lock();
      wake_.wait_for(lock, pause, [this] { return stopping_; });
    }
  }

  void customize() {
    auto first = sides_.customized(sides_.begin_customizing());
    auto second = first;
    sides_.adopt(std::move(first), std::move(second));
    ++sides_.customizations;
  }

  Sides& sides_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool wanted_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

LiveCosts::LiveCosts(const RoadGraph& graph, const Hierarchy& hierarchy)
    : sides_(std::make_unique<Sides>(graph, hierarchy)) {}

LiveCosts::~LiveCosts() = default;

void LiveCosts::apply(std::span<const ScoreChange> changes) {
  if (changes.empty()) return;
  bool soon = false;
  {
    const std::scoped_lock lock(sides_->writing);
    sides_->change([&](CostVersion& version) {
      sides_->write_scores(version, changes);
      sides_->last.scores.assign(changes.begin(), changes.end());
      soon = sides_->move_bounds(version, changes);
      if (!sides_->last.lowered.empty()) sides_->lower(version);
    });
  }
  if (!soon) return;
  if (!customizer_) customizer_ = std::make_unique<Customizer>(*sides_);
  customizer_->soon();
}

std::uint64_t LiveCosts::customizations() const {
  return sides_->customizations;
}

LiveCosts::Reader::Reader(const LiveCosts& costs) : costs_(costs), version_(nullptr), side_(0) {
  Sides& sides = *costs.sides_;
  while (true) {
    side_ = sides.current;
    // Refused only while the writer is in there, and then there is a newer one.
    if (sides.locks[side_].try_lock_shared()) break;
    std::this_thread::yield();
  }
  version_ = &sides.versions[side_];
}

LiveCosts::Reader::~Reader() {
  costs_.sides_->locks[side_].unlock_shared();
}

std::size_t LiveCosts::bytes() const {
  const auto of = [](const auto& v) { return v.capacity() * sizeof(v[0]); };
  const std::scoped_lock lock(sides_->writing);
  std::size_t all = of(sides_->links_of);
  for (const CostVersion& v : sides_->versions) {
    all += of(v.links) + of(v.scores) + of(v.penalties) + of(v.low_penalties);
    for (const Metric& metric : v.metrics) all += metric.bytes();
  }
  return all;
}

}  // namespace diary::graph
