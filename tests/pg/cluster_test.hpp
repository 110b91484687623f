// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the tests of the embedded cluster share: a folder for one, and ways to hold it and to look into it.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "pg/connection.hpp"
#include "pg/leftovers.hpp"
#include "pg/private_cluster.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace diary::pg {

class ClusterTest : public ::testing::Test {
 protected:
  using Opened = Result<std::unique_ptr<PrivateCluster>>;

  Opened open(bool serving = false) {
    return PrivateCluster::open({.folder = folder, .serving = serving, .settings = {.durable = false}});
  }
  // Another process that holds the folder; ready once line() was read.
  std::unique_ptr<support::Program> hold(const char* kind) {
    return std::make_unique<support::Program>(std::vector<std::string>{DIARY_HOLD_CLUSTER, folder, kind});
  }
  pid_t postmaster_pid() {
    pid_t pid = 0;
    std::ifstream(folder / "pg/postmaster.pid") >> pid;
    return pid;
  }
  std::vector<pid_t> processes() { return processes_in(folder / "pg", *account()); }
  Result<Account> account() {
    if (!is_root()) return own_account();
    return *find_account("postgres");
  }
  Connection connect(const PrivateCluster& cluster) { return Connection(cluster.conninfo(owner_role)); }

  support::TemporaryFolder temporary;
  std::filesystem::path folder = temporary.path() / "data";
};

}  // namespace diary::pg
