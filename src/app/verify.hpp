// SPDX-License-Identifier: Apache-2.0
#pragma once

// Holds a database against the schema specification: what is in it, what it does, its ten acceptance
// criteria. Leaves nothing behind, and gives way to others: it waits for no lock long and lets no statement
// run for long.

#include <string>
#include <vector>

#include "domain/check.hpp"
#include "pg/connection.hpp"

namespace diary {

// `superuser_conninfo`: for the dump of criterion 10.
[[nodiscard]] std::vector<Check> verify(pg::Connection& owner, const std::string& superuser_conninfo);

// The ten criteria, each the sum of its checks.
[[nodiscard]] std::vector<Check> judge_criteria(const std::vector<Check>& checks);

}  // namespace diary
