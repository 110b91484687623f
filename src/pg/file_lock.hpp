// SPDX-License-Identifier: Apache-2.0
#pragma once

// flock() on one file, and the line that its holder leaves in it. The kernel lets go when the process dies,
// however it dies, so no lock is ever stale; the line may be, and is only for people and for picking what to
// say to them.

#include <filesystem>
#include <string>

#include "pg/account.hpp"

namespace diary::pg {

class FileLock {
 public:
  // Opens or makes the file, owned by `owner`. Throws std::system_error.
  FileLock(const std::filesystem::path& file, const Account& owner);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  [[nodiscard]] bool try_exclusive();
  [[nodiscard]] bool try_shared();
  void release();

  void write(const std::string& line);
  [[nodiscard]] std::string read() const;

 private:
  bool take(int operation);
  int fd_;
};

}  // namespace diary::pg
