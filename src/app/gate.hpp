// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a use case comes to a database connection: leased from the pool, inside a transaction that acts for the
// caller, committed when the use case gives a value and rolled back otherwise. Synchronous: call it on worker
// threads.

#include <optional>
#include <utility>

#include "base/result.hpp"
#include "base/uuid.hpp"
#include "pg/pool.hpp"
#include "store/session.hpp"

namespace diary {

// Who bears a token that was given up, or whose account is not active.
[[nodiscard]] inline Error not_valid_any_more() {
  return {Errc::unauthorized, "the access token is not valid any more"};
}

class Gate {
 public:
  explicit Gate(pg::Pool& pool) : pool_(pool) {}

  // `use_case` takes pg::Connection& and returns a Result.
  template <class UseCase>
  [[nodiscard]] auto run_as(const std::optional<Uuid>& caller, UseCase use_case) {
    auto lease = pool_.lease();
    pg::Transaction transaction(*lease);
    act_as(*lease, caller);
    auto result = use_case(*lease);
    if (result) transaction.commit();
    return result;
  }

  // The same for the bearer of a token, which the database is asked about first: Errc::unauthorized when it
  // is not good any more. `session` is what it said.
  template <class UseCase>
  [[nodiscard]] auto run_for(const Caller& caller, std::optional<Session>& session, UseCase use_case)
      -> std::invoke_result_t<UseCase, pg::Connection&> {
    auto lease = pool_.lease();
    pg::Transaction transaction(*lease);
    session = begin_session(*lease, caller);
    if (!session) return fail(not_valid_any_more());
    auto result = use_case(*lease);
    if (result) transaction.commit();
    return result;
  }

  // The same for a use case that may run more than once: a race that it loses (a deadlock, a serialization
  // failure) is run again.
  template <class UseCase>
  [[nodiscard]] auto run_racing_as(const std::optional<Uuid>& caller, UseCase use_case) {
    for (int tries_left = 3;; --tries_left) {
      try {
        return run_as(caller, use_case);
      } catch (const pg::DbError& e) {
        const bool race = e.sqlstate() == "40P01" || e.sqlstate() == "40001";
        if (!race || tries_left == 0) throw;
      }
    }
  }

  // For one statement that no row security concerns: no transaction around it.
  template <class UseCase>
  auto read(UseCase use_case) {
    auto lease = pool_.lease();
    return use_case(*lease);
  }

  // What the metrics tell of it.
  [[nodiscard]] pg::Pool::State pool_state() const { return pool_.state(); }
  [[nodiscard]] const Histogram& database_time() const { return pool_.used(); }

 private:
  pg::Pool& pool_;
};

}  // namespace diary
