// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a handler comes to the database: on a worker's thread, in a transaction that acts for the caller; and
// how the city in memory comes to know of it.

#include <functional>

#include "http/site.hpp"

namespace diary::http {

// `use_case` takes pg::Connection& and returns a Result: a value commits, an error rolls back. A caller whom
// nobody has asked the database about yet is asked about first, and use_case is not run for one whose token
// is not good any more. Let it capture by reference: GCC 12 destroys a temporary's captures twice in a
// co_await.
template <class UseCase>
asio::awaitable<std::invoke_result_t<UseCase, pg::Connection&>> on_db(Site& site, Request& request,
                                                                      UseCase use_case) {
  using R = std::invoke_result_t<UseCase, pg::Connection&>;
  co_return co_await site.database.run([&site, &request, &use_case]() -> R {
    if (!request.caller) return site.gate.run_as(std::nullopt, std::ref(use_case));
    if (request.session) return site.gate.run_as(request.caller->user_id, std::ref(use_case));
    return site.gate.run_for(*request.caller, request.session, std::ref(use_case));
  });
}

// Returns when what was committed before shows in every read of the city on this server; when the database is
// away, at once. A few milliseconds.
inline asio::awaitable<void> catch_up(Site& site) {
  auto start = [&site](const auto& done) { site.city.catch_up(done); };
  static_cast<void>(co_await await_callback<bool>(start));
}

}  // namespace diary::http
