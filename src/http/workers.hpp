// SPDX-License-Identifier: Apache-2.0
#pragma once

// Threads beside the network's: slow, synchronous work goes there and its result comes back to the coroutine.
// What may wait is bounded; past that there is no answer but "not now".

#include <atomic>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <utility>

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
  Workers(std::size_t threads, int max_pending) : pool_(threads), max_pending_(max_pending) {}

  // Runs `work` (returning a Result) on a worker; Errc::unavailable when too much waits already. What it
  // throws is thrown here.
  template <class Work, class R = std::invoke_result_t<Work>>
  asio::awaitable<R> run(Work work) {
    if (pending_.fetch_add(1) >= max_pending_) {
      --pending_;
      co_return R(
          fail(Error{Errc::unavailable, "too many requests are waiting", {}, std::chrono::seconds{1}}));
    }
    using Outcome = std::pair<std::exception_ptr, std::optional<R>>;
    auto start = [this, work = std::move(work)](const auto& done) mutable {
      asio::post(pool_, [this, work = std::move(work), done]() mutable {
        Outcome outcome;
        try {
          outcome.second.emplace(work());
        } catch (...) {
          outcome.first = std::current_exception();
        }
        --pending_;
        done(std::move(outcome));
      });
    };
    Outcome outcome = co_await await_callback<Outcome>(std::move(start));
    if (outcome.first) std::rethrow_exception(outcome.first);
    co_return std::move(*outcome.second);
  }

  void join() { pool_.join(); }

 private:
  asio::thread_pool pool_;
  std::atomic<int> pending_ = 0;
  int max_pending_;
};

}  // namespace diary::http
