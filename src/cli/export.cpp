// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "store/segment_exporter.hpp"

namespace diary::cli {
namespace {

struct Options {
  std::string format = "geojson";
  std::string output;  // empty: stdout
  std::string bbox;
};

// Where an export goes: stdout, or a file that has its name only once it is whole.
class Output {
 public:
  explicit Output(std::filesystem::path path) : path_(std::move(path)), part_(path_) {
    if (path_.empty()) return;
    part_ += ".part";
    file_ = std::fopen(part_.c_str(), "wb");
    if (file_ == nullptr) complain();
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() {
    if (path_.empty() || file_ == nullptr) return;
    std::fclose(file_);
    std::error_code ignored;
    std::filesystem::remove(part_, ignored);
  }
  void write(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) complain();
  }
  void finish() {
    if (std::fflush(file_) != 0) complain();
    if (path_.empty()) return;
    if (fsync(fileno(file_)) != 0) complain();
    std::fclose(file_);
    file_ = nullptr;
    std::filesystem::rename(part_, path_);
  }

 private:
  [[noreturn]] void complain() const {
    throw std::system_error(errno, std::generic_category(),
                            path_.empty() ? "standard output" : path_.string());
  }
  std::filesystem::path path_;
  std::filesystem::path part_;
  std::FILE* file_ = stdout;
};

Result<std::optional<BBox>> read_box(const std::string& text) {
  if (text.empty()) return std::optional<BBox>{};
  std::array<double, 4> edge{};
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  bool fine = true;
  for (std::size_t i = 0; fine && i < edge.size(); ++i) {
    const auto [next, ec] = std::from_chars(at, end, edge[i]);
    fine =
        ec == std::errc{} && std::isfinite(edge[i]) && (i == 3 ? next == end : next != end && *next == ',');
    at = next + 1;
  }
  const BBox box{edge[0], edge[1], edge[2], edge[3]};
  if (!fine || box.west >= box.east || box.south >= box.north)
    return fail(Errc::failed,
                "--bbox must be west,south,east,north in degrees with west < east and south < north");
  return box;
}

// RFC 4180: a field with a comma, a quote or a line's end in it stands in quotes.
void append_csv(std::string& line, const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) {
    line += field;
    return;
  }
  line += '"';
  for (const char c : field) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

void write_csv(SegmentExporter& segments, Output& output) {
  std::string line;
  for (const std::string& name : SegmentExporter::columns()) line += (line.empty() ? "" : ",") + name;
  output.write(line + "\r\n");
  segments.rows([&](const std::vector<std::optional<std::string>>& values) {
    line.clear();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) line += ',';
      if (values[i]) append_csv(line, *values[i]);
    }
    output.write(line += "\r\n");
  });
}

void write_features(SegmentExporter& segments, Output& output, bool sequence) {
  bool first = true;
  if (!sequence) output.write("{\"type\":\"FeatureCollection\",\"features\":[\n");
  segments.features([&](std::string_view feature) {
    if (!first && !sequence) output.write(",\n");
    output.write(feature);
    if (sequence) output.write("\n");
    first = false;
  });
  if (!sequence) output.write("\n]}\n");
}

Result<void> run_export(const Config& config, const Options& options) {
  const auto box = read_box(options.bbox);
  if (!box) return fail(box.error());
  signal(SIGPIPE,
         SIG_IGN);  // a reader that has seen enough is an error like any other, and the cluster is stopped
  auto database = Database::open(config);
  if (!database) return fail(std::move(database.error()));
  pg::Connection connection((*database)->owner_url());
  pg::Transaction transaction(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  SegmentExporter segments(connection, *box);
  try {
    Output output(options.output);
    if (options.format == "csv")
      write_csv(segments, output);
    else
      write_features(segments, output, options.format == "geojsonseq");
    output.finish();
  } catch (const std::system_error& e) {
    return fail(Errc::failed, e.what());
  }
  return {};
}

}  // namespace

void add_export(CLI::App& app, Context& context) {
  static Options options;
  CLI::App* command =
      add_command(app, context, "export", "Write all segments with their scores of this moment",
                  [](const LoadedConfig& loaded) { return run_export(loaded.config, options); });
  command
      ->add_option("--format", options.format,
                   "geojson (a FeatureCollection), geojsonseq (a Feature a line) or csv (geometry as WKT)")
      ->check(CLI::IsMember({"geojson", "geojsonseq", "csv"}));
  command->add_option("--output", options.output, "The file; standard output unless said");
  command->add_option("--bbox", options.bbox, "Only what touches west,south,east,north, in degrees");
}

}  // namespace diary::cli
