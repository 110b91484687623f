// SPDX-License-Identifier: Apache-2.0
#include "store/segment_loader.hpp"

#include "sql/queries.hpp"

namespace diary {
namespace {

constexpr std::size_t flush_bytes = 256UL * 1024;

void append_node(BinaryRows& rows, const std::optional<std::int64_t>& node) {
  if (node)
    rows.int8(*node);
  else
    rows.null();
}

}  // namespace

SegmentLoader::SegmentLoader(pg::Connection& connection) : connection_(connection) {
  connection_.exec(sql::segment::stage.text);
  connection_.copy_begin("COPY segment_staging FROM STDIN (FORMAT binary)");
}

void SegmentLoader::add(const NewSegment& segment, std::int64_t line) {
  rows_.row(9);
  rows_.text(segment.segment_id);
  rows_.text(segment.street);
  if (segment.neighborhood)
    rows_.text(*segment.neighborhood);
  else
    rows_.null();
  rows_.numeric(segment.length_m);
  rows_.line(segment.geometry);
  append_node(rows_, segment.source_node);
  append_node(rows_, segment.target_node);
  rows_.int2(segment.access);
  rows_.int8(line);
  if (rows_.bytes().size() >= flush_bytes) flush();
}

void SegmentLoader::flush() {
  connection_.copy_send(rows_.bytes());
  rows_.clear();
}

Result<LoadCounts> SegmentLoader::finish() {
  rows_.end();
  flush();
  const std::int64_t staged = connection_.copy_end();
  if (staged >= bulk_rows) {
    const auto loaded = connection_.exec(sql::segment::load_staged.text);
    if (!loaded.is_null(0, 0)) return LoadCounts{loaded.integer(0, 0), 0, 0};
  }
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
