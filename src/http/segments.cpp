// SPDX-License-Identifier: Apache-2.0
#include "app/segments.hpp"

#include "http/handlers.hpp"
#include "http/json_writer.hpp"
#include "http/on_db.hpp"
#include "http/problem.hpp"
#include "http/query.hpp"
#include "http/staleness.hpp"

namespace diary::http {
namespace {

constexpr int max_segments = 1000;
constexpr std::int64_t max_offset = 1'000'000'000;

Result<SegmentQuery> parse_segment_query(const Request& request) {
  QueryReader reader(request);
  SegmentQuery query;
  query.bbox = reader.bbox("bbox");
  query.min_confidence = reader.real("min_confidence", 0, 1);
  query.updated_after = reader.time("updated_after");
  query.limit = static_cast<int>(reader.integer("limit", 1, max_segments).value_or(query.limit));
  query.offset = reader.integer("offset", 0, max_offset).value_or(0);
  if (const auto cursor = reader.cursor("cursor", 1)) query.after = cursor->front();
  if (!reader.fine()) return fail(reader.error());
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

// Until the city is loaded.
asio::awaitable<Reply> list_from_database(Site& site, Request& request, const SegmentQuery& query) {
  const auto page = co_await site.database.run([&] { return list_segments(site.gate, query); });
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
      .raw("limit", std::to_string(query.limit))
      .raw("offset", std::to_string(query.after ? 0 : query.offset));
  if (page->more) object.text("next_cursor", make_cursor({page->segments.back().segment_id}));
  object.end();
  co_return reply;
}

void add_headers(Reply& reply, const Site& site, std::string tag) {
  reply.etag = std::move(tag);
  add_staleness(reply, site);
}

// What follows the items; without the cursor's value the same text as `tag_of` says in short.
void finish_page(Reply& reply, const SegmentQuery& query, const snapshot::CityPage& page) {
  reply.body += R"(],"total":)" + std::to_string(page.total) + R"(,"limit":)" + std::to_string(query.limit) +
                R"(,"offset":)" + std::to_string(query.after ? 0 : query.offset);
  if (page.more) reply.body += R"(,"next_cursor":")" + make_cursor({page.last_id}) + '"';
  reply.body += '}';
}

// All that a page's text depends on: its items (their digest), and what stands around them.
std::string tag_of(const SegmentQuery& query, const snapshot::CityPage& page, bool geojson) {
  std::string tag;
  snapshot::append_hex(tag, page.digest);
  tag += (geojson ? "-f" : "-s") + std::to_string(page.total) + '-' + std::to_string(query.limit) + '-' +
         std::to_string(query.after ? 0 : query.offset);
  if (page.more) tag += "-m";
  return tag;
}

asio::awaitable<Reply> get_segments(Site& site, Request& request) {
  const auto query = parse_segment_query(request);
  if (!query) co_return problem(query.error(), request);
  const auto& city = site.city.city();
  if (!city.loaded()) co_return co_await list_from_database(site, request, *query);
  const bool geojson = wants_geojson(request);
  Reply reply;
  if (geojson) reply.content_type = "application/geo+json";
  reply.body = geojson ? R"({"type":"FeatureCollection","features":[)" : R"({"segments":[)";
  const auto page =
      city.list(*query, geojson ? snapshot::Form::feature : snapshot::Form::object, now(), reply.body);
  finish_page(reply, *query, page);
  add_headers(reply, site, tag_of(*query, page, geojson));
  co_return reply;
}

asio::awaitable<Reply> get_segment_at(Site& site, Request& request, std::optional<Time> at) {
  const std::string& id = request.captures[0];
  const auto segment = co_await site.database.run([&] { return find_segment(site.gate, id, at); });
  if (!segment) co_return problem(segment.error(), request);
  Reply reply;
  const bool geojson = wants_geojson(request);
  if (geojson) reply.content_type = "application/geo+json";
  write_segment(reply.body, *segment, geojson);
  co_return reply;
}

asio::awaitable<Reply> get_segment(Site& site, Request& request) {
  QueryReader reader(request);
  const auto at = reader.time("at");
  if (at && *at > now()) reader.complain("at", "must be past");
  if (!reader.fine()) co_return problem(reader.error(), request);
  const auto& city = site.city.city();
  if (at || !city.loaded()) co_return co_await get_segment_at(site, request, at);
  const std::string& id = request.captures[0];
  const bool geojson = wants_geojson(request);
  const auto form = geojson ? snapshot::Form::feature : snapshot::Form::object;
  Reply reply;
  if (geojson) reply.content_type = "application/geo+json";
  auto digest = city.find(id, form, now(), reply.body);
  if (!digest) {  // perhaps it is too new
    co_await catch_up(site);
    digest = city.find(id, form, now(), reply.body);
  }
  if (!digest) co_return problem(no_segment(id), request);
  std::string tag;
  snapshot::append_hex(tag, *digest);
  if (geojson) tag += "-f";
  add_headers(reply, site, std::move(tag));
  co_return reply;
}

}  // namespace

void add_segment_routes(RouteTable& table) {
  table.add(Verb::get, "/api/v1/diary/segments", get_segments);
  table.add(Verb::get, "/api/v1/diary/segments/{segment_id}", get_segment);
}

}  // namespace diary::http
