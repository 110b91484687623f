// SPDX-License-Identifier: Apache-2.0
#include "store/segment_loader.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cstring>

#include "sql/queries.hpp"

namespace diary {
namespace {

constexpr std::size_t flush_bytes = 256UL * 1024;
constexpr std::string_view null_field = "\\N";

// COPY's text format: tab, newline, carriage return and backslash are the only bytes with a meaning.
void append_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += c;
    }
  }
}

void append_hex(std::string& out, const void* bytes, std::size_t size) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto* at = static_cast<const unsigned char*>(bytes);
  for (std::size_t i = 0; i < size; ++i) {
    out += digits[at[i] >> 4];
    out += digits[at[i] & 15];
  }
}

void append_ewkb(std::string& out, const std::vector<LngLat>& line) {
  static_assert(std::endian::native == std::endian::little);
  out += "0102000020E6100000";  // little endian, LineString with an SRID, 4326
  const auto count = static_cast<std::uint32_t>(line.size());
  append_hex(out, &count, sizeof count);
  static_assert(sizeof(LngLat) == 2 * sizeof(double));
  append_hex(out, line.data(), line.size() * sizeof(LngLat));
}

void append_node(std::string& out, const std::optional<std::int64_t>& node) {
  if (node)
    out += std::to_string(*node);
  else
    out += null_field;
}

void append_metres(std::string& out, double metres) {
  std::array<char, 32> text{};
  char* const end =
      std::to_chars(text.data(), text.data() + text.size(), metres, std::chars_format::fixed, 2).ptr;
  out.append(text.data(), end);
}

}  // namespace

SegmentLoader::SegmentLoader(pg::Connection& connection) : connection_(connection) {
  connection_.exec(sql::segment::stage.text);
  connection_.copy_begin("COPY segment_staging FROM STDIN");
}

void SegmentLoader::add(const NewSegment& segment, std::int64_t line) {
  append_text(buffer_, segment.segment_id);
  buffer_ += '\t';
  append_text(buffer_, segment.street);
  buffer_ += '\t';
  if (segment.neighborhood)
    append_text(buffer_, *segment.neighborhood);
  else
    buffer_ += null_field;
  buffer_ += '\t';
  append_metres(buffer_, segment.length_m);
  buffer_ += '\t';
  append_ewkb(buffer_, segment.geometry);
  buffer_ += '\t';
  append_node(buffer_, segment.source_node);
  buffer_ += '\t';
  append_node(buffer_, segment.target_node);
  buffer_ += '\t' + std::to_string(segment.access);
  buffer_ += '\t' + std::to_string(line) + '\n';
  if (buffer_.size() < flush_bytes) return;
  connection_.copy_send(buffer_);
  buffer_.clear();
}

Result<LoadCounts> SegmentLoader::finish() {
  connection_.copy_send(buffer_);
  buffer_.clear();
  const std::int64_t staged = connection_.copy_end();
  const auto repeated = connection_.exec(sql::segment::repeated.text);
  if (!repeated.empty()) {
    std::string where;
    if (repeated.integer(0, 1) > 0)
      where = " (lines " + repeated.str(0, 1) + " and " + repeated.str(0, 2) + ")";
    return fail(Errc::malformed, "the id '" + repeated.str(0, 0) + "' comes twice in the file" + where);
  }
  const auto written = connection_.exec(sql::segment::upsert_staged.text);
  const std::int64_t inserted = written.integer(0, 0);
  const std::int64_t updated = written.integer(0, 1);
  return LoadCounts{inserted, updated, staged - inserted - updated};
}

}  // namespace diary
