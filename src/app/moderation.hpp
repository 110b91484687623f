// SPDX-License-Identifier: Apache-2.0
#pragma once

// What moderators do: look through ratings and decide. Who is one, is known before.

#include <string>

#include "app/gate.hpp"
#include "domain/rating_query.hpp"

namespace diary {

// Pending ones longest waiting first, others newest first.
[[nodiscard]] Result<Page<FullRating>> ratings_of_status(Gate& gate, const std::string& status, int limit,
                                                         const std::optional<RatingMark>& after);

struct Decision {
  std::string status;  // accepted | rejected | pending_review
  std::optional<std::string> reason;
};

struct Moderated {
  FullRating rating;  // as it is now
  std::string previous_status;
};

// Accepted, a rating counts from when it was submitted; otherwise it does not count. Of two at once the later
// one stands, and is told what it found. Errors: not_found, duplicate_rating.
[[nodiscard]] Result<Moderated> moderate(Gate& gate, const Uuid& moderator, const Uuid& rating_id,
                                         const Decision& decision);

}  // namespace diary
