// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "pg/child_process.hpp"
#include "pg/client_program.hpp"
#include "pg/postgres_binaries.hpp"

namespace diary::cli {
namespace {

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
  // psql's own -d, -U and the like still work on top.
  const auto client = pg::client_connection((*database)->owner_url());
  if (!client) return fail(client.error());
  command.environment = client->environment;
  if (!client->rest.empty()) command.argv.insert(command.argv.end(), {"-d", client->rest});
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
