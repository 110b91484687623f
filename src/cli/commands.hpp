// SPDX-License-Identifier: Apache-2.0
#pragma once

// The subcommands, one file each, and the list of them all.

#include "cli/command.hpp"

namespace diary::cli {

void add_backup(CLI::App& app, Context& context);
void add_config(CLI::App& app, Context& context);
void add_export(CLI::App& app, Context& context);
void add_import(CLI::App& app, Context& context);
void add_migrate(CLI::App& app, Context& context);
void add_openapi(CLI::App& app, Context& context);
void add_serve(CLI::App& app, Context& context);
void add_rebuild(CLI::App& app, Context& context);
void add_refresh(CLI::App& app, Context& context);
void add_psql(CLI::App& app, Context& context);
void add_restore(CLI::App& app, Context& context);
void add_route(CLI::App& app, Context& context);
void add_synth(CLI::App& app, Context& context);
void add_user(CLI::App& app, Context& context);
void add_verify(CLI::App& app, Context& context);

void add_all(CLI::App& app, Context& context);

}  // namespace diary::cli
