// SPDX-License-Identifier: Apache-2.0
#include "app/walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cmath>

#include "base/log.hpp"
#include "domain/line.hpp"

namespace diary {
namespace {

constexpr double least_figure = 0.01;  // the last decimal that is kept

std::string quoted(const std::string& text) {
  std::string json;
  log::append_json_string(json, text);
  return json;
}

// Seven decimals, a centimetre.
std::string encode_line(const std::vector<LngLat>& line) {
  std::string text = R"({"type":"LineString","coordinates":[)";
  for (std::size_t i = 0; i < line.size(); ++i)
    text += fmt::format("{}[{:.7f},{:.7f}]", i > 0 ? "," : "", line[i].lng, line[i].lat);
  return text + "]}";
}

std::vector<LngLat> decode_line(const std::string& text) {
  const auto json = boost::json::parse(text);
  std::vector<LngLat> line;
  for (const auto& point : json.at("coordinates").as_array())
    line.push_back({point.at(0).to_number<double>(), point.at(1).to_number<double>()});
  return line;
}

// A figure's name, what was sent and what the server has.
void check_figure(const std::string& name, const std::optional<double>& sent, double own,
                  std::vector<FieldError>& errors) {
  constexpr double noise = 1e-9;
  if (!sent || std::abs(*sent - own) <= std::max(own * limits::figure_tolerance, least_figure) + noise)
    return;
  errors.push_back({name, fmt::format("must be within 1 % of {:.2f}", own), fmt::format("{}", *sent)});
}

bool is_along(std::vector<LngLat> sent, const std::vector<LngLat>& own, bool either_way) {
  const double own_m = line_length_m(own);
  if (std::abs(line_length_m(sent) - own_m) > std::max(own_m * limits::figure_tolerance, least_figure))
    return false;
  const auto fits = [&] {
    return follows(sent, own, limits::line_tolerance_m) && follows(own, sent, limits::line_tolerance_m);
  };
  if (fits()) return true;
  if (!either_way) return false;
  std::ranges::reverse(sent);
  return fits();
}

Error no_walk(const JoinedSegments& joined, const std::vector<std::string>& ids, const std::string& list) {
  const auto index = static_cast<std::size_t>(joined.unknown_at ? *joined.unknown_at : *joined.break_at + 1);
  const std::string field = fmt::format("{}[{}]", list, index);
  const std::string message =
      joined.unknown_at
          ? "there is no segment " + quoted(ids[index])
          : fmt::format("the route breaks between {}[{}] {} and {} {}: {} m lie between, at most {} may",
                        list, index - 1, quoted(ids[index - 1]), field, quoted(ids[index]), joined.gap_m,
                        limits::line_tolerance_m);
  return Error{Errc::unprocessable, message, {{field, message, quoted(ids[index])}}};
}

bool is_close(const std::optional<double>& sent, const std::optional<std::string>& stored) {
  return !sent || (stored && std::abs(*sent - std::stod(*stored)) <= least_figure / 2 + 1e-9);
}

bool is_close(const std::optional<std::vector<LngLat>>& sent, const std::string& stored) {
  if (!sent) return true;
  constexpr double last_decimal = 1.01e-7;
  return std::ranges::equal(*sent, decode_line(stored), [](LngLat a, LngLat b) {
    return std::abs(a.lng - b.lng) < last_decimal && std::abs(a.lat - b.lat) < last_decimal;
  });
}

}  // namespace

Result<Walk> resolve(RouteStore& store, const WalkDraft& draft, const std::string& prefix) {
  const JoinedSegments joined = store.join(draft.segment_ids);
  if (joined.unknown_at || joined.break_at)
    return fail(no_walk(joined, draft.segment_ids, prefix + "segment_ids"));
  const double length_m = std::stod(joined.length_m);
  if (length_m > limits::max_route_m)
    return fail(Errc::unprocessable, fmt::format("the route is {:.0f} km long, at most {:.0f} may be saved",
                                                 length_m / 1000, limits::max_route_m / 1000));
  const double duration_min = std::max(length_m / walk_m_per_min, least_figure);
  std::vector<FieldError> errors;
  check_figure(prefix + "length_m", draft.length_m, length_m, errors);
  check_figure(prefix + "duration_min", draft.duration_min, duration_min, errors);
  check_figure(prefix + "avg_safety", draft.avg_safety, std::stod(joined.avg_safety), errors);
  if (draft.line && !is_along(*draft.line, decode_line(joined.line), draft.segment_ids.size() == 1))
    errors.push_back({prefix + "geometry",
                      fmt::format("must follow the segments within {} m and be as long as they within 1 %",
                                  limits::line_tolerance_m),
                      {}});
  if (!errors.empty()) {
    std::string message;
    for (const FieldError& error : errors)
      message += (message.empty() ? "" : "; ") + error.field + " " + error.message;
    return fail(Error{Errc::unprocessable, std::move(message), std::move(errors)});
  }
  return Walk{
      .segment_ids = draft.segment_ids,
      .line = draft.line ? encode_line(*draft.line) : joined.line,
      .length_m = fmt::format("{:.2f}", draft.length_m.value_or(length_m)),
      .duration_min = fmt::format("{:.2f}", draft.duration_min.value_or(duration_min)),
      .avg_safety_saved = draft.avg_safety ? fmt::format("{:.2f}", *draft.avg_safety) : joined.avg_safety,
      .avg_safety = joined.avg_safety};
}

bool is_same(const WalkDraft& draft, const Walk& walk) {
  return draft.segment_ids == walk.segment_ids && is_close(draft.line, walk.line) &&
         is_close(draft.length_m, walk.length_m) && is_close(draft.duration_min, walk.duration_min) &&
         is_close(draft.avg_safety, walk.avg_safety_saved);
}

}  // namespace diary
