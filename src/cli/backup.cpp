// SPDX-License-Identifier: Apache-2.0
#include "app/backup.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "pg/postmaster.hpp"
#include "pg/provision.hpp"

namespace diary::cli {
namespace {

struct Wanted {
  std::string action;
  std::string type;
  std::string label;
  bool verify = true;
};

std::string megabytes(std::int64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string state(const std::optional<Verification>& verification) {
  if (!verification) return "not verified";
  return (verification->good ? "verified " : "BAD ") + verification->at;
}

void append_json(std::string& out, const ListedBackup& listed) {
  const auto field = [&](const char* name, const std::string& text) {
    log::append_json_string(out, name);
    out += ':';
    log::append_json_string(out, text);
    out += ',';
  };
  const pg::Backup& backup = listed.backup;
  out += out.back() == '[' ? "{" : ",{";
  field("label", backup.label);
  field("type", backup.type);
  field("start", to_rfc3339(backup.start));
  field("stop", to_rfc3339(backup.stop));
  field("first_wal", backup.first_wal);
  field("last_wal", backup.last_wal);
  if (listed.verification) {
    field("verified_at", listed.verification->at);
    field("finding", listed.verification->finding);
  }
  out += fmt::format(R"("database_bytes":{},"repository_bytes":{},"verified":{}}})", backup.database_bytes,
                     backup.repository_bytes,
                     !listed.verification ? "null" : (listed.verification->good ? "true" : "false"));
}

void print(const std::vector<ListedBackup>& backups, bool as_json) {
  if (as_json) {
    std::string out = "[";
    for (const ListedBackup& listed : backups) append_json(out, listed);
    std::printf("%s]\n", out.c_str());
    return;
  }
  for (const auto& [backup, verification] : backups)
    std::printf("%-33s %-4s %-20s %10s -> %10s  %s..%s  %s\n", backup.label.c_str(), backup.type.c_str(),
                to_rfc3339(backup.stop).c_str(), megabytes(backup.database_bytes).c_str(),
                megabytes(backup.repository_bytes).c_str(), backup.first_wal.c_str(), backup.last_wal.c_str(),
                state(verification).c_str());
}

Result<void> list(const Config& config, bool as_json) {
  const auto folder = pg::DataFolder::open(config.data_dir);
  if (!folder) return fail(folder.error());
  const auto backrest = pg::Backrest::find(*folder);
  if (!backrest) return fail(backrest.error());
  const auto backups = list_backups(*backrest);
  if (!backups) return fail(backups.error());
  print(*backups, as_json);
  return {};
}

Result<Verification> verify(const pg::Backrest& backrest, const pg::Backup& backup, bool as_json) {
  auto verification = verify_backup(backrest, backup);
  if (!verification) return verification;
  if (!verification->good)
    return fail(Errc::failed, "backup " + backup.label + " is BAD: " + verification->finding);
  if (!as_json)
    std::printf("%s restored and verified: %s\n", backup.label.c_str(), verification->finding.c_str());
  return verification;
}

Result<void> verify_one(const Config& config, const std::string& label, bool as_json) {
  const auto folder = pg::DataFolder::open(config.data_dir);
  if (!folder) return fail(folder.error());
  const auto backrest = pg::Backrest::find(*folder);
  if (!backrest) return fail(backrest.error());
  const auto backups = backrest->backups();
  if (!backups) return fail(backups.error());
  for (auto backup = backups->rbegin(); backup != backups->rend(); ++backup) {
    if (!label.empty() && backup->label != label) continue;
    auto verification = verify(*backrest, *backup, as_json);
    if (!verification) return fail(verification.error());
    if (as_json) print({{*backup, *std::move(verification)}}, true);
    return {};
  }
  return fail(Errc::failed, label.empty() ? "there is no backup in " + folder->repository().string()
                                          : "there is no backup \"" + label + "\": see diary backup list");
}

Result<void> take(const Config& config, const Wanted& wanted, bool as_json) {
  // Found before a cluster is started for nothing.
  const auto opened = pg::DataFolder::open(config.data_dir);
  if (!opened) return fail(opened.error());
  const auto backrest = pg::Backrest::find(*opened);
  if (!backrest) return fail(backrest.error());
  const auto database = Database::open(config);
  if (!database) return fail(database.error());
  const auto superuser = pg::socket_conninfo(opened->socket_folder(), pg::superuser_role, pg::database_name);
  const auto backup = take_backup(*backrest, superuser, config.backup_repository, wanted.type);
  if (!backup) return fail(backup.error());
  if (!as_json)
    std::printf("%s %s: %s, %s in %s\n", backup->type.c_str(), backup->label.c_str(),
                megabytes(backup->database_bytes).c_str(), megabytes(backup->repository_bytes).c_str(),
                opened->repository().c_str());
  std::fflush(stdout);
  if (wanted.verify) {
    if (auto done = verify(*backrest, *backup, as_json); !done) return fail(done.error());
  }
  if (!as_json) return {};
  const auto all = list_backups(*backrest);
  if (!all) return fail(all.error());
  print({all->back()}, true);
  return {};
}

// What a setting of the server is; nothing where its role may not know.
std::optional<std::string> told(pg::Connection& connection, const std::string& setting) {
  try {
    return connection.exec("SELECT current_setting($1)", {setting}).opt(0, 0);
  } catch (const pg::ConnectionLost&) {
    throw;
  } catch (const pg::DbError&) {
    return std::nullopt;
  }
}

Result<void> print_configuration(const Config& config) {
  if (config.database_url.empty())
    return fail(Errc::failed,
                "config is for a PostgreSQL of your own, named with --database; the embedded one's is "
                "pgbackrest.conf in the data folder");
  pg::Connection connection(config.database_url);
  const auto directory = told(connection, "data_directory");
  if (!directory)
    std::printf("# This role may not ask for data_directory (pg_read_all_settings may); say it yourself.\n");
  std::printf(
      "# /etc/pgbackrest.conf on the database's machine, readable for the user that PostgreSQL runs as\n"
      "[global]\nrepo1-path=/var/lib/pgbackrest\nrepo1-retention-full=4\nrepo1-bundle=y\n"
      "compress-type=zst\nstart-fast=y\n\n[diary]\npg1-path=%s\npg1-port=%s\n\n"
      "# postgresql.conf; archive_mode takes a restart\n"
      "wal_level = replica                # now: %s\n"
      "archive_mode = on                  # now: %s\n"
      "archive_command = 'pgbackrest --stanza=diary archive-push %%p'\n"
      "archive_timeout = 60s\n"
      "# data_checksums, which a backup checks and initdb sets, are %s\n",
      directory.value_or("THE DATA DIRECTORY").c_str(), told(connection, "port").value_or("5432").c_str(),
      told(connection, "wal_level").value_or("unknown").c_str(),
      told(connection, "archive_mode").value_or("unknown").c_str(),
      told(connection, "data_checksums").value_or("unknown").c_str());
  return {};
}

Result<void> backup(const Config& config, const Wanted& wanted, bool as_json) {
  if (wanted.action == "config") return print_configuration(config);
  if (!config.database_url.empty())
    return fail(
        Errc::failed,
        "diary backup takes care of the embedded database; diary backup config prints what pgBackRest "
        "needs beside yours, and docs/operations.md says how to go on");
  if (wanted.action == "list") return list(config, as_json);
  if (wanted.action == "verify") return verify_one(config, wanted.label, as_json);
  return take(config, wanted, as_json);
}

}  // namespace

void add_backup(CLI::App& app, Context& context) {
  static Wanted wanted;
  CLI::App* command = add_command(
      app, context, "backup",
      "Back the embedded database up, and restore the backup once to see that it is good",
      [&context](const LoadedConfig& loaded) { return backup(loaded.config, wanted, context.json); }, true);
  command
      ->add_option("action", wanted.action,
                   "list: say what there is; verify: look through one again; config: print what a PostgreSQL "
                   "of your own needs")
      ->check(CLI::IsMember({"list", "verify", "config"}));
  command->add_option("--type", wanted.type, "full, diff or incr; full if the last week has none, else diff")
      ->check(CLI::IsMember({"full", "diff", "incr"}));
  command->add_flag("--verify,!--no-verify", wanted.verify,
                    "Restore it beside the cluster and look through it");
  command->add_option("--set", wanted.label, "Which backup to verify; the newest unless given");
  add_setting(*command, context, "backup_repository", "Folder for the backups; kept in mind");
}

}  // namespace diary::cli
