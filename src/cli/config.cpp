// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "base/log.hpp"
#include "cli/commands.hpp"

namespace diary::cli {
namespace {

void print_json(const std::vector<Setting>& settings) {
  std::string out = "{";
  for (const Setting& setting : settings) {
    if (out.size() > 1) out += ',';
    log::append_json_string(out, setting.name);
    out += R"(:{"value":)";
    log::append_json_string(out, setting.value);
    out += R"(,"source":)";
    log::append_json_string(out, setting.source);
    out += R"(,"env":)";
    log::append_json_string(out, setting.env);
    out += '}';
  }
  std::printf("%s}\n", out.c_str());
}

}  // namespace

void add_config(CLI::App& app, Context& context) {
  add_command(
      app, context, "config", "Print the settings in force and where each comes from; secrets are masked",
      [&context](const LoadedConfig& loaded) -> Result<void> {
        if (context.json) {
          print_json(loaded.settings);
          return {};
        }
        for (const Setting& setting : loaded.settings)
          std::printf("%-30s %-24s # %s, %s\n", setting.name.c_str(), setting.value.c_str(),
                      setting.source.c_str(), setting.env.c_str());
        return {};
      },
      true);
}

}  // namespace diary::cli
