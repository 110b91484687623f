// SPDX-License-Identifier: Apache-2.0
#include "http/routing_reply.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <span>

#include "graph/geometry.hpp"
#include "http/decimals.hpp"
#include "http/json_writer.hpp"

namespace diary::http {
namespace {

// What a segment, a point and a step of a route take; more or less.
constexpr std::size_t bytes_of_segment = 16;
constexpr std::size_t bytes_of_point = 26;
constexpr std::size_t bytes_of_step = 160;
constexpr std::size_t bytes_of_rest = 2048;

std::string number(std::size_t count) {
  return std::to_string(count);
}

void append_positions(std::string& out, std::span<const LngLat> line) {
  out += '[';
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (i > 0) out += ',';
    append_position(out, line[i]);
  }
  out += ']';
}

// A GeoJSON line has two points, also where one goes nowhere.
void write_line(JsonObject& object, std::string& out, std::span<const LngLat> line) {
  object.key("geometry");
  out += R"({"type":"LineString","coordinates":)";
  if (line.size() == 1)
    append_positions(out, std::array{line.front(), line.front()});
  else
    append_positions(out, line);
  out += '}';
}

void write_ids(JsonObject& object, std::string& out, const std::vector<std::string_view>& ids) {
  object.key("segment_ids");
  out += '[';
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) out += ',';
    log::append_json_string(out, ids[i]);
  }
  out += ']';
}

void write_position(JsonObject& object, std::string& out, const char* name, LngLat at) {
  object.key(name);
  append_position(out, at);
}

void write_figures(JsonObject& object, const graph::Description& route) {
  object.raw("length_m", two_decimals(route.length_m))
      .raw("duration_min", two_decimals(route.duration_s / 60))
      .raw("avg_safety", two_decimals(route.avg_safety))
      .raw("min_safety", two_decimals(route.min_safety));
}

void write_avoided(JsonObject& object, std::string& out, const graph::Avoided& avoided) {
  object.key("avoided");
  JsonObject member(out);
  write_list(member, out, "streets", avoided.streets, [](JsonObject& street, const auto& passed) {
    street.text("street", passed.street)
        .raw("length_m", two_decimals(passed.length_m))
        .raw("score", two_decimals(passed.score));
  });
  member.raw("extra_m", two_decimals(avoided.shorter_m)).end();
}

std::size_t bytes_of(const graph::Description& route) {
  return route.segment_ids.size() * bytes_of_segment + route.geometry.size() * bytes_of_point +
         route.steps.size() * bytes_of_step;
}

void write_route(std::string& out, const graph::Description& route) {
  JsonObject object(out);
  write_ids(object, out, route.segment_ids);
  write_line(object, out, route.geometry);
  write_figures(object, route);
  object.raw("cost_score", two_decimals(route.cost_m));
  write_list(object, out, "steps", route.steps, [&out](JsonObject& step, const graph::Step& said) {
    step.text("street", said.street)
        .text("maneuver", graph::name_of(said.maneuver))
        .raw("length_m", two_decimals(said.length_m))
        .raw("heading", number(static_cast<std::size_t>(std::lround(said.heading_degrees)) % 360));
    write_position(step, out, "location", said.location);
    step.raw("first_segment", number(said.first_segment));
  });
  write_list(object, out, "worst_segments", route.worst_segments, [](JsonObject& worst, const auto& segment) {
    worst.text("segment_id", segment.id)
        .text("street", segment.street)
        .raw("length_m", two_decimals(segment.length_m))
        .raw("score", two_decimals(segment.score))
        .raw("cost_m", two_decimals(segment.cost_m));
  });
  write_avoided(object, out, route.avoided);
  object.end();
}

void write_wish(JsonObject& object, graph::Profile profile, const Wish& wish) {
  object.text("profile", profile == graph::Profile::walk ? "walk" : "bike")
      .maybe("mode", wish.mode)
      .raw("safety_weight", fmt::format("{}", wish.weight));
}

void write_time(JsonObject& object, std::chrono::nanoseconds time) {
  object.raw("computation_time_ms",
             fmt::format("{:.3f}", std::chrono::duration<double, std::milli>(time).count()));
}

// As the route has them: places are kept to a centimetre of the street.
void write_snapped(JsonObject& object, std::string& out, const RouteAnswer& answer) {
  object.key("snapped");
  JsonObject points(out);
  write_position(points, out, "origin", answer.primary.geometry.front());
  write_position(points, out, "destination", answer.primary.geometry.back());
  points.end();
  object.key("snapped_segments");
  JsonObject segments(out);
  for (const auto& [name, place] :
       {std::pair{"origin", &answer.origin}, std::pair{"destination", &answer.destination}}) {
    segments.key(name);
    JsonObject member(out);
    member.text("segment_id", answer.engine->graph().segment_id(place->edge))
        .raw("distance_m", two_decimals(place->distance_m))
        .end();
  }
  segments.end();
}

void write_curve(JsonObject& object, std::string& out, const RouteAnswer& answer) {
  write_list(object, out, "curve", answer.curve, [&out](JsonObject& member, const CurveRoute& point) {
    member.raw("from_weight", fmt::format("{}", point.from_weight))
        .raw("to_weight", fmt::format("{}", point.to_weight))
        .raw("penalty_m", two_decimals(point.penalty_m));
    write_figures(member, point.route);
    write_ids(member, out, point.route.segment_ids);
    write_line(member, out, point.route.geometry);
  });
  object.raw("curve_total", number(answer.curve_total))
      .raw("curve_thinned", answer.curve.size() < answer.curve_total ? "true" : "false");
}

