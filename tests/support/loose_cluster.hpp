// SPDX-License-Identifier: Apache-2.0
#pragma once

// A throwaway PostgreSQL that a test stops, starts and promotes while others use it; its socket stays where
// it is. From the main thread, with which it ends.

#include <optional>
#include <string>

#include "pg/data_folder.hpp"
#include "pg/postmaster.hpp"
#include "support/temporary_folder.hpp"

namespace diary::support {

class LooseCluster {
 public:
  LooseCluster();  // started, with a migrated database "diary"; throws when it cannot
  ~LooseCluster() { stop(); }
  LooseCluster(const LooseCluster&) = delete;
  LooseCluster& operator=(const LooseCluster&) = delete;

  [[nodiscard]] std::string conninfo(const std::string& role) const;
  void stop();
  void start();
  // Starts it anew with these lines of postgresql.conf.
  void set(const std::string& lines);
  // Stopped: becomes what pg_upgrade makes of it, another cluster with the same databases.
  void upgrade();
  // Comes back as a standby of nobody and takes over: the same data, a new timeline.
  void promote();

 private:
  TemporaryFolder folder_;
  pg::DataFolder data_;
  pg::PostgresBinaries binaries_;
  std::filesystem::path socket_folder_;
  std::optional<pg::Postmaster> postmaster_;
};

}  // namespace diary::support
