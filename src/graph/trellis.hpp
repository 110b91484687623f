// SPDX-License-Identifier: Apache-2.0
#pragma once

// The states of one stretch of a trace, column by column, and the ways between neighbouring columns.

#include <array>
#include <limits>
#include <vector>

#include "graph/nearby_routes.hpp"
#include "graph/plane.hpp"
#include "graph/snap_index.hpp"
#include "graph/trace.hpp"

namespace diary::graph {

inline constexpr std::size_t most_candidates = 16;
inline constexpr std::size_t most_states = 2 * most_candidates;
inline constexpr double impossible = -std::numeric_limits<double>::infinity();

// State 2c goes along the edge of candidate c, 2c + 1 against it.
struct Column {
  PointGroup group;
  std::vector<Place> places;
  std::vector<Metres> flat;                    // where they are, in the plane of the whole trace
  std::array<double, most_states> emission{};  // log
  std::array<double, most_states> score{};     // of the likeliest chain that ends here, turning back included
  std::array<std::uint8_t, most_states> from{};
  std::array<bool, most_states> turned{};  // came in as the other direction's state, then turned back
  std::vector<double> transition;          // log, from the column before: [from * states() + to]
  double forward_scale = 0;
  std::array<double, most_states> forward{};   // as one comes in
  std::array<double, most_states> backward{};  // as one comes in
  [[nodiscard]] std::size_t states() const { return 2 * places.size(); }
};

struct Move {
  double way_m = 0;
  double slip_m = 0;     // back on the edge, without turning: noise
  bool on_edge = false;  // or over junctions
  int turns = 0;         // back, at the junctions
};

// What the ways between places are. Keeps what it found for the columns that follow.
class Ways {
 public:
  Ways(const RoadGraph& graph, Profile profile) : graph_(graph), profile_(profile) {}

  // Makes ready for moves from one column to the next.
  void prepare(const Column& from, const Column& to, double limit_m, bool keep);
  [[nodiscard]] std::optional<Move> move(const Column& from, std::size_t i, const Column& to, std::size_t j,
                                         double slip_m) const;
  // The edges between the two, where the move is over junctions.
  [[nodiscard]] std::vector<Stretch> between(const Place& from, bool along, const Place& to, bool to_along,
                                             double limit_m);
  [[nodiscard]] std::size_t effort() const { return effort_; }

 private:
  struct Kept {
    NearbyRoutes routes;
    std::size_t used = 0;
  };
  [[nodiscard]] std::uint32_t routes_from(NodeId source, std::uint32_t limit_cm, bool keep);
  [[nodiscard]] NodeId exit(EdgeId edge, bool along) const {
    return along ? graph_.edge(edge).target : graph_.edge(edge).source;
  }

  const RoadGraph& graph_;
  Profile profile_;
  std::vector<Kept> kept_;
  std::size_t clock_ = 3;
  std::size_t effort_ = 0;
  std::vector<NodeId> targets_;
  std::array<std::uint32_t, most_states> source_of_{};  // rows of arrivals_
  std::array<std::uint32_t, most_states> target_of_{};
  std::vector<std::optional<NearbyRoutes::Arrival>> arrivals_;
};

}  // namespace diary::graph
