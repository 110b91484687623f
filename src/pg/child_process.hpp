// SPDX-License-Identifier: Apache-2.0
#pragma once

// Programs that this process starts: as whom, where their output goes, and what they get when we die.
// Refuses to leave one behind: each child is sent a signal when the THREAD that started it ends, so children
// that shall live as long as the program are started by its main thread.

#include <signal.h>
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pg/account.hpp"

namespace diary::pg {

struct Command {
  std::vector<std::string> argv;  // argv[0] is a path
  std::optional<Account> as;      // dropped to when we are root
  // Appended to. Empty: the child stays in the foreground, with our stdin, stdout, stderr, terminal, working
  // directory and PG* variables.
  std::filesystem::path output;
  int signal_when_orphaned = SIGKILL;
  std::vector<std::pair<std::string, std::string>> environment;  // on top of ours
};

// Throws std::system_error when there can be no child at all; a program that cannot be executed exits with
// 127.
[[nodiscard]] pid_t spawn(const Command& command);

// The exit code (128 + signal when killed), or nothing when it still runs.
[[nodiscard]] std::optional<int> exit_code(pid_t child);
[[nodiscard]] std::optional<int> wait_for(pid_t child, std::chrono::milliseconds limit);
int wait_for(pid_t child);

// Calls `action` in a child that is `account`, and answers with what it returned (0 to 255).
int run_as(const Account& account, const std::function<int()>& action);

}  // namespace diary::pg
