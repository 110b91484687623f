// SPDX-License-Identifier: Apache-2.0
#pragma once

// Stores batches of ratings and votes, one statement each, and says of every one how it ended. Within a batch
// no id and no pair of user and segment may stand twice (for votes: no segment twice).

#include <span>
#include <vector>

#include "domain/rating.hpp"
#include "pg/connection.hpp"

namespace diary {

// One or more rows that are stored all or none: a segment's rating, or those of a route's segments.
using RatingGroup = std::vector<RatingSubmission>;

class SubmissionStore {
 public:
  explicit SubmissionStore(pg::Connection& connection) : connection_(connection) {}

  // Receipts in the order of the groups and their rows.
  [[nodiscard]] std::vector<std::vector<RatingReceipt>> submit(std::span<const RatingGroup* const> groups,
                                                               int per_hour);
  [[nodiscard]] std::vector<VoteReceipt> submit(std::span<const VoteSubmission* const> votes, int per_hour);

  // The segments of a route that app.user_id may see; empty when there is none such.
  [[nodiscard]] std::vector<std::string> route_segments(const Uuid& route_id);

 private:
  pg::Connection& connection_;
};

}  // namespace diary
