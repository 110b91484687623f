// SPDX-License-Identifier: Apache-2.0
#include "http/dispatch.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/utf8.hpp"
#include "base/uuid.hpp"
#include "http/problem.hpp"

namespace diary::http {
namespace {

namespace beast_http = boost::beast::http;

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

// What goes into SQL and back into JSON.
bool is_text(const std::string& decoded) {
  return decoded.find('\0') == std::string::npos && is_utf8(decoded);
}

// Path segments and query, decoded; false for what is no origin-form target or no text.
bool read_target(const BeastRequest& message, Request& request, std::vector<std::string>& segments) {
  const auto url = boost::urls::parse_origin_form({message.target().data(), message.target().size()});
  if (!url) return false;
  const std::string path = url->path();
  for (const auto& segment : url->segments()) segments.emplace_back(segment);
  for (const auto& parameter : url->params()) request.query.emplace_back(parameter.key, parameter.value);
  if (!is_text(path) || !std::ranges::all_of(request.query, [](const auto& parameter) {
        return is_text(parameter.first) && is_text(parameter.second);
      }))
    return false;
  request.path = path;
  return true;
}

bool matches(const Route& route, const std::vector<std::string>& segments,
             std::vector<std::string>& captures) {
  if (route.pattern.size() != segments.size()) return false;
  captures.clear();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (route.pattern[i].front() == '{') {
      captures.push_back(segments[i]);
    } else if (route.pattern[i] != segments[i]) {
      return false;
    }
  }
  return true;
}

struct Match {
  const Route* route = nullptr;
  std::string allow;  // the methods that the path has; empty: there is no such path
};

Match find_route(Request& request, const std::vector<std::string>& segments) {
  Match match;
  for (const Route& route : routes()) {
    std::vector<std::string> captures;
    if (!matches(route, segments, captures)) continue;
    const bool get = route.method == Verb::get;
    match.allow += std::string(match.allow.empty() ? "" : ", ") +
                   std::string(beast_http::to_string(route.method)) + (get ? ", HEAD" : "");
    if (route.method == request.method || (get && request.method == Verb::head)) {
      match.route = &route;
      request.captures = std::move(captures);
    }
  }
  if (!match.allow.empty()) match.allow += ", OPTIONS";
  return match;
}

// False for a token that is not to be believed; true without one.
bool read_caller(const Site& site, const BeastRequest& message, Request& request) {
  const std::string authorization = header(message, beast_http::field::authorization);
  if (authorization.empty()) return true;
  constexpr std::string_view scheme = "Bearer ";
  if (!boost::beast::iequals(authorization.substr(0, scheme.size()), scheme)) return false;
  request.caller = site.tokens.verify(authorization.substr(scheme.size()));
  return request.caller.has_value();
}

Limiter::Verdict count(Site& site, const Request& request, bool counted) {
  int limit = site.config.rate_limit_max_anonymous;
  std::string key = "address " + request.address;
  if (request.caller) {
    const std::string& tier = request.caller->tier;
    limit = site.config.rate_limit_max_authenticated;
    if (tier == "premium") limit = scaled_limit(limit, 10);
    if (tier == "enterprise") limit = scaled_limit(limit, 100);
    key = "user " + request.caller->user_id.text();
  }
  return counted ? site.requests.hit(key, limit) : site.requests.peek(key, limit);
}

void add_limit_headers(Reply& reply, const Limiter::Verdict& verdict) {
  const auto reset = std::chrono::ceil<std::chrono::seconds>(verdict.reset.time_since_epoch()).count();
  reply.headers.emplace_back("X-RateLimit-Limit", std::to_string(verdict.limit));
  reply.headers.emplace_back("X-RateLimit-Remaining", std::to_string(verdict.remaining));
  reply.headers.emplace_back("X-RateLimit-Reset", std::to_string(reset));
}

Reply not_allowed(const Match& match, const Request& request) {
  Reply reply;
  if (request.method == Verb::options) {
    reply.status = 204;
  } else {
    reply = problem(405, "method_not_allowed", "The path has no such method",
                    "this path takes " + match.allow, request);
  }
  reply.headers.emplace_back("Allow", match.allow);
  return reply;
}

bool has_json_body(const Request& request) {
  const auto semicolon = request.content_type.find(';');
  std::string type = request.content_type.substr(0, semicolon);
  while (!type.empty() && type.back() == ' ') type.pop_back();
  return boost::beast::iequals(type, "application/json");
}

asio::awaitable<Reply> answer(Site& site, const Route& route, Request& request) {
  try {
    co_return co_await route.handler(site, request);
  } catch (const pg::ConnectionLost& e) {
    spdlog::error("request {}: the database is gone: {}", request.request_id, e.what());
  } catch (const pg::PoolExhausted& e) {
    spdlog::warn("request {}: {}", request.request_id, e.what());
  } catch (const std::exception& e) {
    spdlog::error("request {}: {}", request.request_id, e.what());
    co_return problem(Error{Errc::failed, "internal error"}, request);
  }
  co_return problem(Error{Errc::unavailable, "the database is not available", {}, std::chrono::seconds{5}},
                    request);
}

asio::awaitable<Reply> route_and_answer(Site& site, Request& request,
                                        const std::vector<std::string>& segments, bool caller_is_fine) {
  const Match match = find_route(request, segments);
  const bool counted = match.route == nullptr ? !request.path.empty() : match.route->counted;
  const auto verdict = count(site, request, counted);
  Reply reply;
  if (!verdict.allowed && counted) {
    const auto wait =
        std::chrono::ceil<std::chrono::seconds>(verdict.reset - std::chrono::system_clock::now());
    reply = problem(Error{Errc::rate_limited,
                          "too many requests; the window ends in " + std::to_string(wait.count()) + " s",
                          {},
                          std::max(wait, std::chrono::seconds{1})},
                    request);
  } else if (match.allow.empty()) {
    reply = problem(Error{Errc::not_found, "there is no such path"}, request);
  } else if (match.route == nullptr) {
    reply = not_allowed(match, request);
  } else if (!caller_is_fine || (match.route->needs_caller && !request.caller)) {
    reply = problem(Error{Errc::unauthorized,
                          caller_is_fine ? "this needs an access token" : "the access token is not valid"},
                    request);
  } else if (match.route->method == Verb::post && !has_json_body(request)) {
    reply = problem(415, "unsupported_media_type", "Not JSON", "the body must be application/json", request);
  } else {
    reply = co_await answer(site, *match.route, request);
  }
  add_limit_headers(reply, verdict);
  co_return reply;
}

}  // namespace

