// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads segments with their scores. Refuses nothing: its callers have checked the query.

#include <optional>
#include <string>

#include "base/result.hpp"
#include "domain/rating_query.hpp"
#include "domain/segment_query.hpp"
#include "pg/connection.hpp"

namespace diary {

class SegmentStore {
 public:
  explicit SegmentStore(pg::Connection& connection) : connection_(connection) {}

  [[nodiscard]] SegmentPage list(const SegmentQuery& query);
  [[nodiscard]] std::optional<SegmentScore> find(const std::string& segment_id);
  [[nodiscard]] std::optional<SegmentScore> find_at(const std::string& segment_id, Time at);
  [[nodiscard]] bool exists(const std::string& segment_id);
  // Errors: validation, for a name that is none.
  [[nodiscard]] Result<std::vector<StreetFound>> search_streets(const std::string& name, int limit);

 private:
  pg::Connection& connection_;
};

}  // namespace diary
