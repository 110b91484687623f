// SPDX-License-Identifier: Apache-2.0
#include "http/site.hpp"

#include <spdlog/spdlog.h>

#include <thread>

#include "app/segments.hpp"
#include "http/routes.hpp"

namespace diary::http {
namespace {

constexpr int max_waiting_reads = 1000;
constexpr int max_waiting_passwords = 64;
constexpr int max_waiting_computations = 64;
constexpr auto failed_login_window = std::chrono::minutes{15};

std::unique_ptr<RedisLink> redis_of(const Config& settings) {
  if (settings.redis_url.empty()) return nullptr;
  return std::make_unique<RedisLink>(parse_redis_url(settings.redis_url).value(),
                                     std::chrono::milliseconds{settings.redis_timeout_ms});
}

bool answers(Gate& gate) {
  try {
    check_database(gate);
    return true;
  } catch (const std::exception& e) {
    spdlog::warn("the database does not answer: {}", e.what());
    return false;
  }
}

}  // namespace

Site::Site(const Config& settings, Gate& the_gate, Gate& health_gate, Accounts& the_accounts,
           Submissions& the_submissions, snapshot::CityFeed& the_city, Tokens the_tokens)
    : gate(the_gate),
      accounts(the_accounts),
      submissions(the_submissions),
      city(the_city),
      tokens(std::move(the_tokens)),
      config(settings),
      database(static_cast<std::size_t>(settings.pool_size), max_waiting_reads, settings.max_wait),
      passwords(std::max(1U, std::thread::hardware_concurrency()), max_waiting_passwords, settings.max_wait),
      routing(std::max(1U, std::thread::hardware_concurrency()), max_waiting_computations,
              std::chrono::milliseconds{settings.route_time_ms}),
      tiles(std::max(1U, std::thread::hardware_concurrency()), max_waiting_reads, settings.max_wait),
      live_seats(std::make_shared<LiveSeats>(
          LiveSeats::Bounds{static_cast<std::size_t>(settings.max_live),
                            static_cast<std::size_t>(settings.max_live_per_address)})),
      cors(Origins::parse(settings.cors_origins).value()),
      trusted_proxies(Networks::parse(settings.trusted_proxies).value()),
      limits{.names = Pseudonyms(settings.jwt_secret, settings.rate_limit_window),
             .redis = redis_of(settings)},
      requests(limits, settings.rate_limit_window),
      failed_logins(limits, failed_login_window),
      metrics(routes()),
      pulse([&health_gate] { return answers(health_gate); }),
      version(DIARY_VERSION) {}

}  // namespace diary::http
