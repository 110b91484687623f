// SPDX-License-Identifier: Apache-2.0
#include "app/routing.hpp"

#include <fmt/format.h>

#include <array>
#include <numeric>

#include "domain/line.hpp"
#include "graph/snap_index.hpp"

namespace diary {
namespace {

using Parts = graph::SnapIndex::Parts;
using Clock = std::chrono::steady_clock;

std::string json_of(LngLat at) {
  return fmt::format("[{},{}]", at.lng, at.lat);
}

std::optional<Error> too_far_apart(const RouteQuestion& question, double max_m) {
  const std::array<LngLat, 2> line{question.origin, question.destination};
  const double apart_m = line_length_m(line);
  if (apart_m <= max_m) return std::nullopt;
  const std::string message =
      fmt::format("is {:.0f} m from the origin; routes are computed up to {:.0f} m", apart_m, max_m);
  return Error{Errc::unprocessable,
               "destination " + message,
               {{"destination", message, json_of(question.destination)}}};
}

struct Ends {
  graph::Place origin;
  graph::Place destination;
};

// Both on the part that hangs together, or both wherever the nearest street is: on the same island there may
// be a way.
Result<Ends> find_ends(const graph::Engine& engine, const RouteQuestion& question, double reach_m) {
  const auto& places = engine.places();
  for (const Parts parts : {Parts::main_only, Parts::all}) {
    const auto origin = places.nearest(question.origin, question.profile, reach_m, parts);
    const auto destination = places.nearest(question.destination, question.profile, reach_m, parts);
    if (origin && destination) return Ends{*origin, *destination};
    if (parts == Parts::main_only) continue;
    std::vector<FieldError> fields;
    if (!origin) fields.push_back(off_street("origin", question.origin, reach_m));
    if (!destination) fields.push_back(off_street("destination", question.destination, reach_m));
    std::string message;
    for (const FieldError& field : fields)
      message += (message.empty() ? "" : "; ") + field.field + " " + field.message;
    return fail(Error{Errc::unprocessable, std::move(message), std::move(fields)});
  }
  return fail(Errc::failed, "no part was looked at");
}

// One question's answers, all of one moment.
class Asked {
 public:
  Asked(const graph::Engine& engine, const Ends& ends, const RouteQuestion& question)
      : engine_(engine), ends_(ends), question_(question), inquiry_(engine) {}

  std::optional<graph::Path> cheapest(double weight) {
    return inquiry_.cheapest(ends_.origin, ends_.destination, question_.profile, weight);
  }
  std::optional<graph::Path> alternative(const graph::Path& primary) {
    return inquiry_.alternative(ends_.origin, ends_.destination, question_.profile, question_.weight,
                                primary);
  }
  std::vector<graph::CurvePoint> curve() {
    return inquiry_.curve(ends_.origin, ends_.destination, question_.profile);
  }
  graph::Description describe(const graph::Path& path, double weight, const graph::Path* shortest) const {
    return graph::describe(
        engine_.graph(), path, question_.profile, weight,
        [this](graph::EdgeId edge) { return inquiry_.score(edge); }, shortest);
  }

 private:
  const graph::Engine& engine_;
  const Ends& ends_;
  const RouteQuestion& question_;
  graph::Engine::Inquiry inquiry_;
};

void add_curve(RouteAnswer& answer, Asked& asked) {
  const auto curve = asked.curve();
  answer.curve_total = curve.size();
  for (const std::size_t i : thinned(curve.size(), limits::max_curve_routes)) {
    const graph::CurvePoint& point = curve[i];
    answer.curve.push_back({point.from_weight, point.to_weight, point.path.cost_m(1) - point.path.length_m(),
                            asked.describe(point.path, point.from_weight, nullptr)});
  }
}

std::optional<Error> answer_at(RouteAnswer& answer, const RouteQuestion& question, const Ends& ends,
                               const MayGoOn& may_go_on) {
  Asked asked(*answer.engine, ends, question);
  const auto primary = asked.cheapest(question.weight);
  if (!primary) return Error{Errc::no_route, "no way leads from the origin to the destination"};
  const auto shortest = question.weight > 0 ? asked.cheapest(0) : primary;
  answer.primary = asked.describe(*primary, question.weight, &*shortest);
  if (question.include_alternative) {
    if (auto stop = may_go_on()) return stop;
    if (const auto other = asked.alternative(*primary))
      answer.alternative = asked.describe(*other, question.weight, &*shortest);
  }
  if (question.curve) {
    if (auto stop = may_go_on()) return stop;
    add_curve(answer, asked);
  }
  return may_go_on();
}

}  // namespace

MayGoOn within(std::chrono::milliseconds time) {
  return [end = Clock::now() + time]() -> std::optional<Error> {
    if (Clock::now() < end) return std::nullopt;
    return Error{Errc::unavailable, "the computation took too long", {}, std::chrono::seconds{1}};
  };
}

Error no_graph_yet() {
  return Error{Errc::unavailable, "the street network is still being built", {}, std::chrono::seconds{2}};
}

std::optional<graph::Place> snap(const graph::Engine& engine, LngLat at, graph::Profile profile,
                                 double reach_m) {
  if (auto place = engine.places().nearest(at, profile, reach_m, Parts::main_only)) return place;
  return engine.places().nearest(at, profile, reach_m, Parts::all);
}

FieldError off_street(const char* field, LngLat at, double reach_m) {
  return {field, fmt::format("is more than {:.0f} m from any street", reach_m), json_of(at)};
}

std::vector<std::size_t> thinned(std::size_t total, std::size_t most) {
  std::vector<std::size_t> kept(std::min(total, most));
  std::iota(kept.begin(), kept.end(), 0);
  if (total > most && most > 1)
    for (std::size_t& i : kept) i = i * (total - 1) / (most - 1);
  return kept;
}

Result<RouteAnswer> calculate_route(EnginePtr engine, const RouteQuestion& question,
                                    const RoutingLimits& limits, const MayGoOn& may_go_on) {
  if (!engine) return fail(no_graph_yet());
  if (auto far = too_far_apart(question, limits.max_route_m)) return fail(std::move(*far));
  const auto begun = Clock::now();
  const auto ends = find_ends(*engine, question, limits.snap_reach_m);
  if (!ends) return fail(ends.error());
  RouteAnswer answer{.engine = std::move(engine),
                     .origin = ends->origin,
                     .destination = ends->destination,
                     .primary = {},
                     .alternative = std::nullopt,
                     .curve = {}};
  if (auto error = answer_at(answer, question, *ends, may_go_on)) return fail(std::move(*error));
  answer.computation_time = Clock::now() - begun;
  return answer;
}

}  // namespace diary
