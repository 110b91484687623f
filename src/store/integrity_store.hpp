// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a whole database is sound: what can be read, and what contradicts itself. As a superuser;
// read-only, so that a cluster in recovery can be asked.

#include <string>
#include <utility>
#include <vector>

#include "pg/connection.hpp"

namespace diary {

struct Integrity {
  std::vector<std::pair<std::string, std::int64_t>> rows;  // of each table
  std::int64_t drift = 0;                                  // live sums that a recount contradicts
  std::int64_t broken_batches = 0;                         // of the audit log
  [[nodiscard]] bool good() const { return drift == 0 && broken_batches == 0; }
  [[nodiscard]] std::int64_t total_rows() const;
};

class IntegrityStore {
 public:
  explicit IntegrityStore(pg::Connection& connection) : connection_(connection) {}
  [[nodiscard]] Integrity look();  // throws when something cannot be read

 private:
  pg::Connection& connection_;
};

}  // namespace diary
