// SPDX-License-Identifier: Apache-2.0
#pragma once

// A redis-server of one's own on a socket in a temporary folder, keeping nothing on disk; killed at the end.

#include <memory>
#include <string>
#include <vector>

#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace diary::support {

class Redis {
 public:
  // Throws when it does not come up.
  explicit Redis(std::string password = {});
  ~Redis() { kill_hard(); }
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;

  [[nodiscard]] std::string url() const { return "unix://" + login_ + socket(); }
  [[nodiscard]] std::string socket() const { return folder_.path() / "redis.sock"; }
  void start();
  void kill_hard();
  void freeze();  // SIGSTOP
  void thaw();
  // What redis-cli prints for a command.
  [[nodiscard]] std::string said(const std::vector<std::string>& command) const;

 private:
  TemporaryFolder folder_;
  std::string password_;
  std::string login_;
  std::unique_ptr<Program> program_;
};

}  // namespace diary::support
