// SPDX-License-Identifier: Apache-2.0
#pragma once

// The streets as a graph that answers for routes, its costs never behind the scores that readers see. Scores
// move in place; new, gone and changed streets have another graph built beside it, which then takes its
// place. Knows nothing of databases.

#include <chrono>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "graph/engine.hpp"
#include "store/city_store.hpp"

namespace diary::snapshot {

class StreetNetwork {
 public:
  struct Options {
    double join_m = 0.5;  // ends nearer than this meet, where the source has no nodes
    std::chrono::milliseconds pause_after_failure{10'000};
  };
  explicit StreetNetwork(const Options& options);
  StreetNetwork() : StreetNetwork(Options{}) {}
  ~StreetNetwork();  // waits for a graph that is being built
  StreetNetwork(const StreetNetwork&) = delete;
  StreetNetwork& operator=(const StreetNetwork&) = delete;

  // Nothing until the first is built. Streets that came, went or changed show once another is; ask anew for
  // each request.
  [[nodiscard]] std::shared_ptr<const graph::Engine> engine() const;

  struct State {
    using Clock = std::chrono::steady_clock;
    std::size_t nodes = 0;
    std::size_t edges = 0;
    std::size_t bytes = 0;
    std::uint64_t builds = 0;  // that took their place
    std::uint64_t failures = 0;
    std::chrono::duration<double> build_time{};  // of the last one
    std::optional<Clock::time_point> since;      // when it took its place
    std::size_t awaited = 0;                     // streets that came, went or changed since
  };
  [[nodiscard]] State state() const;

  // From here on, for the one thread that changes.

  void begin_loading();
  void add(const std::vector<LiveSegment>& segments);
  void finish_loading(Time at);  // does not wait for the graph

  // Until the graph that is being built, if one is, has taken its place.
  void wait(Time at);

  // Scores of known streets are those of `at` for every question that is asked afterwards.
  void put(const std::vector<LiveSegment>& segments, Time at);
  void remove(const std::vector<std::string>& segment_ids);
  // The same for streets that are as they were. Not while a graph is being built: that is given streets
  // alone.
  void move(const std::vector<SegmentState>& states, Time at);
  [[nodiscard]] bool is_building() const { return building_.valid(); }

  // To be called often: lets a graph that is ready take its place, has another one built when streets wait
  // for it, and every few seconds moves the scores as time does.
  void refresh(Time at);

 private:
  // What a segment's score of any moment is made of.
  struct Sums {
    double w = 0;
    double s = 0;
  };
  struct Known {
    graph::Street street;
    Sums sums;
  };
  using Changes = std::map<std::string, std::optional<Known>, std::less<>>;  // nothing: it is gone
  struct Graph;
  struct Job;

  [[nodiscard]] static Known known(const LiveSegment& segment);
  static bool put_into(Graph& graph, const Known& known, double decay,
                       std::vector<graph::ScoreChange>& scores);
  void put_one(Known known, double decay, std::vector<graph::ScoreChange>& scores);
  void remove_one(const std::string& segment_id);
  void build(Time at);
  void take_over(Time at);
  void publish();
  void replay(Changes changes, double decay);
  static std::shared_ptr<Graph> built(Job& job);
  static void age(Graph& graph, double decay);
  void tell();

  Options options_;
  std::shared_ptr<Graph> graph_;
  // What graph_ does not have; and while a graph is being built, all that was put since that began.
  Changes changes_;
  bool loaded_ = false;
  std::shared_ptr<Job> job_;
  std::size_t in_work_ = 0;  // changes that the job took
  std::future<std::shared_ptr<Graph>> building_;
  State::Clock::time_point next_build_{};
  std::optional<Time> aged_;

  mutable std::mutex mutex_;
  std::shared_ptr<const graph::Engine> engine_;
  State state_;
};

}  // namespace diary::snapshot
