// SPDX-License-Identifier: Apache-2.0
#include <libpq-fe.h>
#include <signal.h>

#include <memory>

#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "pg/child_process.hpp"
#include "pg/postgres_binaries.hpp"

namespace diary::cli {
namespace {

using Options = std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)>;

std::string keyword(const PQconninfoOption& option) {
  std::string text = std::string(option.keyword) + "='";
  for (const char* c = option.val; *c != '\0'; ++c) {
    if (*c == '\'' || *c == '\\') text += '\\';
    text += *c;
  }
  return text + "' ";
}

// Through the environment, not the command line: a password would show in the list of processes, and psql's
// own -d, -U and the like still work on top. The few keywords that have no variable go with -d.
Result<void> add_connection(pg::Command& psql, const std::string& conninfo) {
  const Options options(PQconninfoParse(conninfo.c_str(), nullptr), &PQconninfoFree);
  if (!options) return fail(Errc::failed, "the database URL is not one that libpq understands");
  std::string rest;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    if (option->envvar != nullptr) {
      psql.environment.emplace_back(option->envvar, option->val);
    } else if (std::string(option->keyword) != "fallback_application_name") {
      rest += keyword(*option);
    }
  }
  if (!rest.empty()) psql.argv.insert(psql.argv.end(), {"-d", rest});
  return {};
}

// ^C is psql's: it cancels a query, and we live on to stop the cluster afterwards.
int run_in_foreground(const pg::Command& command) {
  struct sigaction ignore{};
  struct sigaction before{};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGINT, &ignore, &before);
  const int code = pg::wait_for(pg::spawn(command));
  sigaction(SIGINT, &before, nullptr);
  return code;
}

Result<int> psql(const Config& config, const std::vector<std::string>& arguments) {
  const auto program = pg::find_client("psql");
  if (!program)
    return fail(Errc::failed, "psql is not installed: on Debian, apt-get install postgresql-client");
  const auto database = Database::open(config);
  if (!database) return fail(database.error());
  pg::Command command;
  command.argv = {*program};
  if (auto added = add_connection(command, (*database)->owner_url()); !added) return fail(added.error());
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.signal_when_orphaned = SIGHUP;
  return run_in_foreground(command);
}

}  // namespace

void add_psql(CLI::App& app, Context& context) {
  static CLI::App* command = nullptr;
  command =
      add_command(app, context, "psql", "psql on the database, as its owner; all other arguments are psql's",
                  [&context](const LoadedConfig& loaded) -> Result<void> {
                    const auto code = psql(loaded.config, command->remaining());
                    if (!code) return fail(code.error());
                    context.exit_code = *code;
                    return {};
                  });
  command->allow_extras();
}

}  // namespace diary::cli
