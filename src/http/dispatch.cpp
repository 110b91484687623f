// SPDX-License-Identifier: Apache-2.0
#include "http/dispatch.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <tuple>

#include "base/uuid.hpp"
#include "http/body.hpp"
#include "http/common_headers.hpp"
#include "http/forwarded.hpp"
#include "http/problem.hpp"
#include "http/quotas.hpp"
#include "http/routes.hpp"
#include "http/sessions.hpp"
#include "http/target.hpp"

namespace diary::http {
namespace {

namespace beast_http = boost::beast::http;

constexpr std::size_t most_common_headers = 16;  // of those that are added here

std::string header(const BeastRequest& message, beast_http::field name) {
  const auto value = message[name];
  return {value.data(), value.size()};
}

// A client's id is echoed when it can do no harm in a header or a log.
std::string request_id(const BeastRequest& message) {
  const auto sent = message["X-Request-Id"];
  const bool fine = !sent.empty() && sent.size() <= 64 && std::all_of(sent.begin(), sent.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
  });
  return fine ? std::string(sent) : Uuid::random().text();
}

std::string all_of(const BeastRequest& message, std::string_view name) {
  std::string lines;
  const auto [begin, end] = message.equal_range({name.data(), name.size()});
  for (auto field = begin; field != end; ++field) {
    if (!lines.empty()) lines += ',';
    lines += std::string_view(field->value().data(), field->value().size());
  }
  return lines;
}

// Whom a request is counted for, and whether they speak HTTPS.
std::pair<std::string, bool> counted_address(const Site& site, const std::string& peer,
                                             const BeastRequest& message) {
  const auto address = IpAddress::parse(peer.substr(0, peer.find('%')));  // a link's zone follows
  if (!address) return {peer, false};
  if (!site.trusted_proxies.contain(*address)) return {address->host(), false};
  const std::string forwarded = all_of(message, "Forwarded");
  const std::string x_for = all_of(message, "X-Forwarded-For");
  const std::string x_proto = all_of(message, "X-Forwarded-Proto");
  const Origin origin = find_origin(*address, site.trusted_proxies, {forwarded, x_for, x_proto});
  return {origin.address.host(), origin.https};
}

// "{name}", and "{name}.suffix", whose handler sees to the suffix.
bool is_capture(const std::string& part) {
  return part.front() == '{';
}

// The calls of one path, in the order in which they were added.
struct Calls {
  const std::vector<std::string>* pattern;
  std::vector<const Route*> routes;
  std::string allow;
};

bool is_same(const std::vector<std::string>& pattern, const std::vector<std::string>& other) {
  return std::ranges::equal(pattern, other, [](const std::string& part, const std::string& its) {
    return part == its || (is_capture(part) && is_capture(its));
  });
}

std::vector<Calls> calls_by_path() {
  std::vector<Calls> all;
  for (const Route& route : routes()) {
    const auto same = [&](const Calls& calls) { return is_same(*calls.pattern, route.pattern); };
    auto calls = std::ranges::find_if(all, same);
    if (calls == all.end()) calls = all.insert(all.end(), {&route.pattern, {}, {}});
    calls->routes.push_back(&route);
    if (!calls->allow.empty()) calls->allow += ", ";
    calls->allow += std::string(beast_http::to_string(route.method));
    if (route.method == Verb::get) calls->allow += ", HEAD";
  }
  for (Calls& calls : all) calls.allow += ", OPTIONS";
  return all;
}

// From behind: most paths begin alike.
bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
  if (pattern.size() != segments.size()) return false;
  for (std::size_t i = pattern.size(); i-- > 0;)
    if (!is_capture(pattern[i]) && pattern[i] != segments[i]) return false;
  return true;
}

struct Match {
  const Route* route = nullptr;
  std::string_view allow;  // the methods that the path has; empty: there is no such path
};

// Of two patterns that match the same path: the one whose first difference is a literal.
bool is_closer(const std::vector<std::string>& pattern, const std::vector<std::string>& other) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_capture(pattern[i]) != is_capture(other[i])) return is_capture(other[i]);
  }
  return false;
}

