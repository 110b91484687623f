// SPDX-License-Identifier: Apache-2.0
#include "app/verify.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <sstream>
#include <tuple>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"

namespace diary::cli {
namespace {

// "3.10" behind "3.9"; what has no section last.
std::vector<int> order_of(const std::string& section) {
  if (section.empty()) return {1000};
  std::vector<int> numbers;
  std::istringstream parts(section);
  for (std::string part; std::getline(parts, part, '.');) numbers.push_back(std::stoi(part));
  return numbers;
}

// "3" shows "3.1" too.
bool is_in(const std::string& section, const std::string& wanted) {
  return wanted.empty() || section == wanted || section.starts_with(wanted + ".");
}

const char* color_of(const std::string& status) {
  if (isatty(STDOUT_FILENO) == 0) return "";
  if (status == "ok") return "\033[32m";
  return is_bad(status) ? "\033[31m" : "\033[33m";
}

void print(const Check& check) {
  const char* color = color_of(check.status);
  std::printf("%s%-7s%s %-5s %s %s: %s", color, check.status.c_str(), *color == '\0' ? "" : "\033[0m",
              check.section.c_str(), check.kind.c_str(), check.name.c_str(), check.evidence.c_str());
  if (check.status != "ok" && !check.expected.empty()) std::printf(" (expected: %s)", check.expected.c_str());
  std::printf("\n");
}

std::string json(const Check& check) {
  std::string out = "{";
  for (const auto& [key, value] : {std::pair{"section", &check.section},
                                   {"kind", &check.kind},
                                   {"name", &check.name},
                                   {"status", &check.status},
                                   {"evidence", &check.evidence},
                                   {"expected", &check.expected}}) {
    if (out.size() > 1) out += ',';
    out += '"' + std::string(key) + "\":";
    log::append_json_string(out, *value);
  }
  return out + '}';
}

void print_json(const std::vector<Check>& checks, bool ok) {
  std::printf(R"({"ok":%s,"checks":[)", ok ? "true" : "false");
  for (std::size_t i = 0; i < checks.size(); ++i)
    std::printf("%s\n%s", i == 0 ? "" : ",", json(checks[i]).c_str());
  std::printf("\n]}\n");
}

void print_sum(const std::vector<Check>& checks) {
  std::map<std::string, int> counts;
  for (const Check& check : checks) ++counts[check.status];
  std::printf("%zu checks: %d ok", checks.size(), counts["ok"]);
  for (const char* status : {"missing", "wrong", "failed", "skipped", "note", "extra"})
    if (counts[status] > 0 || std::string_view(status) == "missing" || std::string_view(status) == "wrong")
      std::printf(", %d %s", counts[status], status);
  std::printf("\n");
}

}  // namespace

void add_verify(CLI::App& app, Context& context) {
  static std::string section;
  static bool only_failed = false;
  CLI::App* command = add_command(
      app, context, "verify", "Hold the database against the schema specification",
      [&context](const LoadedConfig& loaded) -> Result<void> {
        auto database = Database::open(loaded.config);
        if (!database) return fail(std::move(database.error()));
        pg::Connection connection((*database)->owner_url());
        auto checks = verify(connection, (*database)->superuser_url());
        std::erase_if(checks, [](const Check& check) { return !is_in(check.section, section); });
        std::ranges::stable_sort(checks, {}, [](const Check& check) { return order_of(check.section); });
        const bool ok = std::ranges::none_of(checks, [](const Check& check) { return is_bad(check.status); });
        context.exit_code = ok ? 0 : 1;
        if (context.json) {
          print_json(checks, ok);
          return {};
        }
        for (const Check& check : checks) {
          if (!only_failed || check.status != "ok") print(check);
        }
        print_sum(checks);
        return {};
      },
      true);
  command->add_option("--section", section, "Only what is of this section of the specification, such as 3.1");
  command->add_flag("--only-failed", only_failed, "Leave out what is as it should be");
}

}  // namespace diary::cli
