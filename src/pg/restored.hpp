// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a restored cluster takes the place of the one before, so that whatever is killed in between, the next
// start either finds the old one untouched or finishes the change. Also the hold on a folder that this needs.
//
//   pg.restoring                 comes from the backup; worthless until restore.swap names it
//   pg.before-restore-TIME       the cluster that was there; kept until somebody removes it
//   restore.swap                 there while the two are being renamed; holds the latter's name

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "pg/data_folder.hpp"
#include "pg/file_lock.hpp"

namespace diary::pg {

[[nodiscard]] std::filesystem::path restoring(const DataFolder& folder);

// Nobody else serves the folder or uses its database, and nobody begins to, as long as this lives.
class FolderHold {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FolderHold>> take(const DataFolder& folder);
  ~FolderHold();
  FolderHold(const FolderHold&) = delete;
  FolderHold& operator=(const FolderHold&) = delete;

 private:
  explicit FolderHold(const DataFolder& folder);
  FileLock lock_;
  FileLock users_;
};

// Copies the log that the cluster in pg/ had not archived yet (it was killed, or the archive was away), so
// that the restored one can replay it.
void bring_unarchived_wal(const DataFolder& folder);

// Puts pg.restoring in the place of pg. Where the latter is now, if there was one.
std::optional<std::filesystem::path> swap_in(const DataFolder& folder);

// For whoever starts the cluster: finishes a swap that was interrupted. Fails where the cluster is gone and
// making an empty one would hide that.
[[nodiscard]] Result<void> settle_restore(const DataFolder& folder);

}  // namespace diary::pg
