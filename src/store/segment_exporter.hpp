// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every segment with its score, piece by piece, in order of their ids. Within one REPEATABLE READ transaction
// the pieces are of one moment. Holds one piece in memory.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/segment_query.hpp"
#include "pg/connection.hpp"

namespace diary {

class SegmentExporter {
 public:
  SegmentExporter(pg::Connection& connection, std::optional<BBox> box) : connection_(connection), box_(box) {}

  // Calls `take` with each segment as a GeoJSON Feature.
  void features(const std::function<void(std::string_view)>& take);

  // Calls `take` with each segment's values, in the order of `columns`; nothing for what is absent.
  void rows(const std::function<void(const std::vector<std::optional<std::string>>&)>& take);
  [[nodiscard]] static const std::vector<std::string>& columns();

 private:
  template <class Take>
  void for_each_row(const pg::Query& query, Take take);

  pg::Connection& connection_;
  std::optional<BBox> box_;
};

}  // namespace diary
