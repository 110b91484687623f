// SPDX-License-Identifier: Apache-2.0
#pragma once

// A cluster fresh from a backup, in recovery and read-only, to see whether it is good before anybody depends
// on it. It archives nothing, begins no timeline and listens only on its own socket. Refuses to promote: that
// is for the next ordinary start, after the cluster has been moved to where it belongs.

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "pg/backrest.hpp"
#include "pg/postmaster.hpp"

namespace diary::pg {

// How far the log is replayed.
struct Target {
  bool backup_end = false;        // as soon as the backup is consistent, and no further
  std::optional<Time> time{};     // the last transaction committed until then; else to the end of the archive
  std::optional<int> timeline{};  // nothing: that of the backup if backup_end, else the newest
};

struct Replayed {
  bool reached = false;                    // false: the archive ended before the target
  std::optional<std::string> last_commit;  // RFC 3339; nothing when no transaction was replayed
};

class Rehearsal {
 public:
  // Starts recovery of `pgdata` and returns once it is over. From the main thread, as Postmaster.
  [[nodiscard]] static Result<Rehearsal> run(const Backrest& backrest, const PostgresBinaries& binaries,
                                             const std::filesystem::path& pgdata, const Target& target);
  ~Rehearsal();
  Rehearsal(Rehearsal&&) noexcept;
  Rehearsal& operator=(Rehearsal&&) = delete;

  [[nodiscard]] const Replayed& replayed() const { return replayed_; }
  [[nodiscard]] std::string conninfo(const std::string& database) const;
  void stop();

 private:
  Rehearsal(Postmaster postmaster, std::filesystem::path socket_folder)
      : postmaster_(postmaster), socket_folder_(std::move(socket_folder)) {}
  static Result<Rehearsal> step(const Backrest& backrest, const PostgresBinaries& binaries,
                                const std::filesystem::path& pgdata, const Target& target,
                                const char* signal);
  void wait_until_replayed();  // throws DbError when PostgreSQL gives up
  std::optional<Postmaster> postmaster_;
  std::filesystem::path socket_folder_;
  Replayed replayed_;
};

// What the next ordinary start of `pgdata` shall replay, and then begin a timeline of its own. `replayed`:
// what the rehearsal of the same target came to.
void prepare_promotion(const Backrest& backrest, const std::filesystem::path& pgdata,
                       const std::filesystem::path& final_place, Target target, const Replayed& replayed);

// Whether `pgdata` has yet to replay what prepare_promotion() wrote.
[[nodiscard]] bool promotion_pending(const std::filesystem::path& pgdata);
void forget_promotion(const std::filesystem::path& pgdata);

// Reads every page of a stopped cluster and compares its checksum.
[[nodiscard]] Result<void> check_pages(const DataFolder& folder, const PostgresBinaries& binaries,
                                       const std::filesystem::path& pgdata);

}  // namespace diary::pg
