// SPDX-License-Identifier: Apache-2.0
#include "cli/route_output.hpp"

#include <fmt/format.h>

#include "http/json_writer.hpp"

namespace diary::cli {
namespace {

using graph::Description;

constexpr double seconds_per_minute = 60;

std::string number(double value) {
  return fmt::format("{:.2f}", value);
}

// What stands on the screen, in GeoJSON and in GPX alike.
struct Named {
  std::string kind;  // primary, alternative, curve
  const Description* route;
  const CurveRoute* on_curve = nullptr;
};

std::vector<Named> all_of(const RouteAnswer& answer) {
  std::vector<Named> all{{"primary", &answer.primary}};
  if (answer.alternative) all.push_back({"alternative", &*answer.alternative});
  for (const CurveRoute& on_curve : answer.curve) all.push_back({"curve", &on_curve.route, &on_curve});
  return all;
}

std::string words(graph::Maneuver maneuver) {
  std::string text(graph::name_of(maneuver));
  for (char& c : text)
    if (c == '_') c = ' ';
  return text;
}

std::string figures(const Description& route) {
  return fmt::format("{:.0f} m, {:.0f} min, safety {:.2f} on average and {:.2f} at worst", route.length_m,
                     route.duration_s / seconds_per_minute, route.avg_safety, route.min_safety);
}

std::string text_of(const char* title, const Description& route) {
  std::string text = fmt::format("{}: {}\n", title, figures(route));
  for (const graph::Step& step : route.steps)
    text +=
        step.maneuver == graph::Maneuver::arrive
            ? fmt::format("  {:<13} \n", "arrive")
            : fmt::format("  {:<13} {:<40} {:>7.0f} m\n", words(step.maneuver), step.street, step.length_m);
  if (route.avoided.streets.empty()) return text;
  text += fmt::format("The shortest way is {:.0f} m shorter, by\n", route.avoided.shorter_m);
  for (const graph::AvoidedStreet& street : route.avoided.streets)
    text += fmt::format("  {:<54} {:>7.0f} m at {:.2f}\n", street.street, street.length_m, street.score);
  return text;
}

std::string table_of(const RouteAnswer& answer) {
  std::string text =
      fmt::format("{:>13}  {:>9}  {:>7}  {:>7}  {:>7}\n", "weight", "length", "minutes", "average", "worst");
  for (const CurveRoute& at : answer.curve)
    text += fmt::format("{:>5.3f} - {:>5.3f}  {:>7.0f} m  {:>7.1f}  {:>7.2f}  {:>7.2f}\n", at.from_weight,
                        at.to_weight, at.route.length_m, at.route.duration_s / seconds_per_minute,
                        at.route.avg_safety, at.route.min_safety);
  if (answer.curve.size() < answer.curve_total)
    text += fmt::format("{} of {} routes are shown\n", answer.curve.size(), answer.curve_total);
  return text;
}

std::string coordinates(const Description& route) {
  std::string out = "[";
  for (const LngLat& p : route.geometry)
    out += fmt::format("{}[{:.7f},{:.7f}]", out.size() > 1 ? "," : "", p.lng, p.lat);
  return out + "]";
}

void write_step(http::JsonObject& object, const graph::Step& step) {
  object.text("maneuver", graph::name_of(step.maneuver))
      .text("street", step.street)
      .raw("length_m", number(step.length_m));
}

void write_feature(std::string& out, const Named& named, const RouteQuestion& question) {
  const Description& route = *named.route;
  http::JsonObject feature(out);
  feature.text("type", "Feature");
  feature.raw("geometry", R"({"type":"LineString","coordinates":)" + coordinates(route) + "}");
  feature.key("properties");
  http::JsonObject properties(out);
  properties.text("kind", named.kind);
  if (named.on_curve != nullptr)
    properties.raw("from_weight", fmt::format("{:.6f}", named.on_curve->from_weight))
        .raw("to_weight", fmt::format("{:.6f}", named.on_curve->to_weight));
  else
    properties.raw("safety_weight", fmt::format("{}", question.weight));
  properties.raw("length_m", number(route.length_m))
      .raw("duration_min", number(route.duration_s / seconds_per_minute))
      .raw("avg_safety", number(route.avg_safety))
      .raw("min_safety", number(route.min_safety))
      .raw("cost_score", number(route.cost_m))
      .texts("segment_ids", {route.segment_ids.begin(), route.segment_ids.end()});
  http::write_list(properties, out, "steps", route.steps, write_step);
  properties.end();
  feature.end();
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;  // XML 1.0 has no other control characters
    }
  }
  return out;
}

std::string name_of(const Named& named, const RouteQuestion& question) {
  return named.on_curve == nullptr
             ? fmt::format("{}, weight {}", named.kind, question.weight)
             : fmt::format("weight {:.3f} to {:.3f}", named.on_curve->from_weight, named.on_curve->to_weight);
}

}  // namespace

std::string route_as_text(const RouteAnswer& answer, const RouteQuestion& question) {
  if (question.curve) return table_of(answer);
  std::string text = text_of("Route", answer.primary);
  if (answer.alternative) text += "\n" + text_of("Alternative", *answer.alternative);
  if (question.include_alternative && !answer.alternative)
    text += "\nNo other way is different enough and not too long.\n";
  return text;
}

std::string route_as_geojson(const RouteAnswer& answer, const RouteQuestion& question) {
  std::string out = R"({"type":"FeatureCollection","features":[)";
  bool first = true;
  for (const Named& named : all_of(answer)) {
    if (!first) out += ',';
    first = false;
    write_feature(out, named, question);
  }
  return out + "]}\n";
}

std::string route_as_gpx(const RouteAnswer& answer, const RouteQuestion& question) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<gpx version=\"1.1\" creator=\"Route Safety Diary\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n";
  for (const Named& named : all_of(answer)) {
    std::string streets;
    for (const graph::Step& step : named.route->steps)
      if (step.maneuver != graph::Maneuver::arrive)
        streets += (streets.empty() ? "" : ", ") + std::string(step.street);
    out += fmt::format("<trk><name>{}</name><desc>{}: {}</desc><trkseg>\n", escaped(name_of(named, question)),
                       escaped(figures(*named.route)), escaped(streets));
    for (const LngLat& p : named.route->geometry)
      out += fmt::format("<trkpt lat=\"{:.7f}\" lon=\"{:.7f}\"/>\n", p.lat, p.lng);
    out += "</trkseg></trk>\n";
  }
  return out + "</gpx>\n";
}

}  // namespace diary::cli
