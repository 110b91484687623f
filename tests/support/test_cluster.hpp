// SPDX-License-Identifier: Apache-2.0
#pragma once

// A cluster that is thrown away: small, not durable, in a temporary folder.

#include <filesystem>
#include <memory>

#include "pg/private_cluster.hpp"
#include "support/temporary_folder.hpp"

namespace diary::support {

// Throws when PostgreSQL cannot be started.
class TestCluster {
 public:
  TestCluster();
  [[nodiscard]] const std::filesystem::path& socket_folder() const { return cluster_->socket_folder(); }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<pg::PrivateCluster> cluster_;
};

inline constexpr const char* test_cluster_variable = "DIARY_TEST_CLUSTER";

// The folder of the socket of the cluster that tests share; starts one for this process when there is none.
// Its first caller is the main thread, with which that one ends.
[[nodiscard]] std::filesystem::path test_cluster_socket();

}  // namespace diary::support
