// SPDX-License-Identifier: Apache-2.0
#include "app/moderation.hpp"

#include "store/rating_store.hpp"

namespace diary {

Result<Page<FullRating>> ratings_of_status(Gate& gate, const std::string& status, int limit,
                                           const std::optional<RatingMark>& after) {
  return gate.read([&](pg::Connection& c) {
    return Result<Page<FullRating>>(RatingStore(c).of_status(status, limit, after));
  });
}

Result<Moderated> moderate(Gate& gate, const Uuid& moderator, const Uuid& rating_id,
                           const Decision& decision) {
  return gate.run_racing_as(moderator, [&](pg::Connection& c) -> Result<Moderated> {
    RatingStore store(c);
    auto before = store.moderate(rating_id, decision.status, decision.reason);
    if (!before) return fail(std::move(before.error()));
    auto rating = store.find(rating_id);
    if (!rating) return fail(Errc::not_found, "there is no rating " + rating_id.text());
    return Moderated{std::move(*rating), std::move(*before)};
  });
}

}  // namespace diary
