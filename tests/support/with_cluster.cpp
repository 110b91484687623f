// SPDX-License-Identifier: Apache-2.0
// with_cluster COMMAND [ARGS...]: runs the command beside a throwaway cluster, whose socket's folder the
// command finds in DIARY_TEST_CLUSTER, and ends as the command ended.
#include <cstdio>
#include <exception>

#include "pg/child_process.hpp"
#include "pg/postgres_binaries.hpp"
#include "support/test_cluster.hpp"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: with_cluster COMMAND [ARGS...]\n");
    return 2;
  }
  try {
    const diary::support::TestCluster cluster;
    diary::pg::Command command;
    // Through env(1), which looks the command up on the PATH.
    command.argv = {"/usr/bin/env"};
    command.argv.insert(command.argv.end(), argv + 1, argv + argc);
    command.environment = {{diary::support::test_cluster_variable, cluster.socket_folder()}};
    command.signal_when_orphaned = SIGTERM;
    return diary::pg::wait_for(diary::pg::spawn(command));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "with_cluster: %s\n", e.what());
    return 1;
  }
}
