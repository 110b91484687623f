// SPDX-License-Identifier: Apache-2.0
#include "app/backup.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/time.hpp"
#include "pg/file_lock.hpp"
#include "pg/leftovers.hpp"
#include "pg/provision.hpp"
#include "pg/rehearsal.hpp"
#include "pg/timelines.hpp"

namespace diary {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::chrono::days full_again_after{7};
constexpr std::chrono::seconds reload_limit{10};

fs::path verified(const pg::DataFolder& folder) {
  return folder.repository() / "verified";
}

fs::path record_of(const pg::DataFolder& folder, const std::string& label) {
  return verified(folder) / (label + ".json");
}

std::optional<Verification> read_record(const pg::DataFolder& folder, const std::string& label) {
  std::ifstream in(record_of(folder, label));
  if (!in) return std::nullopt;
  boost::system::error_code ec;
  const json::value record = json::parse(std::string(std::istreambuf_iterator<char>(in), {}), ec);
  if (ec || !record.is_object()) return std::nullopt;
  return Verification{std::string(record.at("at").as_string()), record.at("good").as_bool(),
                      std::string(record.at("finding").as_string())};
}

void write_record(const pg::DataFolder& folder, const std::string& label, const Verification& verification) {
  folder.make(verified(folder));
  const json::object record{
      {"at", verification.at}, {"good", verification.good}, {"finding", verification.finding}};
  folder.write(record_of(folder, label), json::serialize(record) + "\n");
}

Result<pg::FileLock*> only_one(pg::FileLock& lock) {
  if (!lock.try_exclusive()) return fail(Errc::failed, "another backup is being taken or verified");
  return &lock;
}

bool reloaded_with(const std::string& superuser, const std::string& command) {
  const auto deadline = std::chrono::steady_clock::now() + reload_limit;
  // A new connection each time: it begins with what the postmaster has read.
  while (pg::Connection(superuser).exec("SHOW archive_command").str(0, 0) != command) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return true;
}

Result<void> switch_archiving_on(const pg::Backrest& backrest, const std::string& superuser,
                                 const fs::path& repository) {
  const pg::DataFolder& folder = backrest.folder();
  pg::Connection connection(superuser);
  if (connection.exec("SHOW archive_mode").str(0, 0) == "off")
    return fail(Errc::failed, "archive_mode is off: restart the server, and look into postgresql.local.conf");
  const bool first = !fs::exists(folder.backrest_conf());
  if (auto done = backrest.configure(repository); !done) return done;
  if (auto done = backrest.run({"--pg1-socket-path=" + folder.socket_folder().string(), "stanza-create"});
      !done) {
    // Without a stanza nothing could be archived, and without a backup nothing has to be.
    if (first) fs::remove(folder.backrest_conf());
    return done;
  }
  const std::string command = pg::archive_command(folder);
  folder.write(folder.pgdata() / "diary.conf", pg::diary_conf({.archive_command = command}));
  connection.exec("SELECT pg_reload_conf()");
  if (!reloaded_with(superuser, command))
    return fail(Errc::failed,
                "archive_command is set elsewhere, in postgresql.local.conf or by ALTER SYSTEM: remove it");
  pg::note_timeline(
      folder,
      std::stoi(connection.exec("SELECT pg_walfile_name(pg_current_wal_lsn())").str(0, 0).substr(0, 8),
                nullptr, 16),
      now());
  return {};
}

Result<std::string> type_or_default(const pg::Backrest& backrest, const std::string& type) {
  if (!type.empty()) return type;
  const auto backups = backrest.backups();
  if (!backups) return fail(backups.error());
  for (const pg::Backup& backup : *backups) {
    if (backup.type == "full" && backup.stop > now() - full_again_after) return "diff";
  }
  return "full";
}

Result<Integrity> look_through(const pg::Backrest& backrest, const pg::Backup& backup,
                               const fs::path& pgdata) {
  const pg::DataFolder& folder = backrest.folder();
  if (auto done = backrest.restore(backup.label, pgdata); !done) return fail(done.error());
  const auto binaries = pg::find_postgres(folder.version());
  if (!binaries) return fail(binaries.error());
  auto rehearsal = pg::Rehearsal::run(backrest, *binaries, pgdata, {.backup_end = true});
  if (!rehearsal) return fail(rehearsal.error());
  Integrity found;
  try {
    pg::Connection connection(rehearsal->conninfo(pg::database_name));
    found = IntegrityStore(connection).look();
  } catch (const pg::DbError& e) {
    return fail(Errc::failed, e.what());
  }
  rehearsal->stop();
  if (auto done = pg::check_pages(folder, *binaries, pgdata); !done) return fail(done.error());
  return found;
}

Verification judged(const pg::Backup& backup, const Result<Integrity>& found) {
  Verification verification{to_rfc3339(now()), false, {}};
  if (!found) {
    verification.finding = found.error().message;
  } else {
    verification.good = found->good() && !backup.damaged_pages;
    verification.finding = fmt::format(
        "{} rows in {} tables, {} live sums drifted, {} audit batches altered, {}", found->total_rows(),
        found->rows.size(), found->drift, found->broken_batches,
        backup.damaged_pages ? "pages were damaged when they were copied" : "all page checksums right");
  }
  return verification;
}

}  // namespace

Result<pg::Backup> take_backup(const pg::Backrest& backrest, const std::string& superuser,
                               const fs::path& repository, std::string type) {
  const pg::DataFolder& folder = backrest.folder();
  pg::FileLock lock(folder.root() / "backup.lock", folder.account());
  if (auto alone = only_one(lock); !alone) return fail(alone.error());
  if (auto on = switch_archiving_on(backrest, superuser, repository); !on) return fail(on.error());
  const std::string socket = "--pg1-socket-path=" + folder.socket_folder().string();
  if (auto checked = backrest.run({socket, "check"}); !checked) return fail(checked.error());
  const auto chosen = type_or_default(backrest, type);
  if (!chosen) return fail(chosen.error());
  if (auto done = backrest.run({socket, "--type=" + *chosen, "backup"}); !done) return fail(done.error());
  auto backups = backrest.backups();
  if (!backups) return fail(backups.error());
  if (backups->empty()) return fail(Errc::failed, "pgbackrest reports no backup; see log/pgbackrest.log");
  return std::move(backups->back());
}

Result<Verification> verify_backup(const pg::Backrest& backrest, const pg::Backup& backup) {
  const pg::DataFolder& folder = backrest.folder();
  pg::FileLock lock(folder.root() / "backup.lock", folder.account());
  if (auto alone = only_one(lock); !alone) return fail(alone.error());
  const fs::path pgdata = folder.root() / "pg.verifying";
  if (auto cleared = pg::clear_leftovers(pgdata, folder.account()); !cleared) return fail(cleared.error());
  auto verification = judged(backup, look_through(backrest, backup, pgdata));
  fs::remove_all(pgdata);
  write_record(folder, backup.label, verification);
  return verification;
}

Result<std::vector<ListedBackup>> list_backups(const pg::Backrest& backrest) {
  auto backups = backrest.backups();
  if (!backups) return fail(backups.error());
  std::vector<ListedBackup> list;
  for (pg::Backup& backup : *backups) {
    auto verification = read_record(backrest.folder(), backup.label);
    list.push_back({std::move(backup), std::move(verification)});
  }
  return list;
}

}  // namespace diary
