// SPDX-License-Identifier: Apache-2.0
#include "http/quotas.hpp"

#include "http/problem.hpp"

namespace diary::http {
namespace {

constexpr int map_factor = 10;  // of tiles, and of what else the page asks for

const char* name_of(Quota quota) {
  switch (quota) {
    case Quota::routing:
      return "routing ";
    case Quota::map:
      return "map ";
    case Quota::tiles:
      return "tiles ";
    case Quota::api:
    case Quota::none:
      return "api ";
  }
  return "api ";
}

Metrics::Refusal refusal_of(Quota quota) {
  if (quota == Quota::routing) return Metrics::Refusal::routing;
  if (quota == Quota::tiles) return Metrics::Refusal::tiles;
  return quota == Quota::map ? Metrics::Refusal::map : Metrics::Refusal::api;
}

int tier_factor(const Caller& caller) {
  if (caller.tier == "premium") return 10;
  return caller.tier == "enterprise" ? 100 : 1;
}

}  // namespace

int limit_of(const Config& config, Quota quota, const Caller* caller) {
  const bool routing = quota == Quota::routing;
  const int anonymous = routing ? config.rate_limit_max_routing_anonymous : config.rate_limit_max_anonymous;
  const int free = routing ? config.rate_limit_max_routing : config.rate_limit_max_authenticated;
  const int limit = caller == nullptr ? anonymous : scaled_limit(free, tier_factor(*caller));
  return quota == Quota::map || quota == Quota::tiles ? scaled_limit(limit, map_factor) : limit;
}

asio::awaitable<Verdict> count(Site& site, const Request& request, Quota quota) {
  const Caller* caller = request.caller ? &*request.caller : nullptr;
  const int limit = limit_of(site.config, quota, caller);
  std::string who = name_of(quota);
  who += caller == nullptr ? "address " + request.address : "user " + caller->user_id.text();
  if (quota == Quota::none) {
    Verdict verdict = co_await site.requests.peek(std::move(who), limit);
    verdict.allowed = true;
    co_return verdict;
  }
  const Verdict verdict = co_await site.requests.hit(std::move(who), limit);
  if (!verdict.allowed) site.metrics.count_refusal(refusal_of(quota));
  co_return verdict;
}

void add_limit_headers(Reply& reply, const Verdict& verdict) {
  const auto reset = std::chrono::ceil<std::chrono::seconds>(verdict.reset.time_since_epoch()).count();
  reply.headers.emplace_back("X-RateLimit-Limit", std::to_string(verdict.limit));
  reply.headers.emplace_back("X-RateLimit-Remaining", std::to_string(verdict.remaining));
  reply.headers.emplace_back("X-RateLimit-Reset", std::to_string(reset));
}

Reply too_many(const Verdict& verdict, const Request& request) {
  return problem(
      Error{Errc::rate_limited,
            "too many requests; the next is taken in " + std::to_string(verdict.wait.count()) + " s",
            {},
            verdict.wait},
      request);
}

}  // namespace diary::http
