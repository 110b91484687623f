// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every subcommand shares: the common flags, the configuration they lead to, and how a command ends.
// One file per subcommand adds itself with add_NAME(app, context).

#include <CLI/CLI.hpp>
#include <map>
#include <string>

#include "base/config.hpp"
#include "base/result.hpp"

namespace diary::cli {

struct Context {
  std::map<std::string, std::string> flags;  // setting name -> what the command line said
  std::string config_file;
  bool json = false;
  int exit_code = 0;  // of a command that did what it was asked, when that is another program's
};

// Adds `name` with --data, --database, --config (and --json when `lists`). `run` is called once parsing is
// over; its error becomes a line on stderr and exit code 1. What it throws is reported as an internal error,
// also 1.
CLI::App* add_command(CLI::App& app, Context& context, const std::string& name,
                      const std::string& description, std::function<Result<void>(const LoadedConfig&)> run,
                      bool lists = false);

// Adds --NAME, which overrides the setting of that name.
void add_setting(CLI::App& command, Context& context, const std::string& name,
                 const std::string& description);

// Parses and runs. The process's exit code: 0 done, 1 failed, 2 wrong use.
int run(int argc, char** argv);

}  // namespace diary::cli
