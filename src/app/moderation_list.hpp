// SPDX-License-Identifier: Apache-2.0
#pragma once

// The moderators' word list in its file: read at the start, again when the file changes, and when told to. A
// later file that cannot be read or is wrong leaves the list as it was. Thread-safe.

#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "domain/word_list.hpp"

namespace diary {

class ModerationList {
 public:
  // An empty path: no list, which nothing matches. Errors: failed, naming file and line.
  [[nodiscard]] static Result<std::unique_ptr<ModerationList>> open(const std::filesystem::path& file);

  [[nodiscard]] std::shared_ptr<const WordList> current() const;
  [[nodiscard]] bool has_file() const { return !file_.empty(); }

  void reload();             // whatever the file's time
  void reload_if_changed();  // cheap: looks at the file's time, size and identity

 private:
  struct Stamp {
    timespec time{};
    off_t size = 0;
    ino_t inode = 0;
    [[nodiscard]] bool operator==(const Stamp& other) const {
      return time.tv_sec == other.time.tv_sec && time.tv_nsec == other.time.tv_nsec && size == other.size &&
             inode == other.inode;
    }
  };

  explicit ModerationList(std::filesystem::path file) : file_(std::move(file)) {}
  [[nodiscard]] std::optional<Stamp> stamp() const;
  [[nodiscard]] Result<void> read();

  std::filesystem::path file_;
  std::optional<Stamp> seen_;  // of the file as last read, or as found wrong; used by one thread
  mutable std::mutex mutex_;
  std::shared_ptr<const WordList> list_ = std::make_shared<WordList>();
};

}  // namespace diary
