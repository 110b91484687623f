// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bulk load of segments: COPY into a temporary staging table, then one upsert that leaves unchanged rows alone.
// All or nothing: the caller owns the transaction. Ratings and scores of existing segments are kept.

#include <cstdint>
#include <string>

#include "domain/segment.hpp"
#include "pg/connection.hpp"

namespace diary {

struct LoadCounts {
  std::int64_t inserted = 0;
  std::int64_t updated = 0;
  std::int64_t unchanged = 0;
};

class SegmentLoader {
 public:
  // Creates the staging table and starts the COPY; `connection` is inside a transaction and busy until finish().
  explicit SegmentLoader(pg::Connection& connection);
  void add(const NewSegment& segment);
  LoadCounts finish();

 private:
  pg::Connection& connection_;
  std::string buffer_;
};

}  // namespace diary
