// SPDX-License-Identifier: Apache-2.0
#include "app/saved_routes.hpp"

#include "domain/rating.hpp"
#include "http/body.hpp"
#include "http/handlers.hpp"
#include "http/json_writer.hpp"
#include "http/on_db.hpp"
#include "http/problem.hpp"
#include "http/query.hpp"
#include "http/route_body.hpp"

namespace diary::http {
namespace {

constexpr int max_routes = 100;
constexpr const char* base_path = "/api/v1/diary/routes";

Result<RouteQuery> parse_route_query(const Request& request) {
  QueryReader reader(request);
  RouteQuery query;
  query.bbox = reader.bbox("bbox");
  query.segment_id = reader.text("segment_id", 1, diary::limits::max_segment_id);
  query.limit = static_cast<int>(reader.integer("limit", 1, max_routes).value_or(query.limit));
  if (const auto cursor = reader.cursor("cursor", 2)) {
    const auto at = parse_rfc3339(cursor->front());
    const auto id = Uuid::parse(cursor->back());
    if (at && id) {
      query.after = {*at, *id};
    } else {
      reader.complain("cursor", "must be the next_cursor of the page before");
    }
  }
  if (!reader.fine()) return fail(reader.error());
  return query;
}

void write_figures(JsonObject& object, const Walk& walk) {
  object.raw("length_m", walk.length_m).raw("duration_min", walk.duration_min);
  if (walk.avg_safety) object.raw("avg_safety", *walk.avg_safety);
  if (walk.avg_safety_saved) object.raw("avg_safety_saved", *walk.avg_safety_saved);
}

void write_alternative(JsonObject& object, std::string& out, const Walk& walk) {
  object.key("alternative");
  JsonObject alternative(out);
  alternative.texts("segment_ids", walk.segment_ids).raw("geometry", walk.line);
  write_figures(alternative, walk);
  alternative.end();
}

void write_members(JsonObject& object, std::string& out, const SavedRoute& route) {
  object.text("route_id", route.route_id.text())
      .text("route_name", route.route_name)
      .texts("segment_ids", route.walk.segment_ids);
  write_figures(object, route.walk);
  if (route.alternative) write_alternative(object, out, *route.alternative);
  object.raw("is_public", route.is_public ? "true" : "false")
      .raw("is_own", route.is_own ? "true" : "false")
      .text("created_at", to_rfc3339(route.created_at))
      .text("updated_at", to_rfc3339(route.updated_at));
}

void write_route(std::string& out, const SavedRoute& route, bool as_feature) {
  JsonObject object(out);
  if (as_feature) {
    object.text("type", "Feature").text("id", route.route_id.text()).raw("geometry", route.walk.line);
    object.key("properties");
    JsonObject properties(out);
    write_members(properties, out, route);
    properties.end();
  } else {
    write_members(object, out, route);
    object.raw("geometry", route.walk.line);
  }
  object.end();
}

// If-Match, against what a read would answer with now in either form: scores go on, and are part of it.
class IfMatch {
 public:
  explicit IfMatch(const Request& request) : request_(request) {}

  [[nodiscard]] Precondition asked() {
    if (request_.if_match.empty()) return {};
    return [this](const SavedRoute* route) {
      failed_ = route == nullptr || !names(*route);
      return !failed_;
    };
  }
  [[nodiscard]] Reply refusal(const Error& error) const {
    if (!failed_) return problem(error, request_);
    return problem(412, "precondition_failed", "It has changed",
                   "this route is not any more as If-Match says", request_);
  }

 private:
  [[nodiscard]] bool names(const SavedRoute& route) const {
    for (const bool as_feature : {false, true}) {
      std::string body;
      write_route(body, route, as_feature);
      if (names_body(request_.if_match, body)) return true;
    }
    return false;
  }

