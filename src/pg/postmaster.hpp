// SPDX-License-Identifier: Apache-2.0
#pragma once

// initdb, and one running PostgreSQL server over a data folder: start, wait until it answers, stop. Knows
// nothing of locks or of who else uses the folder.

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "pg/cluster_settings.hpp"
#include "pg/data_folder.hpp"
#include "pg/postgres_binaries.hpp"

namespace diary::pg {

// Makes PGDATA if there is none. Half-made ones are in another folder and made anew, so a crash leaves
// nothing.
[[nodiscard]] Result<void> make_cluster(const DataFolder& folder, const PostgresBinaries& binaries,
                                        const ClusterSettings& settings);

// Writes all of the cluster's configuration files but the operator's.
[[nodiscard]] Result<void> configure_cluster(const DataFolder& folder, const std::filesystem::path& pgdata,
                                             const ClusterSettings& settings);

// libpq keywords for the server whose socket is in `socket_folder`.
[[nodiscard]] std::string socket_conninfo(const std::filesystem::path& socket_folder, const std::string& role,
                                          const std::string& database, int port = 5432);

// What a server is started over, and with what on its command line, which wins over the operator's settings.
struct ServerPlace {
  std::filesystem::path pgdata;
  std::filesystem::path socket_folder;
  std::filesystem::path log;
  int port = 5432;
  std::vector<std::string> settings{};  // "name=value"
};

class Postmaster {
 public:
  // Returns once it accepts connections, however long recovery after a crash takes. Fails with the end of its
  // log. It is shut down when the calling thread ends: call from the main thread.
  [[nodiscard]] static Result<Postmaster> start(const DataFolder& folder, const PostgresBinaries& binaries,
                                                const ServerPlace& place);

  [[nodiscard]] bool alive();
  void stop();  // fast shutdown, then a harder one; transactions in flight are rolled back

 private:
  explicit Postmaster(pid_t pid) : pid_(pid) {}
  pid_t pid_;
};

}  // namespace diary::pg
