// SPDX-License-Identifier: Apache-2.0
#pragma once

// Criterion 10, a backup and its restore lose nothing: dumps the database as it is at one moment, restores
// that beside it, compares every table, and removes both. Refuses databases of a size that this would be rude
// to.

#include <string>
#include <vector>

#include "domain/check.hpp"

namespace diary {

// `conninfo`: of a superuser, or the checks are skipped and say why. From the main thread
// (child_process.hpp).
[[nodiscard]] std::vector<Check> check_dump(const std::string& conninfo);

}  // namespace diary
