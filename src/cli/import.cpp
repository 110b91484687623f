// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdio>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "import/reader.hpp"
#include "store/segment_loader.hpp"

namespace diary::cli {
namespace {

struct Imported {
  import::ReadReport report;
  LoadCounts counts;
};

// A line on stderr that is drawn over, and only where somebody sits. Leaves no trace behind.
class ProgressBar {
 public:
  ProgressBar() = default;
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  void show(double share) {
    const int percent = static_cast<int>(share * 100);
    if (!on_ || percent == shown_) return;
    shown_ = percent;
    std::fprintf(stderr, "\r[%-40.*s] %3d %%", percent * 40 / 100, "########################################",
                 percent);
  }
  void clear() {
    if (shown_ >= 0) std::fprintf(stderr, "\r%50s\r", "");
    shown_ = -1;
  }
  ~ProgressBar() { clear(); }

 private:
  bool on_ = isatty(STDERR_FILENO) != 0;
  int shown_ = -1;
};

void append_count(std::string& out, std::string_view name, std::int64_t count) {
  if (out.back() != '{') out += ',';
  log::append_json_string(out, name);
  out += ':' + std::to_string(count);
}

template <class Act>
void for_each_reason(const import::Refusals& refused, Act act) {
  for (std::size_t i = 0; i < import::refusal_count; ++i) {
    const auto reason = static_cast<import::Refusal>(i);
    if (refused.count(reason) > 0) act(reason, refused.count(reason));
  }
}

void print_json(const Imported& imported) {
  const import::Refusals& refused = imported.report.refused;
  std::string out = "{";
  append_count(out, "read", imported.report.read);
  append_count(out, "segments", imported.report.segments);
  append_count(out, "inserted", imported.counts.inserted);
  append_count(out, "updated", imported.counts.updated);
  append_count(out, "unchanged", imported.counts.unchanged);
  append_count(out, "refused", refused.total());
  out += R"(,"refused_by_reason":{)";
  for_each_reason(refused,
                  [&](import::Refusal reason, std::int64_t n) { append_count(out, name(reason), n); });
  out += R"(},"refused_listed":[)";
  for (const auto& item : refused.listed()) {
    out += out.back() == '[' ? R"({"reason":)" : R"(,{"reason":)";
    log::append_json_string(out, name(item.reason));
    out += R"(,"what":)";
    log::append_json_string(out, item.what);
    out += '}';
  }
  std::printf("%s]}\n", out.c_str());
}

void print_text(const Imported& imported) {
  const auto& [report, counts] = imported;
  const auto row = [](const char* label, std::int64_t n) {
    std::printf("%-10s %9lld\n", label, static_cast<long long>(n));
  };
  row("read", report.read);
  row("segments", report.segments);
  row("inserted", counts.inserted);
  row("updated", counts.updated);
  row("unchanged", counts.unchanged);
  row("refused", report.refused.total());
  for_each_reason(report.refused, [](import::Refusal reason, std::int64_t n) {
    std::printf("  %9lld  %s\n", static_cast<long long>(n), std::string(describe(reason)).c_str());
  });
  for (const auto& item : report.refused.listed())
    std::printf("    %s: %s\n", item.what.c_str(), std::string(describe(item.reason)).c_str());
  const auto unlisted = report.refused.total() - static_cast<std::int64_t>(report.refused.listed().size());
  if (unlisted > 0) std::printf("    and %lld more\n", static_cast<long long>(unlisted));
}

Result<Imported> load(pg::Connection& connection, const std::string& file, import::Format format) {
  ProgressBar bar;
  pg::Transaction transaction(connection);
  SegmentLoader loader(connection);
  auto report = import::read_segments(
      file, format, [&](const NewSegment& segment, std::int64_t line) { loader.add(segment, line); },
      [&](double share) { bar.show(share * 0.6); });
  if (!report) return fail(std::move(report.error()));
  auto counts = loader.finish();
  if (!counts) return fail(std::move(counts.error()));
  transaction.commit();
  bar.show(1);
  return Imported{std::move(*report), *counts};
}

Result<void> run_import(const Config& config, const std::string& file, bool json) {
  const auto format = import::format_of(file);  // before a database is started for nothing
  if (!format) return fail(format.error());
  auto database = Database::open(config);
  if (!database) return fail(std::move(database.error()));
  pg::Connection connection((*database)->owner_url());
  const auto imported = load(connection, file, *format);
  if (!imported)
    return fail(imported.error().code, file + ": " + imported.error().message + "; nothing was imported");
  if (json)
    print_json(*imported);
  else
    print_text(*imported);
  return {};
}

}  // namespace

void add_import(CLI::App& app, Context& context) {
  static std::string file;
  CLI::App* command = add_command(
      app, context, "import", "Load street segments from GeoJSON or OpenStreetMap (.osm.pbf, .osm)",
      [&context](const LoadedConfig& loaded) { return run_import(loaded.config, file, context.json); }, true);
  command->add_option("file", file, "The file")->required();
}

}  // namespace diary::cli
