// SPDX-License-Identifier: Apache-2.0
#pragma once

// `diary serve` as its users run it, on a free port; killed at the end when the test leaves it running. Its
// output is read all the time, so that it never waits for a full pipe.

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/program.hpp"

namespace diary::support {

inline constexpr const char* test_jwt_secret = "the secret of the tests, 32 bytes and more";

class Served {
 public:
  // `arguments` follow "serve": --database URL, --data DIR. `environment` goes on top of what suits tests:
  // a known secret, cheap passwords, limits out of the way. Throws when it does not come up.
  explicit Served(const std::string& binary, const std::vector<std::string>& arguments,
                  const std::map<std::string, std::string>& environment = {});
  ~Served();
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] pid_t pid() const { return program_->pid(); }
  [[nodiscard]] bool running() { return program_->running(); }
  // SIGTERM, and its exit code.
  int stop();
  void kill_hard();  // SIGKILL
  [[nodiscard]] std::string log();

 private:
  std::unique_ptr<Program> program_;
  std::thread reader_;
  std::mutex mutex_;
  std::string log_;
  int port_ = 0;
};

}  // namespace diary::support
