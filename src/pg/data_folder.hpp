// SPDX-License-Identifier: Apache-2.0
#pragma once

// The folder of an embedded database: which one, who owns it, and what lies where in it.
//
//   lock users.lock   who started the cluster; who else uses it
//   pg/  pg.new/      PGDATA; the same while initdb makes it
//   run/  run.path    the socket's folder; where it is instead when that path is too long for a socket
//   log/              postgresql.log, initdb.log, pgbackrest.log
//   postgresql.local.conf   the operator's own settings, optional
//   pgbackrest.conf   there once a backup was asked for: from then on the log is archived
//   backup/  backup.path   pgBackRest's repository; where it is instead
//   pg.verifying/  pg.restoring/  restore.swap   see backrest.hpp, restored.hpp

#include <filesystem>
#include <optional>

#include "base/result.hpp"
#include "pg/account.hpp"

namespace diary::pg {

class DataFolder {
 public:
  // Makes what is missing. `wanted` empty: .diary in the working directory, or /var/lib/diary when root's
  // postgres user cannot enter that.
  [[nodiscard]] static Result<DataFolder> open(const std::filesystem::path& wanted);

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] const Account& account() const { return account_; }  // owns and runs the cluster
  [[nodiscard]] std::filesystem::path pgdata() const { return root_ / "pg"; }
  [[nodiscard]] std::filesystem::path unfinished() const { return root_ / "pg.new"; }
  [[nodiscard]] std::filesystem::path log(const char* name) const { return root_ / "log" / name; }

  [[nodiscard]] std::filesystem::path backrest_conf() const { return root_ / "pgbackrest.conf"; }
  [[nodiscard]] std::filesystem::path repository() const;  // of the backups

  // The major version of PostgreSQL that made pg/; nothing before there is one.
  [[nodiscard]] std::optional<int> version() const;

  // Where the socket is now; nothing has to listen there.
  [[nodiscard]] std::filesystem::path socket_folder() const;
  // An empty folder for the socket, only for the account to enter. For who holds the lock.
  [[nodiscard]] std::filesystem::path make_socket_folder() const;
  void remove_socket_folder() const;

  // Makes `directory`, mode 0700, the account's.
  void make(const std::filesystem::path& directory) const;
  // Writes `text` so that no reader ever finds half of it.
  void write(const std::filesystem::path& file, const std::string& text) const;

 private:
  DataFolder(std::filesystem::path root, Account account)
      : root_(std::move(root)), account_(std::move(account)) {}
  std::filesystem::path root_;
  Account account_;
};

}  // namespace diary::pg
