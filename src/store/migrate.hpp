// SPDX-License-Identifier: Apache-2.0
#pragma once

// Brings a database to the schema embedded in this binary: db/migrations once each and frozen, db/objects
// whenever their text changes. Each file is a transaction of its own under a lock, so any number of
// migrators at once end with one schema. Refuses a changed migration and a database newer than the
// binary.

#include <string>
#include <vector>

#include "base/result.hpp"
#include "pg/connection.hpp"

namespace diary {

struct MigrationFile {
  std::string name;   // "migrations/0002_tables.sql" or "objects/020_live.sql"
  std::string state;  // "applied", "pending" (never applied) or "outdated" (an object whose text is new)
};

// What there is and what is due; changes nothing.
[[nodiscard]] Result<std::vector<MigrationFile>> migration_status(pg::Connection& connection);

// Applies what is due, as the role that owns the schema. Returns the names of what was applied.
[[nodiscard]] Result<std::vector<std::string>> migrate(pg::Connection& connection);

// The same as a script for psql, in one transaction: for where no program of ours runs. It records what it
// applies, so that migration_status finds it. Without a connection everything, for an empty database; with
// one, what is due there, and the script refuses any other state than the one that it was made for.
[[nodiscard]] Result<std::string> migration_script(pg::Connection* connection);

}  // namespace diary
