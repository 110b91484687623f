// SPDX-License-Identifier: Apache-2.0
#include "http/login_failures.hpp"

namespace diary::http {
namespace {

constexpr int max_failures = 10;

std::optional<Error> too_many(Site& site, const Verdict& verdict) {
  if (verdict.allowed) return std::nullopt;
  site.metrics.count_refusal(Metrics::Refusal::login);
  return Error{Errc::rate_limited, "too many failed logins", {}, verdict.wait};
}

}  // namespace

LoginFailures::LoginFailures(Site& site, const std::string& email, const std::string& address)
    : site_(site), keys_{"failures of account " + email, "failures of address " + address} {}

asio::awaitable<std::optional<Error>> LoginFailures::spent() const {
  for (const std::string& key : keys_) {
    if (auto limited = too_many(site_, co_await site_.failed_logins.peek(key, max_failures)))
      co_return limited;
  }
  co_return std::nullopt;
}

asio::awaitable<std::optional<Error>> LoginFailures::add() const {
  std::optional<Error> limited;
  for (const std::string& key : keys_) {
    if (auto reached = too_many(site_, co_await site_.failed_logins.hit(key, max_failures)))
      limited = std::move(reached);
  }
  co_return limited;
}

void LoginFailures::forget() const {
  site_.failed_logins.forget(keys_[0]);
}

}  // namespace diary::http
