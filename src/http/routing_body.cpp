// SPDX-License-Identifier: Apache-2.0
#include "http/routing_body.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <utility>

#include "http/fields.hpp"

namespace diary::http {
namespace {

constexpr std::array<std::pair<const char*, double>, 3> modes{
    {{"optimal", 0.2}, {"balanced", 0.5}, {"safest", 0.8}}};
constexpr const char* default_mode = "balanced";
constexpr double least_minutes = 0.1;
constexpr double least_cost_m = 10;

graph::Profile read_profile(Fields& fields) {
  return fields.one_of("profile", {"walk", "bike"}) == "bike" ? graph::Profile::bike : graph::Profile::walk;
}

// Nothing where neither was said.
std::optional<Wish> read_wish(Fields& fields) {
  const auto mode = fields.one_of("mode", {modes[0].first, modes[1].first, modes[2].first});
  const auto weight = fields.real("safety_weight", 0, graph::max_weight);
  if (weight) return Wish{std::nullopt, *weight};
  for (const auto& [name, its_weight] : modes)
    if (mode == name) return Wish{name, its_weight};
  return std::nullopt;
}

LngLat read_place(Fields& fields, const char* name) {
  fields.require(name);
  return fields.position(name).value_or(LngLat{});
}

std::optional<graph::TracePoint> read_point(const boost::json::value& value, std::size_t i, Fields& parent) {
  const std::string name = fmt::format("points[{}]", i);
  if (!value.is_object()) {
    parent.take({{name, "must be an object", {}}});
    return std::nullopt;
  }
  Fields fields(value.as_object(), name + ".");
  for (const char* needed : {"lng", "lat", "timestamp"}) fields.require(needed);
  const auto lng = fields.real("lng", -180, 180);
  const auto lat = fields.real("lat", -90, 90);
  const auto at = fields.time("timestamp");
  auto errors = fields.finish();
  const bool fine = errors.empty();
  parent.take(std::move(errors));
  if (!fine) return std::nullopt;
  return graph::TracePoint{{*lng, *lat}, std::chrono::duration<double>(at->time_since_epoch()).count()};
}

void read_budget(Fields& fields, Budget& budget, int max_minutes) {
  budget.minutes = fields.real("max_minutes", least_minutes, max_minutes);
  budget.cost_m = fields.real("max_cost_m", least_cost_m, limits::metres_per_isochrone_minute * max_minutes);
}

}  // namespace

Result<Asked<RouteQuestion>> read_route_question(const std::string& body) {
  const auto object = parse_object(body);
  if (!object) return fail(object.error());
  Fields fields(*object);
  Asked<RouteQuestion> asked;
  asked.question.origin = read_place(fields, "origin");
  asked.question.destination = read_place(fields, "destination");
  asked.wish = read_wish(fields).value_or(Wish{default_mode});
  asked.question.weight = asked.wish.weight;
  asked.question.profile = read_profile(fields);
  asked.question.include_alternative = fields.boolean("include_alternative").value_or(false);
  asked.question.curve = fields.boolean("curve").value_or(false);
  if (auto errors = fields.finish(); !errors.empty()) return fail(validation_error(std::move(errors)));
  return asked;
}

Result<TraceQuestion> read_trace_question(const std::string& body) {
  const auto object = parse_object(body);
  if (!object) return fail(object.error());
  Fields fields(*object);
  TraceQuestion question;
  question.profile = read_profile(fields);
  fields.require("points");
  if (const auto* points = fields.array("points", graph::max_trace_points)) {
    if (points->empty()) fields.complain("points", "must have a point at least");
    for (std::size_t i = 0; i < points->size(); ++i)
      if (auto point = read_point((*points)[i], i, fields)) question.points.push_back(*point);
  }
  if (auto errors = fields.finish(); !errors.empty()) return fail(validation_error(std::move(errors)));
  return question;
}

Result<AskedReach> read_reach_question(const std::string& body, int max_minutes) {
  const auto object = parse_object(body);
  if (!object) return fail(object.error());
  Fields fields(*object);
  AskedReach asked;
  asked.question.origin = read_place(fields, "origin");
  asked.question.profile = read_profile(fields);
  const auto wish = read_wish(fields);
  read_budget(fields, asked.budget, max_minutes);
  const auto is_given = [&](const char* name) {
    const auto* value = object->if_contains(name);
    return value != nullptr && !value->is_null();
  };
  if (is_given("max_minutes") == is_given("max_cost_m"))
    fields.complain("max_minutes", "or max_cost_m must be given, and not both");
  if (auto errors = fields.finish(); !errors.empty()) return fail(validation_error(std::move(errors)));
  // Minutes are those of the clock unless it is said what danger is worth.
  asked.wish = wish.value_or(asked.budget.minutes ? Wish{std::nullopt, 0} : Wish{default_mode});
  asked.question.weight = asked.wish.weight;
  asked.question.budget_m =
      asked.budget.minutes ? *asked.budget.minutes * 60 * graph::metres_per_second(asked.question.profile)
                           : *asked.budget.cost_m;
  return asked;
}

}  // namespace diary::http