std::vector<LngLat> line_of(const graph::RoadGraph& graph, const graph::MatchedPart& part) {
  std::vector<graph::Point> points;
  for (const auto& matched : part.stretches) graph::append_line(graph, matched.stretch, points);
  std::vector<LngLat> line;
  for (const graph::Point& point : points) line.push_back(point.degrees());
  return line;
}

void write_matched(std::string& out, const graph::RoadGraph& graph, const graph::MatchedStretch& matched,
                   std::size_t part) {
  JsonObject object(out);
  object.text("segment_id", graph.segment_id(matched.stretch.edge))
      .text("street", graph.street(matched.stretch.edge))
      .raw("confidence", two_decimals(matched.confidence))
      .raw("length_m", two_decimals(graph::length_cm(matched.stretch) / 100.0))
      .raw("covered", two_decimals(matched.covered))
      .text("direction", matched.stretch.along ? "along" : "against")
      .raw("part", number(part))
      .end();
}

void write_matched_segments(JsonObject& object, std::string& out, const TraceAnswer& answer) {
  object.key("segments");
  out += '[';
  for (std::size_t i = 0; i < answer.match.parts.size(); ++i)
    for (const auto& matched : answer.match.parts[i].stretches) {
      if (out.back() != '[') out += ',';
      write_matched(out, answer.engine->graph(), matched, i);
    }
  out += ']';
}

void write_area(JsonObject& object, std::string& out, const std::vector<graph::IsochronePolygon>& area) {
  object.key("geometry");
  out += R"({"type":"MultiPolygon","coordinates":[)";
  for (std::size_t i = 0; i < area.size(); ++i) {
    out += i > 0 ? ",[" : "[";
    for (std::size_t ring = 0; ring < area[i].size(); ++ring) {
      if (ring > 0) out += ',';
      append_positions(out, area[i][ring]);
    }
    out += ']';
  }
  out += "]}";
}

void write_reach(JsonObject& object, std::string& out, const AskedReach& asked, const ReachAnswer& answer) {
  write_position(object, out, "origin", asked.question.origin);
  write_position(object, out, "snapped", answer.origin.point);
  object.text("snapped_segment", answer.segment_id);
  write_wish(object, asked.question.profile, asked.wish);
  if (asked.budget.minutes) object.raw("max_minutes", fmt::format("{}", *asked.budget.minutes));
  object.raw("max_cost_m", two_decimals(asked.question.budget_m))
      .raw("street_m", two_decimals(answer.reached.street_m));
  write_time(object, answer.computation_time);
  object.end();
}

}  // namespace

void append_position(std::string& out, LngLat at) {
  out += '[';
  append_degrees(out, at.lng);
  out += ',';
  append_degrees(out, at.lat);
  out += ']';
}

std::string route_json(const Asked<RouteQuestion>& asked, const RouteAnswer& answer) {
  std::string out;
  out.reserve(bytes_of_rest + bytes_of(answer.primary) +
              (answer.alternative ? bytes_of(*answer.alternative) : 0));
  JsonObject object(out);
  write_position(object, out, "origin", asked.question.origin);
  write_position(object, out, "destination", asked.question.destination);
  write_snapped(object, out, answer);
  write_wish(object, asked.question.profile, asked.wish);
  object.key("primary");
  write_route(out, answer.primary);
  object.key("alternative");
  if (answer.alternative)
    write_route(out, *answer.alternative);
  else
    out += "null";
  if (asked.question.curve) write_curve(object, out, answer);
  write_time(object, answer.computation_time);
  object.end();
  return out;
}

std::string match_json(const TraceQuestion& question, const TraceAnswer& answer) {
  std::string out;
  JsonObject object(out);
  write_matched_segments(object, out, answer);
  double length_m = 0;
  write_list(object, out, "parts", answer.match.parts,
             [&](JsonObject& member, const graph::MatchedPart& part) {
               length_m += part.length_m;
               member.raw("first_point", number(part.first_point))
                   .raw("last_point", number(part.last_point))
                   .raw("length_m", two_decimals(part.length_m));
               write_line(member, out, line_of(answer.engine->graph(), part));
             });
  write_list(object, out, "breaks", answer.match.breaks,
             [](JsonObject& member, const graph::TraceBreak& gap) {
               member.raw("after_point", number(gap.after_point)).text("reason", graph::name_of(gap.reason));
             });
  object.raw("length_m", two_decimals(length_m))
      .raw("noise_m", two_decimals(answer.match.sigma_m))
      .raw("left_out", number(answer.match.left_out))
      .text("profile", question.profile == graph::Profile::walk ? "walk" : "bike");
  write_time(object, answer.computation_time);
  object.end();
  return out;
}

std::string reach_json(const AskedReach& asked, const ReachAnswer& answer) {
  std::string out;
  JsonObject collection(out);
  collection.text("type", "FeatureCollection").key("features");
  out += '[';
  JsonObject feature(out);
  feature.text("type", "Feature");
  write_area(feature, out, answer.reached.area);
  feature.key("properties");
  JsonObject properties(out);
  write_reach(properties, out, asked, answer);
  feature.end();
  out += ']';
  collection.end();
  return out;
}

}  // namespace diary::http
