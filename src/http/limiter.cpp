// SPDX-License-Identifier: Apache-2.0
#include "http/limiter.hpp"

#include <algorithm>

namespace diary::http {
namespace {

using std::chrono::milliseconds;

Verdict verdict(const Tally& tally, int limit, std::chrono::system_clock::time_point at) {
  const milliseconds wait{std::max<std::int64_t>(tally.wait_ms, 0)};
  return {tally.allowed, limit, std::max(0, limit - tally.count), at + wait,
          std::max(std::chrono::ceil<std::chrono::seconds>(wait), std::chrono::seconds{1})};
}

}  // namespace

asio::awaitable<Verdict> Limiter::ask(std::string who, int limit, bool counts) {
  const auto at = base_.clock();
  const auto names = base_.names.of(who, at, window_);
  const auto millis = std::chrono::duration_cast<milliseconds>(at.time_since_epoch()).count();
  const LocalCounts::Question question{names, limit, window_.count(), millis};
  if (base_.redis && base_.redis->up()) {
    if (const auto refused = local_.refused(question)) co_return verdict(*refused, limit, at);
    const auto shared = co_await base_.redis->ask({names, limit, window_, counts});
    if (shared) {
      if (!shared->allowed) local_.refuse(question, shared->wait_ms);
      if (shared->allowed && counts) static_cast<void>(local_.hit(question));
      co_return verdict(*shared, limit, at);
    }
  }
  co_return verdict(counts ? local_.hit(question) : local_.peek(question), limit, at);
}

asio::awaitable<Verdict> Limiter::hit(std::string who, int limit) {
  return ask(std::move(who), limit, true);
}

asio::awaitable<Verdict> Limiter::peek(std::string who, int limit) {
  return ask(std::move(who), limit, false);
}

void Limiter::forget(const std::string& who) {
  const auto names = base_.names.of(who, base_.clock(), window_);
  local_.forget(names);
  if (base_.redis) base_.redis->forget(names);
}

}  // namespace diary::http
