// SPDX-License-Identifier: Apache-2.0
#include "app/restore.hpp"

#include <fstream>

#include "base/time.hpp"
#include "pg/leftovers.hpp"
#include "pg/provision.hpp"
#include "pg/restored.hpp"
#include "pg/timelines.hpp"

namespace diary {
namespace {

namespace fs = std::filesystem;

std::optional<int> version_of(const fs::path& pgdata) {
  int major = 0;
  if (std::ifstream(pgdata / "PG_VERSION") >> major) return major;
  return std::nullopt;
}

Result<pg::Backup> named(const std::vector<pg::Backup>& backups, const std::string& label, Time upto) {
  for (const pg::Backup& backup : backups) {
    if (backup.label != label) continue;
    if (backup.stop <= upto) return backup;
    return fail(Errc::failed, "backup " + label + " was complete only at " + to_rfc3339(backup.stop) +
                                  ", after the time asked for");
  }
  return fail(Errc::failed, "there is no backup \"" + label + "\": see diary backup list");
}

// One of a later timeline is of a history that the target's does not know.
Result<pg::Backup> newest(const std::vector<pg::Backup>& backups, std::optional<int> timeline, Time upto) {
  std::optional<pg::Backup> found;
  for (const pg::Backup& backup : backups) {
    if (backup.stop <= upto && (!timeline || backup.timeline() <= *timeline)) found = backup;
  }
  if (found) return *std::move(found);
  return fail(Errc::failed, to_rfc3339(upto) + " is before the oldest backup was complete, at " +
                                to_rfc3339(backups.front().stop) + "; nothing was changed");
}

Result<Integrity> look_through(const pg::Rehearsal& rehearsal) {
  try {
    pg::Connection connection(rehearsal.conninfo(pg::database_name));
    return IntegrityStore(connection).look();
  } catch (const pg::DbError& e) {
    return fail(Errc::failed, std::string("the restored database cannot be read: ") + e.what());
  }
}

Result<Restored> rehearse(const pg::Backrest& backrest, const RestorePlan& plan, const fs::path& pgdata) {
  const auto binaries = pg::find_postgres(version_of(pgdata));
  if (!binaries) return fail(binaries.error());
  auto rehearsal = pg::Rehearsal::run(backrest, *binaries, pgdata, plan.target);
  if (!rehearsal) return fail(rehearsal.error());
  auto found = look_through(*rehearsal);
  if (!found) return fail(found.error());
  return Restored{rehearsal->replayed(), *std::move(found), std::nullopt};
}

// The whole of it, up to the point where it could take the cluster's place.
Result<Restored> beside(const pg::Backrest& backrest, const RestorePlan& plan, const fs::path& pgdata) {
  const pg::DataFolder& folder = backrest.folder();
  if (auto done = backrest.restore(plan.backup.label, pgdata); !done) return fail(done.error());
  pg::bring_unarchived_wal(folder);
  static_cast<void>(folder.make_socket_folder());  // where the rehearsal looks for it
  auto restored = rehearse(backrest, plan, pgdata);
  folder.remove_socket_folder();
  return restored;
}

}  // namespace

Result<RestorePlan> plan_restore(const pg::Backrest& backrest, std::optional<Time> to,
                                 const std::string& label) {
  const auto backups = backrest.backups();
  if (!backups) return fail(backups.error());
  if (backups->empty())
    return fail(Errc::failed, "there is no backup in " + backrest.folder().repository().string());
  const Time present = now();
  if (to && *to > present)
    return fail(Errc::failed, to_rfc3339(*to) + " is in the future; nothing was changed");
  const auto timeline = pg::timeline_at(backrest.folder(), to);
  auto backup = label.empty() ? newest(*backups, timeline, to.value_or(present))
                              : named(*backups, label, to.value_or(present));
  if (!backup) return fail(backup.error());
  return RestorePlan{*std::move(backup), {.time = to, .timeline = timeline}};
}

Result<Restored> restore(const pg::Backrest& backrest, const RestorePlan& plan) {
  const pg::DataFolder& folder = backrest.folder();
  const fs::path pgdata = pg::restoring(folder);
  if (auto settled = pg::settle_restore(folder); !settled && fs::exists(folder.pgdata()))
    return fail(settled.error());
  for (const fs::path& place : {folder.pgdata(), pgdata}) {
    if (auto cleared = pg::clear_leftovers(place, folder.account()); !cleared) return fail(cleared.error());
  }
  auto restored = beside(backrest, plan, pgdata);
  if (!restored) {
    fs::remove_all(pgdata);
    return fail(restored.error().code, restored.error().message + "\nnothing was changed");
  }
  pg::prepare_promotion(backrest, pgdata, folder.pgdata(), plan.target, restored->replayed);
  restored->kept = pg::swap_in(folder);
  return restored;
}

}  // namespace diary
