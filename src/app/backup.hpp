// SPDX-License-Identifier: Apache-2.0
#pragma once

// Backups of the embedded cluster: the first one switches the archiving of the log on; each is restored into
// a folder of its own and looked through before it is called good. Refuses to run twice at once.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pg/backrest.hpp"
#include "store/integrity_store.hpp"

namespace diary {

struct Verification {
  std::string at;  // RFC 3339
  bool good = false;
  std::string finding;  // one line: what was found, good or bad
};

struct ListedBackup {
  pg::Backup backup;
  std::optional<Verification> verification;
};

// Opens log archiving if it is not on yet. `superuser`: conninfo of the running cluster. `type` empty: full
// if the last week has no full one, else diff.
[[nodiscard]] Result<pg::Backup> take_backup(const pg::Backrest& backrest, const std::string& superuser,
                                             const std::filesystem::path& repository, std::string type);

// Restores it to the moment it was complete, beside the cluster, and looks through it: every page against its
// checksum, every row, the live sums recounted, the audit log's chain. Keeps the finding in the repository.
[[nodiscard]] Result<Verification> verify_backup(const pg::Backrest& backrest, const pg::Backup& backup);

// Oldest first.
[[nodiscard]] Result<std::vector<ListedBackup>> list_backups(const pg::Backrest& backrest);

}  // namespace diary
