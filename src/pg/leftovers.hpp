// SPDX-License-Identifier: Apache-2.0
#pragma once

// PostgreSQL processes that outlived whoever started them. Recognised by what the kernel says of them
// (program and working directory), never by a number in a file: numbers are used again.

#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "pg/account.hpp"

namespace diary::pg {

// Processes named "postgres" whose working directory is `pgdata` (canonical) and which `account` may look
// into.
[[nodiscard]] std::vector<pid_t> processes_in(const std::filesystem::path& pgdata, const Account& account);

// Shuts those of `folder` down, in order if possible, and clears what a crash left so that a new postmaster
// can start. For who holds the folder's lock. Fails only if one cannot be stopped at all.
[[nodiscard]] Result<void> clear_leftovers(const std::filesystem::path& folder, const Account& account);

}  // namespace diary::pg
