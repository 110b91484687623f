// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdio>

#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "store/upkeep_store.hpp"

namespace diary::cli {

void add_refresh(CLI::App& app, Context& context) {
  static std::string only;
  CLI::App* command =
      add_command(app, context, "refresh", "Refresh the materialized views, or one of them",
                  [](const LoadedConfig& loaded) -> Result<void> {
                    auto database = Database::open(loaded.config);
                    if (!database) return fail(std::move(database.error()));
                    pg::Connection connection((*database)->owner_url());
                    for (const char* view : {"segment_aggregates", "trend_daily", "coverage_grid"}) {
                      if (!only.empty() && only != view) continue;
                      const auto begun = std::chrono::steady_clock::now();
                      static_cast<void>(UpkeepStore(connection).refresh(view, 0));
                      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
                      std::printf("refreshed %s in %.2f s\n", view, took.count());
                    }
                    return {};
                  });
  command->add_option("view", only, "segment_aggregates, trend_daily or coverage_grid")
      ->check(CLI::IsMember({"segment_aggregates", "trend_daily", "coverage_grid"}));
}

}  // namespace diary::cli
