// SPDX-License-Identifier: Apache-2.0
#pragma once

// pgBackRest for the cluster of one data folder: its configuration, its runs, what its repository holds. The
// configuration file is also the sign that the write-ahead log is to be archived: whoever starts the cluster
// asks archive_command(). Does not know what is in the database.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "pg/data_folder.hpp"

namespace diary::pg {

struct Backup {
  std::string label;
  std::string type;  // full, diff or incr
  Time start;
  Time stop;  // from here on it can be restored to
  std::int64_t database_bytes = 0;
  std::int64_t repository_bytes = 0;  // that this backup added
  std::string first_wal;
  std::string last_wal;
  bool damaged_pages = false;  // checksums that were wrong while it was copied
  [[nodiscard]] int timeline() const;
};

class Backrest {
 public:
  // Fails, with the package's name, where pgBackRest is not installed.
  [[nodiscard]] static Result<Backrest> find(const DataFolder& folder);

  // Writes the configuration. `repository` empty: where it is, else backup/ in the folder.
  [[nodiscard]] Result<void> configure(const std::filesystem::path& repository) const;

  // Runs one of its commands as the cluster's account; fails with the end of log/pgbackrest.log.
  [[nodiscard]] Result<void> run(const std::vector<std::string>& arguments) const;

  // The files of backup `label` in `pgdata`, which is emptied before.
  [[nodiscard]] Result<void> restore(const std::string& label, const std::filesystem::path& pgdata) const;

  // Oldest first; empty when there is no repository yet.
  [[nodiscard]] Result<std::vector<Backup>> backups() const;

  // What recovery in `pgdata` fetches the log with.
  [[nodiscard]] std::string restore_command(const std::filesystem::path& pgdata) const;

  [[nodiscard]] const DataFolder& folder() const { return folder_; }

 private:
  Backrest(DataFolder folder, std::filesystem::path program)
      : folder_(std::move(folder)), program_(std::move(program)) {}
  DataFolder folder_;
  std::filesystem::path program_;
};

// Empty as long as nobody has asked for a backup. Writes the configuration anew, for the folder may have been
// moved.
[[nodiscard]] std::string archive_command(const DataFolder& folder);

}  // namespace diary::pg
