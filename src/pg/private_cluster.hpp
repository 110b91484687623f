// SPDX-License-Identifier: Apache-2.0
#pragma once

// The embedded PostgreSQL of a data folder. Whoever takes the folder's lock first starts it ("owner"); others
// use it beside them ("guests"). An owner that is no server waits for its guests before it stops it; a server
// does not. Refuses a second server. What a crash left, of the program or of PostgreSQL, is cleared by the
// next owner.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "pg/data_folder.hpp"
#include "pg/file_lock.hpp"
#include "pg/postmaster.hpp"
#include "pg/provision.hpp"

namespace diary::pg {

class PrivateCluster {
 public:
  struct Options {
    std::filesystem::path folder;  // empty: see DataFolder::open
    bool serving = false;          // owner or nothing
    ClusterSettings settings;
  };

  // Call from the main thread: PostgreSQL is shut down when the thread that started it ends.
  [[nodiscard]] static Result<std::unique_ptr<PrivateCluster>> open(const Options& options);
  ~PrivateCluster();
  PrivateCluster(const PrivateCluster&) = delete;
  PrivateCluster& operator=(const PrivateCluster&) = delete;

  [[nodiscard]] std::string conninfo(const std::string& role,
                                     const std::string& database = database_name) const;
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.root(); }
  [[nodiscard]] const std::filesystem::path& socket_folder() const { return socket_folder_; }

  // For the owner, from one thread that lives as long as the program: whether PostgreSQL still runs, and
  // starting it again when it does not.
  [[nodiscard]] bool alive();
  [[nodiscard]] Result<void> restart();

  void stop();

 private:
  PrivateCluster(DataFolder folder, ClusterSettings settings);
  Result<void> own_or_give_up();
  Result<void> own_or_join();
  Result<void> own(const char* kind);
  Result<void> start();
  void note_current_timeline();
  bool join();

  DataFolder folder_;
  ClusterSettings settings_;
  FileLock lock_;
  FileLock users_;
  std::filesystem::path socket_folder_;
  std::optional<Postmaster> postmaster_;
  bool owner_ = false;
  bool serving_ = false;
};

}  // namespace diary::pg
