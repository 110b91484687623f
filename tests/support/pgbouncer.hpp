// SPDX-License-Identifier: Apache-2.0
#pragma once

// PgBouncer in front of one database of the tests' cluster, run by the file that is shipped,
// deploy/pgbouncer.ini: only address, port, folders and the file of passwords are put in their place, and
// what a test overrides.

#include <sys/types.h>

#include <map>
#include <string>

#include "support/temporary_folder.hpp"
#include "support/test_database.hpp"

namespace diary::support {

class PgBouncer {
 public:
  // From the main thread. Throws when it does not come up.
  explicit PgBouncer(const TestDatabase& database, const std::map<std::string, std::string>& overrides = {});
  ~PgBouncer();
  PgBouncer(const PgBouncer&) = delete;
  PgBouncer& operator=(const PgBouncer&) = delete;

  [[nodiscard]] std::string conninfo(const std::string& role, const std::string& database = "diary") const;
  // Transactions that went through it to the database.
  [[nodiscard]] long transactions() const;

 private:
  bool start();

  TemporaryFolder folder_;
  std::map<std::string, std::string> settings_;
  std::string text_;
  pid_t pid_ = -1;
};

}  // namespace diary::support