  const Request& request_;
  bool failed_ = false;
};

Reply route_reply(const Request& request, const SavedRoute& route, bool created = false) {
  Reply reply;
  reply.status = created ? 201 : 200;
  if (created) reply.headers.emplace_back("Location", std::string(base_path) + "/" + route.route_id.text());
  const bool geojson = wants_geojson(request);
  if (geojson) reply.content_type = "application/geo+json";
  write_route(reply.body, route, geojson);
  return reply;
}

// The id of the path. What is no UUID is no route's.
Result<Uuid> path_id(const Request& request) {
  const auto id = Uuid::parse(request.captures[0]);
  if (!id) return fail(Errc::not_found, "there is no route \"" + request.captures[0] + "\"");
  return *id;
}

asio::awaitable<Reply> get_routes(Site& site, Request& request) {
  const auto query = parse_route_query(request);
  if (!query) co_return problem(query.error(), request);
  const auto use_case = [&](pg::Connection& c) { return list_routes(c, *query); };
  const auto page = co_await on_db(site, request, use_case);
  if (!page) co_return problem(page.error(), request);
  const bool geojson = wants_geojson(request);
  Reply reply;
  if (geojson) reply.content_type = "application/geo+json";
  JsonObject object(reply.body);
  if (geojson) object.text("type", "FeatureCollection");
  object.key(geojson ? "features" : "routes");
  reply.body += '[';
  for (std::size_t i = 0; i < page->routes.size(); ++i) {
    if (i > 0) reply.body += ',';
    write_route(reply.body, page->routes[i], geojson);
  }
  reply.body += ']';
  object.raw("limit", std::to_string(query->limit));
  if (page->more) {
    const SavedRoute& last = page->routes.back();
    object.text("next_cursor", make_cursor({to_rfc3339(last.created_at), last.route_id.text()}));
  }
  object.end();
  co_return reply;
}

asio::awaitable<Reply> get_route(Site& site, Request& request) {
  const auto id = path_id(request);
  if (!id) co_return problem(id.error(), request);
  const auto use_case = [&](pg::Connection& c) { return find_route(c, *id); };
  const auto route = co_await on_db(site, request, use_case);
  if (!route) co_return problem(route.error(), request);
  co_return route_reply(request, *route);
}

asio::awaitable<Reply> post_route(Site& site, Request& request) {
  const auto body = parse_new_route(request);
  if (!body) co_return problem(body.error(), request);
  const auto use_case = [&](pg::Connection& c) { return create_route(c, body->route_id, body->draft); };
  const auto saved = co_await on_db(site, request, use_case);
  if (!saved) co_return problem(saved.error(), request);
  co_return route_reply(request, saved->route, saved->created);
}

asio::awaitable<Reply> put_whole_route(Site& site, Request& request) {
  const auto body = parse_whole_route(request);
  if (!body) co_return problem(body.error(), request);
  IfMatch match(request);
  const auto use_case = [&](pg::Connection& c) {
    return put_route(c, body->route_id, body->draft, match.asked());
  };
  const auto saved = co_await on_db(site, request, use_case);
  if (!saved) co_return match.refusal(saved.error());
  co_return route_reply(request, saved->route, saved->created);
}

asio::awaitable<Reply> patch_some_of_route(Site& site, Request& request) {
  const auto id = path_id(request);
  if (!id) co_return problem(id.error(), request);
  const auto patch = parse_route_patch(request);
  if (!patch) co_return problem(patch.error(), request);
  IfMatch match(request);
  const auto use_case = [&](pg::Connection& c) { return patch_route(c, *id, *patch, match.asked()); };
  const auto route = co_await on_db(site, request, use_case);
  if (!route) co_return match.refusal(route.error());
  co_return route_reply(request, *route);
}

asio::awaitable<Reply> delete_route(Site& site, Request& request) {
  const auto id = path_id(request);
  if (!id) co_return problem(id.error(), request);
  IfMatch match(request);
  const auto use_case = [&](pg::Connection& c) { return remove_route(c, *id, match.asked()); };
  const auto removed = co_await on_db(site, request, use_case);
  if (!removed) co_return match.refusal(removed.error());
  Reply reply;
  reply.status = 204;
  co_return reply;
}

}  // namespace

void add_saved_route_routes(RouteTable& table) {
  const std::string one = std::string(base_path) + "/{route_id}";
  table.add(Verb::get, base_path, get_routes);
  table.add(Verb::post, base_path, post_route, {Access::caller});
  table.add(Verb::get, one, get_route);
  table.add(Verb::put, one, put_whole_route, {Access::caller});
  table.add(Verb::patch, one, patch_some_of_route, {Access::caller});
  table.add(Verb::delete_, one, delete_route, {Access::caller});
}

}  // namespace diary::http
