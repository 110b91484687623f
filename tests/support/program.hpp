// SPDX-License-Identifier: Apache-2.0
#pragma once

// Another program run by a test: its input, its output, its end. Killed when the test leaves it running.

#include <signal.h>
#include <sys/types.h>

#include <string>
#include <vector>

namespace diary::support {

class Program {
 public:
  explicit Program(const std::vector<std::string>& argv);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  // The next line of its stdout and stderr together; empty at the end.
  [[nodiscard]] std::string line();
  // All that is left of its output.
  [[nodiscard]] std::string rest();
  void close_input();
  [[nodiscard]] bool running();
  // Its exit code, or 128 + signal; waits for it.
  int wait();
  void kill_hard();  // SIGKILL, and waits until it is gone

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  int code_ = -1;
};

}  // namespace diary::support
