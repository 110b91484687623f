// SPDX-License-Identifier: Apache-2.0
#include "import/geojson_reader.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include "import/geojson_handler.hpp"

namespace diary::import {
namespace {

constexpr std::size_t chunk_bytes = 64 * 1024;

boost::json::parse_options options() {
  boost::json::parse_options limits;
  limits.max_depth = 64;
  return limits;
}

// Turns bytes into documents: one after another, apart by white space or record separators.
class Documents {
 public:
  explicit Documents(GeoJsonHandler::OnFeature on_feature) : parser_(options(), std::move(on_feature)) {}

  // `line`: a piece of one line, so that what begins in it is known to begin there.
  Result<void> feed(std::string_view line) {
    handler().at_line(line_);
    while (!line.empty()) {
      if (!open_ && !begin(line)) break;
      boost::json::error_code ec;
      const std::size_t used = parser_.write_some(true, line.data(), line.size(), ec);
      if (ec) return failed(ec);
      line.remove_prefix(used);
      open_ = !parser_.done();
    }
    return {};
  }

  void end_line() { ++line_; }

  Result<void> finish() {
    if (!any_) return fail(Errc::malformed, "the file holds nothing but white space");
    if (open_)
      return fail(Errc::malformed, "the file is truncated: it ends on line " + std::to_string(line_) +
                                       " inside the JSON that begins on line " + std::to_string(begun_on_));
    return {};
  }

  [[nodiscard]] std::int64_t features() { return handler().features(); }

 private:
  GeoJsonHandler& handler() { return parser_.handler(); }

  bool begin(std::string_view& text) {
    if (!any_ && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark
    const auto first = text.find_first_not_of(" \t\r\n\x1E");
    if (first == std::string_view::npos) return false;
    text.remove_prefix(first);
    parser_.reset();
    begun_on_ = line_;
    any_ = true;
    return true;
  }

  Result<void> failed(const boost::json::error_code& ec) {
    if (handler().failure()) return fail(*handler().failure());
    return fail(Errc::malformed, "not JSON: line " + std::to_string(line_) + ": " + ec.message());
  }

  boost::json::basic_parser<GeoJsonHandler> parser_;
  bool open_ = false;
  bool any_ = false;
  std::int64_t line_ = 1;
  std::int64_t begun_on_ = 1;
};

Result<void> feed_lines(Documents& documents, std::string_view chunk) {
  while (!chunk.empty()) {
    const auto newline = chunk.find('\n');
    const std::string_view line = chunk.substr(0, newline == std::string_view::npos ? newline : newline + 1);
    if (auto fed = documents.feed(line); !fed) return fed;
    if (newline != std::string_view::npos) documents.end_line();
    chunk.remove_prefix(line.size());
  }
  return {};
}

std::string summary_of(const Refusals& refused) {
  std::string out;
  for (const auto& item : refused.listed()) {
    out += (out.empty() ? ": " : "; ") + item.what + ": " + std::string(describe(item.reason));
    if (out.size() > 400) return out + "; ...";
  }
  return out;
}

}  // namespace

Result<ReadReport> read_geojson(const ReadBytes& read, const SegmentSink& sink) {
  ReadReport report;
  std::vector<NewSegment> made;
  Documents documents([&](const Feature& feature) -> Result<void> {
    made.clear();
    const auto refusal = make_segments(feature, made);
    if (!refusal) return fail(refusal.error());
    if (*refusal) report.refused.add(**refusal, feature.where());
    for (const NewSegment& segment : made) sink(segment, feature.line);
    report.segments += static_cast<std::int64_t>(made.size());
    return {};
  });
  std::string chunk(chunk_bytes, '\0');
  for (std::size_t got = chunk_bytes; got == chunk_bytes;) {
    got = read(chunk);
    if (auto fed = feed_lines(documents, std::string_view(chunk).substr(0, got)); !fed)
      return fail(fed.error());
  }
  if (auto done = documents.finish(); !done) return fail(done.error());
  report.read = documents.features();
  if (report.read == 0) return fail(Errc::malformed, "the file holds no features");
  if (report.segments == 0)
    return fail(Errc::malformed, "none of the " + std::to_string(report.read) + " features can be used" +
                                     summary_of(report.refused));
  return report;
}

Result<ReadReport> read_geojson(InputFile& file, const SegmentSink& sink, const Progress& progress) {
  return read_geojson(
      [&](std::span<char> into) {
        const std::size_t got = file.read(into);
        if (progress) progress(static_cast<double>(file.offset()) / static_cast<double>(file.size()));
        return got;
      },
      sink);
}

}  // namespace diary::import
