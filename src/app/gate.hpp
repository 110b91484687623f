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

  // For one statement that no row security concerns: no transaction around it.
  template <class UseCase>
  auto read(UseCase use_case) {
    auto lease = pool_.lease();
    return use_case(*lease);
  }

 private:
  pg::Pool& pool_;
};

}  // namespace diary
