// SPDX-License-Identifier: Apache-2.0
#include "store/segment_exporter.hpp"

#include "sql/queries.hpp"

namespace diary {
namespace {

constexpr int rows_per_piece = 2000;  // about a megabyte

}  // namespace

template <class Take>
void SegmentExporter::for_each_row(const pg::Query& query, Take take) {
  std::string after;
  for (int size = rows_per_piece; size == rows_per_piece;) {
    pg::Params params{after, rows_per_piece, std::nullopt, std::nullopt, std::nullopt, std::nullopt};
    if (box_) {
      params[2] = box_->west;
      params[3] = box_->south;
      params[4] = box_->east;
      params[5] = box_->north;
    }
    const auto rows = connection_.run(query, params);
    size = rows.size();
    for (int row = 0; row < size; ++row) take(rows, row);
    if (size > 0) after = rows.str(size - 1, 0);
  }
}

void SegmentExporter::features(const std::function<void(std::string_view)>& take) {
  for_each_row(sql::segment::export_features,
               [&](const pg::Rows& rows, int row) { take(rows.text(row, 1)); });
}

void SegmentExporter::rows(const std::function<void(const std::vector<std::optional<std::string>>&)>& take) {
  for_each_row(sql::segment::export_rows, [&](const pg::Rows& rows, int row) {
    std::vector<std::optional<std::string>> values;
    for (int column = 0; column < rows.columns(); ++column) values.push_back(rows.opt(row, column));
    take(values);
  });
}

const std::vector<std::string>& SegmentExporter::columns() {
  static const std::vector<std::string> names = {"segment_id",   "street",       "neighborhood", "length_m",
                                                 "decayed_mean", "n_eff",        "confidence",   "top_tags",
                                                 "delta_30d",    "last_updated", "access",       "geometry"};
  return names;
}

}  // namespace diary
