// SPDX-License-Identifier: Apache-2.0
#pragma once

// Brings the embedded cluster back to a time. Everything happens beside the cluster until the result has been
// looked through; then it takes the cluster's place, and the next start begins a timeline of its own.

#include <filesystem>
#include <optional>
#include <string>

#include "pg/backrest.hpp"
#include "pg/rehearsal.hpp"
#include "store/integrity_store.hpp"

namespace diary {

struct RestorePlan {
  pg::Backup backup;  // to begin from
  pg::Target target;
};

struct Restored {
  pg::Replayed replayed;
  Integrity found;
  std::optional<std::filesystem::path> kept;  // where the cluster before is now
};

// Changes nothing. `to` nothing: the end of the archive. `label` empty: the newest backup before that time.
[[nodiscard]] Result<RestorePlan> plan_restore(const pg::Backrest& backrest, std::optional<Time> to,
                                               const std::string& label);

// For who holds the folder.
[[nodiscard]] Result<Restored> restore(const pg::Backrest& backrest, const RestorePlan& plan);

}  // namespace diary
