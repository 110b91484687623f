// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bulk load of segments: COPY into a temporary staging table; then, where there are no segments yet, all of
// it at once with the indexes made behind it, else one upsert that leaves unchanged rows alone. All or
// nothing: the caller owns the transaction. Ratings and scores of existing segments are kept.

#include <cstdint>

#include "base/result.hpp"
#include "domain/segment.hpp"
#include "pg/connection.hpp"
#include "store/binary_rows.hpp"

namespace diary {

struct LoadCounts {
  std::int64_t inserted = 0;
  std::int64_t updated = 0;
  std::int64_t unchanged = 0;
};

class SegmentLoader {
 public:
  // Fewer are not worth an exclusive lock: their indexes are kept up in a tenth of a second.
  static constexpr std::int64_t bulk_rows = 5000;

  // Creates the staging table and starts the COPY; `connection` is inside a transaction and busy until
  // finish().
  explicit SegmentLoader(pg::Connection& connection);

  // `line`: where the file has it, for the message when its id comes twice; 0 when it has no lines.
  void add(const NewSegment& segment, std::int64_t line = 0);

  // Refuses the whole load when an id was added twice.
  [[nodiscard]] Result<LoadCounts> finish();

 private:
  void flush();

  pg::Connection& connection_;
  BinaryRows rows_;
};

}  // namespace diary
