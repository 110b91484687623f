// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reading ratings, searching them, taking them back.

#include <string>

#include "app/gate.hpp"
#include "domain/rating_query.hpp"

namespace diary {

// Accepted ones of a segment, newest first. Errors: not_found.
[[nodiscard]] Result<Page<PublicRating>> segment_ratings(Gate& gate, const std::string& segment_id, int limit,
                                                         const std::optional<PublicMark>& after);

// Accepted ones whose comments have the words, newest first. Errors: validation.
[[nodiscard]] Result<Page<PublicRating>> search_comments(Gate& gate, const std::string& words, int limit,
                                                         const std::optional<PublicMark>& after);

// Errors: validation.
[[nodiscard]] Result<std::vector<StreetFound>> search_streets(Gate& gate, const std::string& name, int limit);

// The caller's own ones of every status, newest first.
[[nodiscard]] Result<Page<FullRating>> own_ratings(Gate& gate, const Uuid& caller, int limit,
                                                   const std::optional<RatingMark>& after);

// Takes back the caller's rating of this id, or all that a route's rating of this id became; how many.
// Errors: not_found.
[[nodiscard]] Result<std::int64_t> withdraw_rating(Gate& gate, const Uuid& caller, const Uuid& rating_id);

}  // namespace diary
