// SPDX-License-Identifier: Apache-2.0
#include "app/restore.hpp"

#include <cstdio>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "pg/restored.hpp"

namespace diary::cli {
namespace {

Result<std::optional<Time>> parsed(const std::string& to) {
  if (to.empty()) return std::nullopt;
  if (const auto time = parse_rfc3339(to)) return time;
  return fail(Errc::failed,
              "--to takes a date, a time and its zone, such as 2026-01-02T03:04:05Z or "
              "2026-01-02T03:04:05.5+01:00, not \"" +
                  to + "\"");
}

// A folder that was never backed up stays as it is; one that came from elsewhere is given a configuration.
Result<void> find_repository(const pg::Backrest& backrest, const std::filesystem::path& wanted) {
  const pg::DataFolder& folder = backrest.folder();
  if (wanted.empty() && std::filesystem::exists(folder.backrest_conf())) return backrest.configure({});
  const auto repository = wanted.empty() ? folder.repository() : wanted;
  if (!std::filesystem::exists(repository / "backup" / "diary"))
    return fail(Errc::failed, "there is no backup in " + repository.string() +
                                  "; --backup-repository names another folder");
  return backrest.configure(wanted);
}

void print(const RestorePlan& plan, const Restored& restored, const pg::DataFolder& folder) {
  const auto& [replayed, found, kept] = restored;
  std::printf("restored from %s\n", plan.backup.label.c_str());
  if (plan.target.time) std::printf("asked for                 %s\n", to_rfc3339(*plan.target.time).c_str());
  std::printf(
      "last transaction          %s\n",
      replayed.last_commit.value_or("none after the backup, " + to_rfc3339(plan.backup.stop)).c_str());
  if (plan.target.time && !replayed.reached)
    std::printf(
        "                          the archive holds nothing later; if the machine was lost, up to a minute "
        "before its end may be missing\n");
  for (const auto& [name, count] : found.rows)
    std::printf("%-32s %12lld rows\n", name.c_str(), static_cast<long long>(count));
  std::printf("live sums that drifted    %lld\naudit batches altered     %lld\n",
              static_cast<long long>(found.drift), static_cast<long long>(found.broken_batches));
  if (kept)
    std::printf("the cluster before is in  %s\n                          when you are sure: rm -rf '%s'\n",
                kept->c_str(), kept->c_str());
  std::printf("in place: %s; take a backup soon\n", folder.pgdata().c_str());
}

Result<void> restore_to(const Config& config, const std::string& to, const std::string& label) {
  if (!config.database_url.empty())
    return fail(Errc::failed,
                "diary restore takes care of the embedded database; for a PostgreSQL of your own see "
                "docs/operations.md");
  const auto time = parsed(to);
  if (!time) return fail(time.error());
  const auto folder = pg::DataFolder::open(config.data_dir);
  if (!folder) return fail(folder.error());
  const auto backrest = pg::Backrest::find(*folder);
  if (!backrest) return fail(backrest.error());
  auto hold = pg::FolderHold::take(*folder);
  if (!hold) return fail(hold.error());
  if (auto there = find_repository(*backrest, config.backup_repository); !there) return there;
  const auto plan = plan_restore(*backrest, *time, label);
  if (!plan) return fail(plan.error());
  const auto restored = restore(*backrest, *plan);
  if (!restored) return fail(restored.error());
  hold->reset();
  // The ordinary start replays the log once more, in its place, and begins the new timeline.
  const auto database = Database::open(config);
  if (!database) return fail(database.error());
  print(*plan, *restored, *folder);
  if (!restored->found.good()) spdlog::warn("what was restored contradicts itself: see diary rebuild");
  return {};
}

}  // namespace

void add_restore(CLI::App& app, Context& context) {
  static std::string to;
  static std::string label;
  CLI::App* command = add_command(
      app, context, "restore", "Bring the embedded database back to a time; the server must be stopped",
      [](const LoadedConfig& loaded) { return restore_to(loaded.config, to, label); });
  command->add_option("--to", to,
                      "Time with its zone, 2026-01-02T03:04:05Z; the end of the archive unless given");
  command->add_option("--set", label, "Backup to begin from; the newest before that time unless given");
  add_setting(*command, context, "backup_repository",
              "Folder of the backups, when the data folder does not know it");
}

}  // namespace diary::cli
