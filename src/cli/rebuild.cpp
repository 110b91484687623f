// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "store/upkeep_store.hpp"

namespace diary::cli {
namespace {

void print(const std::vector<Drift>& drift, bool json) {
  std::string out = "[";
  for (const Drift& row : drift) {
    if (!json) {
      std::printf("%s: %s was %s, is %s\n", row.segment_id.c_str(), row.what.c_str(), row.stored.c_str(),
                  row.counted.c_str());
      continue;
    }
    if (out.size() > 1) out += ',';
    out += R"({"segment_id":)";
    log::append_json_string(out, row.segment_id);
    out += R"(,"what":)";
    log::append_json_string(out, row.what);
    out += R"(,"stored":)";
    log::append_json_string(out, row.stored);
    out += R"(,"counted":)";
    log::append_json_string(out, row.counted);
    out += '}';
  }
  if (json) std::printf("%s]\n", out.c_str());
}

}  // namespace

void add_rebuild(CLI::App& app, Context& context) {
  static bool after_replication = false;
  CLI::App* command = add_command(
      app, context, "rebuild",
      "Recount every live sum from the ratings, heal what surrounds them, and report what had drifted",
      [&context](const LoadedConfig& loaded) -> Result<void> {
        auto database = Database::open(loaded.config);
        if (!database) return fail(std::move(database.error()));
        pg::Connection connection((*database)->owner_url());
        UpkeepStore store(connection);
        if (after_replication) {
          if (const auto names = store.subscriptions())
            return fail(Errc::failed,
                        "rows still come in by the subscription " + *names +
                            ": end it first (ALTER SUBSCRIPTION ... DISABLE, DROP SUBSCRIPTION)");
        }
        const auto healed = store.heal();
        if (!context.json) {
          for (const std::string& done : healed) std::printf("%s\n", done.c_str());
        }
        const auto drift = store.rebuild();
        static_cast<void>(store.sync(std::nullopt));
        store.seal_audit();
        if (after_replication) {
          for (const char* view : {"segment_aggregates", "trend_daily", "coverage_grid"})
            static_cast<void>(store.refresh(view, 0));
        }
        print(drift, context.json);
        if (!context.json)
          std::printf("%zu differences%s\n", drift.size(), drift.empty() ? "" : ", all repaired");
        return {};
      },
      true);
  command->add_flag(
      "--after-replication", after_replication,
      "The rows came by logical replication, which fires no statement's triggers, moves no sequence "
      "and fills no report: do all that, too");
}

}  // namespace diary::cli
