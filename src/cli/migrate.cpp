// SPDX-License-Identifier: Apache-2.0
#include "store/migrate.hpp"

#include <cstdio>
#include <optional>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"

namespace diary::cli {
namespace {

void print_status(const std::vector<MigrationFile>& files, bool json, bool due_only) {
  std::string out = "[";
  for (const MigrationFile& file : files) {
    if (due_only && file.state == "applied") continue;
    if (!json) {
      std::printf("%-9s %s\n", file.state.c_str(), file.name.c_str());
      continue;
    }
    if (out.size() > 1) out += ',';
    out += R"({"name":)";
    log::append_json_string(out, file.name);
    out += R"(,"state":")" + file.state + "\"}";
  }
  if (json) std::printf("%s]\n", out.c_str());
}

Result<void> report(const Config& config, bool json, bool due_only) {
  auto database = Database::open(config);
  if (!database) return fail(std::move(database.error()));
  pg::Connection connection((*database)->owner_url());
  const auto status = migration_status(connection);
  if (!status) return fail(status.error());
  print_status(*status, json, due_only);
  return {};
}

Result<void> apply(const Config& config) {
  auto database = Database::open(config);
  if (!database) return fail(std::move(database.error()));
  pg::Connection connection((*database)->owner_url());
  const auto applied = migrate(connection);
  if (!applied) return fail(applied.error());
  for (const std::string& name : *applied) std::printf("applied   %s\n", name.c_str());
  std::printf("%zu applied, the schema is up to date\n", applied->size());
  return {};
}

// Of what is due in the database that was named; of everything when none was.
Result<void> print_script(const Config& config) {
  std::optional<pg::Connection> connection;
  if (!config.database_url.empty())
    connection.emplace(config.owner_url.empty() ? config.database_url : config.owner_url);
  const auto script = migration_script(connection ? &*connection : nullptr);
  if (!script) return fail(script.error());
  if (std::fwrite(script->data(), 1, script->size(), stdout) != script->size() || std::fflush(stdout) != 0)
    return fail(Errc::failed, "the script could not be written");
  return {};
}

}  // namespace

void add_migrate(CLI::App& app, Context& context) {
  static bool dry_run = false;
  static bool as_sql = false;
  static std::string action;
  CLI::App* command = add_command(
      app, context, "migrate", "Bring the database to this program's schema",
      [&context](const LoadedConfig& loaded) -> Result<void> {
        if (as_sql) return print_script(loaded.config);
        if (dry_run || action == "status") return report(loaded.config, context.json, dry_run);
        return apply(loaded.config);
      },
      true);
  command->add_option("action", action, "status: say what is applied and what is due")
      ->check(CLI::IsMember({"status"}));
  auto* only_say = command->add_flag("--dry-run", dry_run, "Say what would be applied");
  command
      ->add_flag("--sql", as_sql,
                 "Print it as a script for psql: everything, or what is due in the --database given")
      ->excludes(only_say);
}

}  // namespace diary::cli