// The path's own pattern, in whatever order routes were added: /ratings/search is that and no {rating_id},
// for every method.
const Calls* closest_calls(const std::vector<std::string>& segments) {
  static const std::vector<Calls> all = calls_by_path();
  const Calls* closest = nullptr;
  for (const Calls& calls : all) {
    if (matches(*calls.pattern, segments) &&
        (closest == nullptr || is_closer(*calls.pattern, *closest->pattern)))
      closest = &calls;
  }
  return closest;
}

Match find_route(Request& request, const std::vector<std::string>& segments) {
  const Calls* calls = closest_calls(segments);
  if (calls == nullptr) return {};
  Match match{nullptr, calls->allow};
  for (const Route* route : calls->routes) {
    if (route->method == request.method || (route->method == Verb::get && request.method == Verb::head))
      match.route = route;
  }
  for (std::size_t i = 0; match.route != nullptr && i < segments.size(); ++i)
    if (is_capture((*calls->pattern)[i])) request.captures.push_back(segments[i]);
  return match;
}

// False for a token that is not to be believed; true without one.
bool read_caller(const Site& site, Request& request) {
  const std::string& authorization = request.authorization;
  if (authorization.empty()) return true;
  constexpr std::string_view scheme = "Bearer ";
  if (!boost::beast::iequals(authorization.substr(0, scheme.size()), scheme)) return false;
  request.caller = site.tokens.verify(authorization.substr(scheme.size()));
  return request.caller.has_value();
}

Reply not_allowed(const Match& match, const Request& request) {
  Reply reply;
  if (request.method == Verb::options) {
    reply.status = 204;
  } else {
    reply = problem(405, "method_not_allowed", "The path has no such method",
                    "this path takes " + std::string(match.allow), request);
  }
  reply.headers.emplace_back("Allow", match.allow);
  return reply;
}

// Why the route is not for whoever asks; nothing when it is.
std::optional<Error> refusal(const Route& route, const Request& request, bool caller_is_fine) {
  if (route.terms.access == Access::own_token) return std::nullopt;
  if (!caller_is_fine) return Error{Errc::unauthorized, "the access token is not valid"};
  if (route.terms.access != Access::anyone && !request.caller)
    return Error{Errc::unauthorized, "this needs an access token"};
  return std::nullopt;
}

// What the server as a whole takes.
Reply server_options() {
  Reply reply;
  reply.status = 204;
  reply.headers.emplace_back("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  return reply;
}

bool has_json_body(const Request& request) {
  const auto semicolon = request.content_type.find(';');
  std::string type = request.content_type.substr(0, semicolon);
  while (!type.empty() && type.back() == ' ') type.pop_back();
  return boost::beast::iequals(type, "application/json");
}

// POST without a body and without a type for it is fine: what needs a body says so itself.
bool has_wrong_body(const Request& request) {
  const bool writes =
      request.method == Verb::post || request.method == Verb::put || request.method == Verb::patch;
  const bool has_body = !request.body.empty() || (writes && !request.content_type.empty());
  return has_body && (writes || request.method == Verb::delete_) && !has_json_body(request);
}

asio::awaitable<Reply> answer(Site& site, const Route& route, Request& request) {
  try {
    co_return co_await handle(site, route, request);
  } catch (const pg::ConnectionLost& e) {
    spdlog::error("request {}: the database is gone: {}", request.request_id, e.what());
  } catch (const pg::PoolExhausted& e) {
    spdlog::warn("request {}: {}", request.request_id, e.what());
  } catch (const pg::StatementTimeout& e) {
    spdlog::error("request {}: {}", request.request_id, e.what());
  } catch (const std::exception& e) {
    spdlog::error("request {}: {}", request.request_id, e.what());
    co_return problem(Error{Errc::failed, "internal error"}, request);
  }
  co_return problem(Error{Errc::unavailable, "the database is not available", {}, std::chrono::seconds{5}},
                    request);
}

struct Answered {
  const Route* route;
  Reply reply;
};

asio::awaitable<Answered> route_and_answer(Site& site, Request& request,
                                           const std::vector<std::string>& segments, bool caller_is_fine) {
  const Match match = find_route(request, segments);
  // Browsers ask with OPTIONS on their own: that counts nothing.
  const bool asks = match.route == nullptr && request.method == Verb::options;
  const auto verdict = co_await count(site, request,
                                      asks                     ? Quota::none
                                      : match.route == nullptr ? Quota::api
                                                               : match.route->terms.quota);
  Reply reply;
  if (!verdict.allowed) {
    reply = too_many(verdict, request);
  } else if (match.allow.empty()) {
    reply = problem(Error{Errc::not_found, "there is no such path"}, request);
  } else if (match.route == nullptr) {
    reply = not_allowed(match, request);
  } else if (const auto refused = refusal(*match.route, request, caller_is_fine)) {
    reply = problem(*refused, request);
  } else if (has_wrong_body(request)) {
    reply = problem(415, "unsupported_media_type", "Not JSON", "the body must be application/json", request);
  } else {
    reply = co_await answer(site, *match.route, request);
  }
  add_limit_headers(reply, verdict);
  co_return Answered{match.route, std::move(reply)};
}

}  // namespace

