// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include "app/segments.hpp"
#include "http/handlers.hpp"
#include "http/json_writer.hpp"

namespace diary::http {
namespace {

asio::awaitable<bool> database_answers(Site& site) {
  const auto answer = co_await site.database.run([&site]() -> Result<bool> {
    try {
      check_database(site.gate);
      return true;
    } catch (const pg::DbError& e) {
      spdlog::warn("the database does not answer: {}", e.what());
      return false;
    }
  });
  co_return answer.value_or(false);
}

}  // namespace

asio::awaitable<Reply> get_healthz(Site&, Request&) {
  Reply reply;
  reply.body = R"({"status":"alive"})";
  co_return reply;
}

asio::awaitable<Reply> get_health(Site& site, Request&) {
  const bool up = co_await database_answers(site);
  const auto uptime = std::chrono::steady_clock::now() - site.started;
  Reply reply;
  reply.status = up ? 200 : 503;
  reply.headers.emplace_back("Cache-Control", "no-store");
  JsonObject object(reply.body);
  object.text("status", up ? "healthy" : "unhealthy")
      .text("version", site.version)
      .raw("uptime", std::to_string(std::chrono::duration_cast<std::chrono::seconds>(uptime).count()))
      .text("database", up ? "up" : "down");
  object.end();
  co_return reply;
}

asio::awaitable<Reply> get_readyz(Site& site, Request& request) {
  return get_health(site, request);
}

}  // namespace diary::http
