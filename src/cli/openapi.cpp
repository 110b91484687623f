// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "cli/commands.hpp"
#include "http/openapi.hpp"

namespace diary::cli {

void add_openapi(CLI::App& app, Context&) {
  CLI::App* command = app.add_subcommand("openapi", "Print the OpenAPI document of the API");
  command->set_help_flag("--help", "Print this and exit");
  command->callback([] { std::printf("%s\n", http::openapi_document().c_str()); });
}

}  // namespace diary::cli
