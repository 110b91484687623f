// SPDX-License-Identifier: Apache-2.0
#include "cli/command.hpp"

#include <cstdio>
#include <functional>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "pg/error.hpp"

namespace diary::cli {
namespace {

// Carries a command's failure out of CLI11's callbacks to run().
struct CommandFailed {
  std::string message;
};

std::string flag_of(std::string name) {
  for (char& c : name) {
    if (c == '_') c = '-';
  }
  return "--" + name;
}

}  // namespace

void add_setting(CLI::App& command, Context& context, const std::string& name,
                 const std::string& description) {
  command.add_option_function<std::string>(
      flag_of(name), [&context, name](const std::string& value) { context.flags[name] = value; },
      description);
}

CLI::App* add_command(CLI::App& app, Context& context, const std::string& name,
                      const std::string& description, std::function<Result<void>(const LoadedConfig&)> run,
                      bool lists) {
  CLI::App* command = app.add_subcommand(name, description);
  command->set_help_flag("--help", "Print this and exit");
  add_setting(*command, context, "data", "Folder of the embedded database");
  add_setting(*command, context, "database", "libpq URL of another database");
  add_setting(*command, context, "log_level", "trace, debug, info, warn or error");
  command->add_option("--config", context.config_file, "TOML file with settings");
  if (lists) command->add_flag("--json", context.json, "Print JSON");
  command->callback([&context, run = std::move(run)] {
    const auto loaded = load_config(context.flags, context.config_file);
    if (!loaded) throw CommandFailed{loaded.error().message};
    log::init(loaded->config.log_level);
    const auto done = run(*loaded);
    if (!done) throw CommandFailed{done.error().message};
  });
  return command;
}

int run(int argc, char** argv) {
  CLI::App app{"Route Safety Diary: how safe people find their streets, street by street", "diary"};
  Context context;
  app.set_version_flag("--version", "diary " DIARY_VERSION);
  app.require_subcommand(1);
  add_all(app, context);
  try {
    app.parse(argc, argv);
    return context.exit_code;
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  } catch (const CommandFailed& e) {
    std::fprintf(stderr, "diary: %s\n", e.message.c_str());
  } catch (const pg::ConnectionLost& e) {
    std::fprintf(stderr, "diary: the database cannot be reached: %s\n", e.what());
  } catch (const std::exception& e) {
    std::fprintf(stderr, "diary: internal error: %s\n", e.what());
  }
  return 1;
}

}  // namespace diary::cli