std::optional<std::string> Request::parameter(std::string_view name) const {
  std::optional<std::string> value;
  for (const auto& [key, text] : query) {
    if (key == name) value = text;
  }
  return value;
}

asio::awaitable<Reply> unreadable(Site& site, std::string address, Unreadable why) {
  Request nothing;
  nothing.address = counted_address(site, address, {}).first;
  const auto verdict = co_await count(site, nothing, Quota::api);
  Reply reply = verdict.allowed ? problem(why.status, why.error, why.title, why.detail, nothing)
                                : too_many(verdict, nothing);
  add_limit_headers(reply, verdict);
  reply.headers.emplace_back("X-Request-Id", Uuid::random().text());
  add_cache_control(reply, nothing, nullptr);
  add_security_headers(reply, !site.config.tls_cert.empty());
  site.metrics.count_unreadable(reply.status);
  co_return reply;
}

asio::awaitable<Reply> dispatch(Site& site, BeastRequest message, std::string address,
                                const WatchPeer& watch_peer) {
  const auto begun = std::chrono::steady_clock::now();
  const BodyWishes wishes = read_wishes(message);
  Request request;
  request.method = message.method();
  request.request_id = request_id(message);
  std::tie(request.address, request.secure) = counted_address(site, address, message);
  request.secure = request.secure || !site.config.tls_cert.empty();
  request.authorization = header(message, beast_http::field::authorization);
  request.content_type = header(message, beast_http::field::content_type);
  request.accept = header(message, beast_http::field::accept);
  request.host = header(message, beast_http::field::host);
  const auto last_event_id = message["Last-Event-ID"];
  request.last_event_id.assign(last_event_id.data(), last_event_id.size());
  request.if_match = all_of(message, "If-Match");
  const auto key = message["Idempotency-Key"];
  request.idempotency_key.assign(key.data(), key.size());
  request.body = std::move(message.body());
  request.watch_peer = watch_peer;
  auto target = read_target({message.target().data(), message.target().size()});
  Answered answered{};
  Reply& reply = answered.reply;
  if (target && target->path == "*" && request.method == Verb::options) {
    const auto verdict = co_await count(site, request, Quota::api);
    reply = verdict.allowed ? server_options() : too_many(verdict, request);
    add_limit_headers(reply, verdict);
  } else if (target && target->path != "*") {
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    const bool caller_is_fine = read_caller(site, request);
    answered = co_await route_and_answer(site, request, target->segments, caller_is_fine);
  } else {
    const auto verdict = co_await count(site, request, Quota::api);
    reply = verdict.allowed ? problem(Error{Errc::malformed, "the request target is no path"}, request)
                            : too_many(verdict, request);
    add_limit_headers(reply, verdict);
  }
  reply.headers.reserve(reply.headers.size() + most_common_headers);
  reply.headers.emplace_back("X-Request-Id", request.request_id);
  add_cors_headers(reply, site.cors, message);
  add_cache_control(reply, request, answered.route);
  add_security_headers(reply, request.secure);
  shape_body(reply, wishes);
  site.metrics.count(answered.route, reply.status, std::chrono::steady_clock::now() - begun);
  spdlog::debug("{} {} {} {}", request.request_id, std::string_view(beast_http::to_string(request.method)),
                request.path, reply.status);
  co_return std::move(answered.reply);
}

}  // namespace diary::http
