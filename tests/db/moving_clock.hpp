// SPDX-License-Identifier: Apache-2.0
#pragma once

// A cluster of its own whose PostgreSQL lives in a clock that the test moves forward (libfaketime, preloaded
// into PostgreSQL's processes only). Make it before anything else in the program starts a cluster.

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "support/temporary_folder.hpp"
#include "support/test_cluster.hpp"

namespace diary::test {

class MovingClock {
 public:
  // Whether the machine has the library.
  static bool available() { return std::filesystem::exists(library); }

  // often: the file is read for every look at the clock, also by PostgreSQL's handler of SIGALRM, which may
  // interrupt malloc and must not call it. Under load let a reading last for a second.
  explicit MovingClock(bool often = true) {
    file_ = folder_.path() / "clock";
    write();
    setenv("LD_PRELOAD", library, 1);
    setenv("FAKETIME_TIMESTAMP_FILE", file_.c_str(), 1);
    setenv(often ? "FAKETIME_NO_CACHE" : "FAKETIME_CACHE_DURATION", "1", 1);
    setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1", 1);
    unsetenv(support::test_cluster_variable);  // a shared cluster has the shared clock
    cluster_ = std::make_unique<support::TestCluster>();
    unsetenv("LD_PRELOAD");
    setenv(support::test_cluster_variable, cluster_->socket_folder().c_str(), 1);
  }

  // For another program that is to live in the same clock.
  [[nodiscard]] std::map<std::string, std::string> environment() const {
    return {{"LD_PRELOAD", threads_library},
            {"FAKETIME_TIMESTAMP_FILE", file_.string()},
            {"FAKETIME_NO_CACHE", "1"},
            {"FAKETIME_DONT_FAKE_MONOTONIC", "1"}};
  }

  void advance(std::chrono::seconds by) {
    offset_ += by;
    write();
  }

 private:
  static constexpr const char* library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

  static constexpr const char* threads_library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

  // Replaced, not rewritten: a reader must never see half a number.
  void write() {
    const auto fresh = file_.string() + ".new";
    std::ofstream(fresh) << "+" << offset_.count() << "s\n";
    std::filesystem::permissions(fresh, std::filesystem::perms{0644});
    std::filesystem::rename(fresh, file_);
  }

  support::TemporaryFolder folder_;
  std::filesystem::path file_;
  std::chrono::seconds offset_{0};
  std::unique_ptr<support::TestCluster> cluster_;
};

}  // namespace diary::test
