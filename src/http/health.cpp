// SPDX-License-Identifier: Apache-2.0
#include "http/handlers.hpp"
#include "http/json_writer.hpp"

namespace diary::http {
namespace {

asio::awaitable<Reply> get_healthz(Site&, Request&) {
  Reply reply;
  reply.body = R"({"status":"alive"})";
  co_return reply;
}

// The city in memory: not yet there, in step with the database, or left behind.
const char* state_of(const snapshot::CityFeed& city) {
  if (!city.city().loaded()) return "loading";
  return city.stale_for() ? "stale" : "fresh";
}

// Ready is who has the city and a database that answers.
asio::awaitable<Reply> get_health(Site& site, Request&) {
  const bool database = co_await site.pulse.beats();
  const std::string_view snapshot = state_of(site.city);
  const bool up = database && snapshot == "fresh";
  const auto uptime = std::chrono::steady_clock::now() - site.started;
  Reply reply;
  reply.status = up ? 200 : 503;
  reply.headers.emplace_back("Cache-Control", "no-store");
  JsonObject object(reply.body);
  object.text("status", up ? "healthy" : "unhealthy")
      .text("version", site.version)
      .raw("uptime", std::to_string(std::chrono::duration_cast<std::chrono::seconds>(uptime).count()))
      .text("database", database ? "up" : "down")
      .text("snapshot", snapshot);
  object.end();
  co_return reply;
}

asio::awaitable<Reply> get_readyz(Site& site, Request& request) {
  return get_health(site, request);
}

}  // namespace

void add_health_routes(RouteTable& table) {
  table.add(Verb::get, "/healthz", get_healthz, {.quota = Quota::none});
  table.add(Verb::get, "/readyz", get_readyz, {.quota = Quota::none});
  table.add(Verb::get, "/api/health", get_health, {.quota = Quota::none});
}

}  // namespace diary::http