std::optional<std::string> Request::parameter(std::string_view name) const {
  std::optional<std::string> value;
  for (const auto& [key, text] : query) {
    if (key == name) value = text;
  }
  return value;
}

Reply unreadable(Site& site, const std::string& address, const Unreadable& why) {
  Request nothing;
  nothing.address = address;
  Reply reply = problem(why.status, why.error, why.title, why.detail, nothing);
  add_limit_headers(reply, count(site, nothing, false));
  reply.headers.emplace_back("X-Request-Id", Uuid::random().text());
  return reply;
}

asio::awaitable<Reply> dispatch(Site& site, BeastRequest message, std::string address) {
  Request request;
  request.method = message.method();
  request.request_id = request_id(message);
  request.address = std::move(address);
  request.content_type = header(message, beast_http::field::content_type);
  request.accept = header(message, beast_http::field::accept);
  const auto key = message["Idempotency-Key"];
  request.idempotency_key.assign(key.data(), key.size());
  request.body = std::move(message.body());
  std::vector<std::string> segments;
  Reply reply;
  if (read_target(message, request, segments)) {
    const bool caller_is_fine = read_caller(site, message, request);
    reply = co_await route_and_answer(site, request, segments, caller_is_fine);
  } else {
    reply = problem(Error{Errc::malformed, "the request target is no path"}, request);
    add_limit_headers(reply, count(site, request, false));
  }
  reply.headers.emplace_back("X-Request-Id", request.request_id);
  spdlog::debug("{} {} {} {}", request.request_id, std::string_view(beast_http::to_string(request.method)),
                request.path, reply.status);
  co_return reply;
}

}  // namespace diary::http
