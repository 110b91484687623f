// SPDX-License-Identifier: Apache-2.0
#include "http/route_body.hpp"

#include <cmath>

#include "domain/rating.hpp"
#include "http/fields.hpp"

namespace diary::http {
namespace {

constexpr double least_figure = 0.01;
constexpr double max_length_m = 999'999.99;    // numeric(8,2)
constexpr double max_duration_min = 9'999.99;  // numeric(6,2)

bool is_id(const boost::json::value& value) {
  const auto* text = value.if_string();
  if (text == nullptr) return false;
  const std::size_t chars = count_chars(*text);
  return chars >= 1 && chars <= limits::max_segment_id && text->find('\0') == boost::json::string::npos;
}

std::vector<std::string> read_ids(Fields& fields, const std::string& name) {
  std::vector<std::string> ids;
  const auto* items = fields.array(name, limits::max_route_segments);
  if (items == nullptr) return ids;
  if (items->empty()) fields.complain(name, "must have one item at least");
  for (const auto& item : *items) {
    if (!is_id(item)) {
      fields.complain(name, "must be strings of 1 to 50 characters");
      return {};
    }
    ids.emplace_back(item.as_string());
  }
  return ids;
}

std::optional<LngLat> read_point(const boost::json::value& value) {
  const auto* pair = value.if_array();
  if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_number() || !(*pair)[1].is_number())
    return std::nullopt;
  const LngLat point{(*pair)[0].to_number<double>(), (*pair)[1].to_number<double>()};
  const bool on_earth = std::abs(point.lng) <= 180 && std::abs(point.lat) <= 90;
  return on_earth ? std::optional(point) : std::nullopt;
}

std::optional<std::vector<LngLat>> read_line(Fields& fields, const std::string& name) {
  const auto* object = fields.object(name);
  if (object == nullptr) return std::nullopt;
  Fields geometry(*object, name + ".");
  geometry.require("type");
  geometry.require("coordinates");
  (void)geometry.one_of("type", {"LineString"});
  std::vector<LngLat> line;
  if (const auto* items = geometry.array("coordinates", limits::max_line_points)) {
    for (const auto& item : *items) {
      const auto point = read_point(item);
      if (!point) break;
      line.push_back(*point);
    }
    if (line.size() < 2 || line.size() < items->size())
      geometry.complain("coordinates", "must be two or more positions [lng, lat] on the earth");
  }
  fields.take(geometry.finish());
  return line;
}

// Nothing when no segments are given; figures alone are none.
std::optional<WalkDraft> read_walk(Fields& fields, const boost::json::object& object,
                                   const std::string& prefix) {
  const std::string list = prefix + "segment_ids";
  WalkDraft walk;
  walk.segment_ids = read_ids(fields, list);
  walk.line = read_line(fields, prefix + "geometry");
  walk.length_m = fields.real(prefix + "length_m", least_figure, max_length_m);
  walk.duration_min = fields.real(prefix + "duration_min", least_figure, max_duration_min);
  walk.avg_safety = fields.real(prefix + "avg_safety", 1, 5);
  const auto* ids = object.if_contains(list);
  if (ids != nullptr && !ids->is_null()) return walk;
  for (const char* figure : {"geometry", "length_m", "duration_min", "avg_safety"}) {
    const auto* value = object.if_contains(prefix + figure);
    if (value != nullptr && !value->is_null()) fields.complain(prefix + figure, "goes with " + list);
  }
  return std::nullopt;
}

RouteDraft read_draft(Fields& fields, const boost::json::object& object) {
  RouteDraft draft;
  fields.require("route_name");
  fields.require("segment_ids");
  draft.route_name = fields.text("route_name", 1, limits::max_route_name).value_or("");
  draft.walk = read_walk(fields, object, "").value_or(WalkDraft{});
  draft.alternative = read_walk(fields, object, "alt_");
  draft.is_public = fields.boolean("is_public").value_or(false);
  return draft;
}

template <class Body>
Result<Body> finish(Fields& fields, std::vector<FieldError> errors, Body body) {
  for (FieldError& error : fields.finish()) errors.push_back(std::move(error));
  if (!errors.empty()) return fail(validation_error(std::move(errors)));
  return body;
}

}  // namespace

Result<RouteBody> parse_new_route(const Request& request) {
  auto object = parse_object(request.body);
  if (!object) return fail(std::move(object.error()));
  Fields fields(*object);
  std::vector<FieldError> errors;
  const auto id = fields.uuid("route_id");
  const auto key = Uuid::parse(request.idempotency_key);
  if (!request.idempotency_key.empty() && !key) errors.push_back({"Idempotency-Key", "must be a UUID", {}});
  if (key && id && *key != *id) errors.push_back({"Idempotency-Key", "must be the same as route_id", {}});
  RouteBody body;
  body.route_id = id ? *id : key ? *key : Uuid::random();
  body.draft = read_draft(fields, *object);
  return finish(fields, std::move(errors), std::move(body));
}

Result<RouteBody> parse_whole_route(const Request& request) {
  auto object = parse_object(request.body);
  if (!object) return fail(std::move(object.error()));
  Fields fields(*object);
  std::vector<FieldError> errors;
  const auto id = Uuid::parse(request.captures[0]);
  const auto repeated = fields.uuid("route_id");
  if (!id) errors.push_back({"route_id", "must be a UUID", {}});
  if (id && repeated && *id != *repeated) fields.complain("route_id", "must be that of the path");
  RouteBody body;
  body.route_id = id.value_or(Uuid{});
  body.draft = read_draft(fields, *object);
  return finish(fields, std::move(errors), std::move(body));
}

Result<RoutePatch> parse_route_patch(const Request& request) {
  auto object = parse_object(request.body);
  if (!object) return fail(std::move(object.error()));
  Fields fields(*object);
  RoutePatch patch;
  patch.route_name = fields.text("route_name", 1, limits::max_route_name);
  patch.is_public = fields.boolean("is_public");
  patch.walk = read_walk(fields, *object, "");
  patch.alternative = read_walk(fields, *object, "alt_");
  const auto* alternative = object->if_contains("alt_segment_ids");
  patch.no_alternative = alternative != nullptr && alternative->is_null();
  for (const char* name : {"route_name", "is_public", "segment_ids"}) {
    const auto* value = object->if_contains(name);
    if (value != nullptr && value->is_null()) fields.complain(name, "cannot be removed");
  }
  return finish(fields, {}, std::move(patch));
}

}  // namespace diary::http
