// SPDX-License-Identifier: Apache-2.0
#include "app/reach.hpp"

#include "graph/snap_index.hpp"

namespace diary {
namespace {

using Clock = std::chrono::steady_clock;

// The inquiry ends with the search: the area takes longer, and needs no scores.
std::vector<graph::ReachedStretch> reached_now(const graph::Engine& engine, const graph::Place& from,
                                               const graph::IsochroneOptions& options) {
  const graph::Engine::Inquiry inquiry(engine);
  const auto penalty_m = [&](graph::EdgeId edge) {
    return inquiry.penalty(edge) / (100.0 * graph::penalty_unit);
  };
  return graph::reached_streets(engine.graph(), from, penalty_m, options);
}

double metres_of(const std::vector<graph::ReachedStretch>& streets) {
  double metres = 0;
  for (const auto& stretch : streets) metres += (stretch.to_cm - stretch.from_cm) / 100.0;
  return metres;
}

}  // namespace

Result<ReachAnswer> find_reach(const EnginePtr& engine, const ReachQuestion& question,
                               const RoutingLimits& limits, const MayGoOn& may_go_on) {
  if (!engine) return fail(no_graph_yet());
  const auto begun = Clock::now();
  const auto place = snap(*engine, question.origin, question.profile, limits.snap_reach_m);
  if (!place) {
    const FieldError field = off_street("origin", question.origin, limits.snap_reach_m);
    return fail(Error{Errc::unprocessable, "origin " + field.message, {field}});
  }
  const graph::IsochroneOptions options{
      .profile = question.profile, .budget_m = question.budget_m, .weight = question.weight};
  ReachAnswer answer{*place, std::string(engine->graph().segment_id(place->edge)), {}};
  answer.reached.streets = reached_now(*engine, *place, options);
  answer.reached.street_m = metres_of(answer.reached.streets);
  if (auto stop = may_go_on()) return fail(std::move(*stop));
  answer.reached.area = graph::area_around(engine->graph(), answer.reached.streets, options);
  if (auto stop = may_go_on()) return fail(std::move(*stop));
  answer.computation_time = Clock::now() - begun;
  return answer;
}

Result<TraceAnswer> match_trace(EnginePtr engine, const TraceQuestion& question, const MayGoOn& may_go_on) {
  if (!engine) return fail(no_graph_yet());
  const auto begun = Clock::now();
  auto match =
      graph::match(engine->graph(), engine->places(), question.points, {.profile = question.profile});
  if (!match) return fail(std::move(match.error()));
  if (auto stop = may_go_on()) return fail(std::move(*stop));
  return TraceAnswer{std::move(engine), std::move(*match), Clock::now() - begun};
}

}  // namespace diary
