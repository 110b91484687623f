// SPDX-License-Identifier: Apache-2.0
#pragma once

// A folder that is gone when the test is over. Others may enter it (not list it), so that the unprivileged
// user of a cluster reaches what lies below.

#include <filesystem>
#include <string>

namespace diary::support {

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace diary::support
