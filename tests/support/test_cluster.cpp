// SPDX-License-Identifier: Apache-2.0
#include "support/test_cluster.hpp"

#include <cstdlib>
#include <stdexcept>

namespace diary::support {

TestCluster::TestCluster() {
  auto cluster = pg::PrivateCluster::open(
      {.folder = folder_.path() / "data", .serving = true, .settings = {.durable = false}});
  if (!cluster) throw std::runtime_error(cluster.error().message);
  cluster_ = *std::move(cluster);
}

std::filesystem::path test_cluster_socket() {
  if (const char* socket = std::getenv(test_cluster_variable); socket != nullptr && *socket != '\0')
    return socket;
  static const TestCluster cluster;
  return cluster.socket_folder();
}

}  // namespace diary::support
