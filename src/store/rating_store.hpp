// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ratings after they were stored: read, searched, taken back, moderated. Refuses nothing: its callers know
// who may do what.

#include <optional>
#include <string>

#include "base/result.hpp"
#include "domain/rating_query.hpp"
#include "pg/connection.hpp"

namespace diary {

class RatingStore {
 public:
  explicit RatingStore(pg::Connection& connection) : connection_(connection) {}

  [[nodiscard]] Page<PublicRating> of_segment(const std::string& segment_id, int limit,
                                              const std::optional<PublicMark>& after);
  // Errors: validation, for words that are none.
  [[nodiscard]] Result<Page<PublicRating>> search(const std::string& words, int limit,
                                                  const std::optional<PublicMark>& after);
  [[nodiscard]] Page<FullRating> of_user(const Uuid& user_id, int limit,
                                         const std::optional<RatingMark>& after);
  // Pending ones longest waiting first, others newest first.
  [[nodiscard]] Page<FullRating> of_status(const std::string& status, int limit,
                                           const std::optional<RatingMark>& after);
  [[nodiscard]] std::optional<FullRating> find(const Uuid& rating_id);

  // Of the acting user; how many rows (a route's rating has several).
  [[nodiscard]] std::int64_t withdraw(const Uuid& rating_id);
  // The status before. Errors: not_found, duplicate_rating.
  [[nodiscard]] Result<std::string> moderate(const Uuid& rating_id, const std::string& status,
                                             const std::optional<std::string>& reason);

 private:
  pg::Connection& connection_;
};

}  // namespace diary
