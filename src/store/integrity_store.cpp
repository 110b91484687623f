// SPDX-License-Identifier: Apache-2.0
#include "store/integrity_store.hpp"

#include "sql/queries.hpp"

namespace diary {

std::int64_t Integrity::total_rows() const {
  std::int64_t total = 0;
  for (const auto& [name, count] : rows) total += count;
  return total;
}

Integrity IntegrityStore::look() {
  Integrity integrity;
  const auto counts = connection_.run(sql::integrity::count_rows);
  for (int i = 0; i < counts.size(); ++i) integrity.rows.emplace_back(counts.str(i, 0), counts.integer(i, 1));
  if (!connection_.run(sql::integrity::has_schema).boolean(0, 0)) return integrity;
  const auto problems = connection_.run(sql::integrity::count_problems);
  integrity.drift = problems.integer(0, 0);
  integrity.broken_batches = problems.integer(0, 1);
  return integrity;
}

}  // namespace diary
