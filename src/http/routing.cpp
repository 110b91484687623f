// SPDX-License-Identifier: Apache-2.0
#include "app/routing.hpp"

#include "http/handlers.hpp"
#include "http/problem.hpp"
#include "http/routing_body.hpp"
#include "http/routing_reply.hpp"

namespace diary::http {
namespace {

Reply json_reply(std::string body, const char* type = "application/json") {
  Reply reply;
  reply.content_type = type;
  reply.body = std::move(body);
  return reply;
}

// On a thread of its own kind, so that neither the network nor the database waits for it; never begun for a
// client that has gone meanwhile. The time it may take counts from here.
template <class Work>
asio::awaitable<std::invoke_result_t<Work, const MayGoOn&>> compute(Site& site, Request& request, Work work) {
  using R = std::invoke_result_t<Work, const MayGoOn&>;
  const std::shared_ptr<const std::atomic<bool>> gone = request.watch_peer ? request.watch_peer() : nullptr;
  const MayGoOn in_time = within(std::chrono::milliseconds{site.config.route_time_ms});
  const MayGoOn may_go_on = [&]() -> std::optional<Error> {
    if (gone && *gone) return Error{Errc::unavailable, "the client has gone", {}, std::chrono::seconds{1}};
    return in_time();
  };
  co_return co_await site.routing.run([&]() -> R {
    if (auto stop = may_go_on()) {
      site.routing_times.skipped.fetch_add(1, std::memory_order_relaxed);
      return fail(std::move(*stop));
    }
    return work(may_go_on);
  });
}

// One route takes less than handing it to another thread.
asio::awaitable<Result<RouteAnswer>> find_route(Site& site, Request& request, const RouteQuestion& question) {
  const auto limits = RoutingLimits::of(site.config);
  const auto work = [&](const MayGoOn& may_go_on) {
    return calculate_route(site.city.network().engine(), question, limits, may_go_on);
  };
  if (!question.curve) co_return work(within(limits.time));
  co_return co_await compute(site, request, work);
}

asio::awaitable<Reply> post_calculate(Site& site, Request& request) {
  const auto asked = read_route_question(request.body);
  if (!asked) co_return problem(asked.error(), request);
  const auto answer = co_await find_route(site, request, asked->question);
  if (!answer) co_return problem(answer.error(), request);
  (asked->question.curve ? site.routing_times.curve : site.routing_times.route)
      .observe(answer->computation_time);
  co_return json_reply(route_json(*asked, *answer));
}

asio::awaitable<Reply> post_match(Site& site, Request& request) {
  const auto question = read_trace_question(request.body);
  if (!question) co_return problem(question.error(), request);
  const auto work = [&](const MayGoOn& may_go_on) {
    return match_trace(site.city.network().engine(), *question, may_go_on);
  };
  const auto answer = co_await compute(site, request, work);
  if (!answer) co_return problem(answer.error(), request);
  site.routing_times.match.observe(answer->computation_time);
  co_return json_reply(match_json(*question, *answer));
}

asio::awaitable<Reply> post_isochrone(Site& site, Request& request) {
  const auto asked = read_reach_question(request.body, site.config.max_isochrone_min);
  if (!asked) co_return problem(asked.error(), request);
  const auto limits = RoutingLimits::of(site.config);
  const auto work = [&](const MayGoOn& may_go_on) {
    return find_reach(site.city.network().engine(), asked->question, limits, may_go_on);
  };
  const auto answer = co_await compute(site, request, work);
  if (!answer) co_return problem(answer.error(), request);
  site.routing_times.isochrone.observe(answer->computation_time);
  co_return json_reply(reach_json(*asked, *answer), "application/geo+json");
}

}  // namespace

void add_routing_routes(RouteTable& table) {
  constexpr Terms terms{.quota = Quota::routing};
  table.add(Verb::post, "/api/v1/routing/calculate", post_calculate, terms);
  table.add(Verb::post, "/api/v1/routing/match", post_match, terms);
  table.add(Verb::post, "/api/v1/routing/isochrone", post_isochrone, terms);
}

}  // namespace diary::http
