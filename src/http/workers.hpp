// SPDX-License-Identifier: Apache-2.0
#pragma once

// Threads beside the network's: slow, synchronous work goes there and its result comes back to the coroutine.
// What may wait is bounded; past that there is no answer but "not now".

#include <atomic>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "base/histogram.hpp"
#include "base/result.hpp"

namespace diary::http {

namespace asio = boost::asio;

// Waits for `start(done)`, where done(value) may be called from any thread, once.
template <class T, class Start>
asio::awaitable<T> await_callback(Start start) {
  std::optional<T> value =
      co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::optional<T>)>(
          [](auto handler, Start begin) {  // NOLINT(performance-unnecessary-value-param): may be mutable
            auto executor = asio::get_associated_executor(handler);
            auto shared =
                std::make_shared<decltype(handler)>(std::move(handler));  // std::function wants copies
            begin([executor, shared](T result) {
              asio::post(executor, [shared, result = std::optional<T>(std::move(result))]() mutable {
                std::move (*shared)(std::move(result));
              });
            });
          },
          asio::use_awaitable, std::move(start));
  co_return std::move(*value);
}

class Workers {
 public:
  using Milliseconds = std::chrono::milliseconds;

  // Of what was accepted, nothing waits longer than `max_wait` for a thread: it is answered and never begun.
  Workers(std::size_t threads, int max_pending, Milliseconds max_wait = Milliseconds{5000})
      : pool_(threads), max_pending_(max_pending), max_wait_(max_wait) {}

  // Runs `work` (returning a Result) on a worker; Errc::unavailable when too much waits already, or when it
  // has waited too long. What it throws is thrown here.
  template <class Work, class R = std::invoke_result_t<Work>>
  asio::awaitable<R> run(Work work) {
    if (pending_.fetch_add(1) >= max_pending_) {
      --pending_;
      co_return R(fail(not_now()));
    }
    using Outcome = std::pair<std::exception_ptr, std::optional<R>>;
    const auto taken = std::make_shared<std::atomic<bool>>(false);  // by a worker, or by the clock
    asio::steady_timer clock(co_await asio::this_coro::executor, max_wait_);
    auto start = [this, taken, &clock, work = std::move(work)](const auto& done) mutable {
      clock.async_wait([taken, done](const boost::system::error_code& ec) {
        if (!ec && !taken->exchange(true)) done(Outcome{nullptr, R(fail(not_now()))});
      });
      const auto since = std::chrono::steady_clock::now();
      asio::post(pool_, [this, taken, since, work = std::move(work), done]() mutable {
        const auto begun = std::chrono::steady_clock::now();
        waited_.observe(begun - since);
        if (taken->exchange(true)) {
          --pending_;
          return;
        }
        Outcome outcome;
        try {
          outcome.second.emplace(work());
        } catch (...) {
          outcome.first = std::current_exception();
        }
        worked_.observe(std::chrono::steady_clock::now() - begun);
        --pending_;
        done(std::move(outcome));
      });
    };
    Outcome outcome = co_await await_callback<Outcome>(std::move(start));
    clock.cancel();
    if (outcome.first) std::rethrow_exception(outcome.first);
    co_return std::move(*outcome.second);
  }

  void join() { pool_.join(); }

  // What waits or is under way; how long work waited for a thread, and how long it took there.
  [[nodiscard]] int pending() const { return pending_; }
  [[nodiscard]] const Histogram& waited() const { return waited_; }
  [[nodiscard]] const Histogram& worked() const { return worked_; }

 private:
  static Error not_now() {
    return Error{Errc::unavailable, "too many requests are waiting", {}, std::chrono::seconds{1}};
  }

  Histogram waited_;
  Histogram worked_;
  asio::thread_pool pool_;
  std::atomic<int> pending_ = 0;
  int max_pending_;
  Milliseconds max_wait_;
};

}  // namespace diary::http
