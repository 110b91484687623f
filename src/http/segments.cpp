// SPDX-License-Identifier: Apache-2.0
#include "app/segments.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "base/utf8.hpp"
#include "domain/rating.hpp"
#include "http/fields.hpp"
#include "http/handlers.hpp"
#include "http/json_writer.hpp"
#include "http/problem.hpp"

namespace diary::http {
namespace {

constexpr int max_limit = 1000;
constexpr std::int64_t max_offset = 1'000'000'000;

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string quoted(const std::string& text) {
  std::string json;
  log::append_json_string(json, cut_utf8(text, 200));
  return json;
}

std::optional<BBox> parse_bbox(std::string_view text) {
  std::array<double, 4> edges{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto comma = i < 3 ? text.find(',') : text.size();
    if (comma == std::string_view::npos) return std::nullopt;
    const auto value = number<double>(text.substr(0, comma));
    if (!value || !std::isfinite(*value)) return std::nullopt;
    edges[i] = *value;
    text.remove_prefix(std::min(text.size(), comma + 1));
  }
  const BBox box{edges[0], edges[1], edges[2], edges[3]};
  const bool fine = box.west < box.east && box.south < box.north && box.west >= -180 && box.east <= 180 &&
                    box.south >= -90 && box.north <= 90;
  return fine ? std::optional(box) : std::nullopt;
}

// Opaque to clients: "1" (the form's version) and the last id, in hexadecimal.
std::string make_cursor(const std::string& last_id) {
  std::string cursor = "1";
  constexpr char digits[] = "0123456789abcdef";
  for (const char c : last_id) {
    cursor += digits[static_cast<unsigned char>(c) >> 4];
    cursor += digits[static_cast<unsigned char>(c) & 15];
  }
  return cursor;
}

std::optional<std::string> read_cursor(std::string_view cursor) {
  if (cursor.size() < 3 || cursor.size() % 2 == 0 || cursor.size() > 1 + 2 * limits::max_segment_id * 4 ||
      cursor.front() != '1')
    return std::nullopt;
  std::string id;
  for (cursor.remove_prefix(1); !cursor.empty(); cursor.remove_prefix(2)) {
    int byte = 0;
    const auto [end, ec] = std::from_chars(cursor.data(), cursor.data() + 2, byte, 16);
    if (ec != std::errc{} || end != cursor.data() + 2 || byte < 32 || byte == 127) return std::nullopt;
    id += static_cast<char>(byte);
  }
  return is_utf8(id) ? std::optional(id) : std::nullopt;
}

class QueryReader {
 public:
  explicit QueryReader(const Request& request) : request_(request) {}

  // Reads `name` with `parse`; notes `complaint` when that gives nothing.
  template <class T, class Parse>
  std::optional<T> read(const char* name, const char* complaint, Parse parse) {
    const auto text = request_.parameter(name);
    if (!text) return std::nullopt;
    std::optional<T> value = parse(*text);
    if (!value) errors_.push_back({name, complaint, quoted(*text)});
    return value;
  }
  std::vector<FieldError> errors_;

 private:
  const Request& request_;
};

Result<SegmentQuery> parse_query(const Request& request) {
  QueryReader reader(request);
  SegmentQuery query;
  query.bbox =
      reader.read<BBox>("bbox", "must be west,south,east,north in degrees with west < east and south < north",
                        [](const std::string& text) { return parse_bbox(text); });
  query.min_confidence =
      reader.read<double>("min_confidence", "must be a number from 0 to 1", [](const std::string& text) {
        const auto value = number<double>(text);
        return value && *value >= 0 && *value <= 1 ? value : std::nullopt;
      });
  query.updated_after = reader.read<Time>("updated_after", "must be an RFC 3339 time with an offset",
                                          [](const std::string& text) { return parse_rfc3339(text); });
  query.limit = reader
                    .read<int>("limit", "must be an integer from 1 to 1000",
                               [](const std::string& text) {
                                 const auto value = number<int>(text);
                                 return value && *value >= 1 && *value <= max_limit ? value : std::nullopt;
                               })
                    .value_or(query.limit);
  query.offset =
      reader
          .read<std::int64_t>("offset", "must be an integer of 0 or more",
                              [](const std::string& text) {
                                const auto value = number<std::int64_t>(text);
                                return value && *value >= 0 && *value <= max_offset ? value : std::nullopt;
                              })
          .value_or(0);
  query.after = reader.read<std::string>("cursor", "must be the next_cursor of the page before",
                                         [](const std::string& text) { return read_cursor(text); });
  if (!reader.errors_.empty()) return fail(validation_error(std::move(reader.errors_)));
  return query;
}

void write_properties(JsonObject& object, const SegmentScore& s) {
  object.text("segment_id", s.segment_id)
      .text("street", s.street)
      .maybe("neighborhood", s.neighborhood)
      .raw("length_m", s.length_m);
}

void write_score(JsonObject& object, const SegmentScore& s) {
  object.raw("decayed_mean", s.decayed_mean)
      .raw("n_eff", s.n_eff)
      .raw("confidence", s.confidence)
      .texts("top_tags", s.top_tags)
      .raw("delta_30d", s.delta_30d)
      .text("last_updated", to_rfc3339(s.last_updated));
}

void write_segment(std::string& out, const SegmentScore& s, bool as_feature) {
  JsonObject object(out);
  if (as_feature) {
    object.text("type", "Feature").text("id", s.segment_id).raw("geometry", s.geometry);
    object.key("properties");
    JsonObject properties(out);
    write_properties(properties, s);
    write_score(properties, s);
    properties.end();
  } else {
    write_properties(object, s);
    object.raw("geometry", s.geometry);
    write_score(object, s);
  }
  object.end();
}

bool wants_geojson(const Request& request) {
  return request.accept.find("application/geo+json") != std::string::npos;
}

}  // namespace

asio::awaitable<Reply> get_segments(Site& site, Request& request) {
  const auto query = parse_query(request);
  if (!query) co_return problem(query.error(), request);
  const auto page = co_await site.database.run([&] { return list_segments(site.gate, *query); });
  if (!page) co_return problem(page.error(), request);
  const bool geojson = wants_geojson(request);
  Reply reply;
  if (geojson) reply.content_type = "application/geo+json";
  JsonObject object(reply.body);
  if (geojson) object.text("type", "FeatureCollection");
  object.key(geojson ? "features" : "segments");
  reply.body += '[';
  for (std::size_t i = 0; i < page->segments.size(); ++i) {
    if (i > 0) reply.body += ',';
    write_segment(reply.body, page->segments[i], geojson);
  }
  reply.body += ']';
  object.raw("total", std::to_string(page->total))
      .raw("limit", std::to_string(query->limit))
      .raw("offset", std::to_string(query->after ? 0 : query->offset));
  if (page->more) object.text("next_cursor", make_cursor(page->segments.back().segment_id));
  object.end();
  co_return reply;
}

asio::awaitable<Reply> get_segment(Site& site, Request& request) {
  std::optional<Time> at;
  if (const auto text = request.parameter("at")) {
    at = parse_rfc3339(*text);
    if (!at || *at > now())
      co_return problem(validation_error({{"at", "must be an RFC 3339 time that is past", quoted(*text)}}),
                        request);
  }
  const std::string& id = request.captures[0];
  const auto segment = co_await site.database.run([&] { return find_segment(site.gate, id, at); });
  if (!segment) co_return problem(segment.error(), request);
  Reply reply;
  const bool geojson = wants_geojson(request);
  if (geojson) reply.content_type = "application/geo+json";
  write_segment(reply.body, *segment, geojson);
  co_return reply;
}

}  // namespace diary::http
