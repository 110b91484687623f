// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the bodies of ratings and votes. Judges the form alone: whether the segment or the route is there,
// the use case says. Each needs a caller.

#include <map>
#include <string>

#include "base/result.hpp"
#include "domain/rating.hpp"
#include "http/message.hpp"

namespace diary::http {

struct RatingBody {
  RatingSubmission rating;               // segment_id empty when a route is rated
  std::map<std::string, int> overrides;  // segment -> rating
};

// The id is the body's, or that of the Idempotency-Key, or a new one.
[[nodiscard]] Result<RatingBody> parse_rating(const Request& request);
[[nodiscard]] Result<VoteSubmission> parse_vote(const Request& request);

}  // namespace diary::http
