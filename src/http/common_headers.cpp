// SPDX-License-Identifier: Apache-2.0
#include "http/common_headers.hpp"

#include <algorithm>

namespace diary::http {
namespace {

namespace beast_http = boost::beast::http;

// The pages have policies of their own.
constexpr const char* data_policy = "default-src 'none'; frame-ancestors 'none'";
constexpr const char* permissions =
    "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), browsing-topics=()";
constexpr const char* hsts = "max-age=31536000";

constexpr const char* exposed =
    "X-Request-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, ETag, Retry-After, Location";
constexpr const char* allowed_headers =
    "Accept, Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, X-Request-Id";
constexpr const char* preflight_age_s = "7200";  // as long as Chromium keeps one

// The handlers' own headers, written in one way: no need to ignore case.
const std::string* find(const Reply& reply, std::string_view name) {
  const auto found =
      std::ranges::find_if(reply.headers, [&](const auto& header) { return header.first == name; });
  return found == reply.headers.end() ? nullptr : &found->second;
}

void set_default(Reply& reply, const char* name, const char* value) {
  if (find(reply, name) == nullptr) reply.headers.emplace_back(name, value);
}

}  // namespace

void add_security_headers(Reply& reply, bool secure) {
  set_default(reply, "X-Content-Type-Options", "nosniff");
  set_default(reply, "Referrer-Policy", "no-referrer");
  set_default(reply, "X-Frame-Options", "DENY");
  set_default(reply, "Content-Security-Policy", data_policy);
  set_default(reply, "Permissions-Policy", permissions);
  if (secure) set_default(reply, "Strict-Transport-Security", hsts);
}

void add_cache_control(Reply& reply, const Request& request, const Route* route) {
  const bool reads = request.method == Verb::get || request.method == Verb::head;
  const bool everybodys = route != nullptr && route->terms.access == Access::anyone &&
                          route->terms.quota != Quota::none && !request.caller;
  const bool kept = reads && everybodys && reply.status < 400;
  set_default(reply, "Cache-Control", kept ? "no-cache" : "no-store");
}

void add_vary(Reply& reply, std::string_view names) {
  const auto vary =
      std::ranges::find_if(reply.headers, [](const auto& header) { return header.first == "Vary"; });
  if (vary == reply.headers.end()) {
    reply.headers.emplace_back("Vary", names);
  } else {
    vary->second += ", ";
    vary->second += names;
  }
}

void add_cors_headers(Reply& reply, const Origins& origins, const BeastRequest& message) {
  if (origins.none()) return;
  if (!origins.any()) add_vary(reply, "Origin");
  const auto sent = message[beast_http::field::origin];
  const std::string origin(sent.data(), sent.size());
  if (origin.empty() || !origins.contain(origin)) return;
  reply.headers.emplace_back("Access-Control-Allow-Origin", origins.any() ? "*" : origin);
  const bool preflight =
      message.method() == Verb::options && message.count("Access-Control-Request-Method") > 0;
  const std::string* allow = find(reply, "Allow");
  if (!preflight || allow == nullptr) {
    reply.headers.emplace_back("Access-Control-Expose-Headers", exposed);
    return;
  }
  const std::string methods = *allow;
  reply.headers.emplace_back("Access-Control-Allow-Methods", methods);
  reply.headers.emplace_back("Access-Control-Allow-Headers", allowed_headers);
  reply.headers.emplace_back("Access-Control-Max-Age", preflight_age_s);
}

}  // namespace diary::http
