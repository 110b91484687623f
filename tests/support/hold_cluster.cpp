// SPDX-License-Identifier: Apache-2.0
// hold_cluster FOLDER serve|command: opens the cluster, prints one line once it is ready, and lets go when
// its stdin ends. A process of its own, so that a test can kill it.
#include <cstdio>
#include <string_view>

#include "pg/private_cluster.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto cluster = diary::pg::PrivateCluster::open(
      {.folder = argv[1], .serving = std::string_view(argv[2]) == "serve", .settings = {.durable = false}});
  std::printf("%s\n", cluster ? "ready" : cluster.error().message.c_str());
  std::fflush(stdout);
  if (!cluster) return 1;
  while (std::getchar() != EOF) {
  }
  (*cluster)->stop();
  return 0;
}
