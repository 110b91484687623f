// SPDX-License-Identifier: Apache-2.0
#include "app/ratings.hpp"

#include "store/rating_store.hpp"
#include "store/segment_store.hpp"

namespace diary {

Result<Page<PublicRating>> segment_ratings(Gate& gate, const std::string& segment_id, int limit,
                                           const std::optional<PublicMark>& after) {
  return gate.read([&](pg::Connection& c) -> Result<Page<PublicRating>> {
    auto page = RatingStore(c).of_segment(segment_id, limit, after);
    if (page.rows.empty() && !SegmentStore(c).exists(segment_id))
      return fail(Errc::not_found, "there is no segment \"" + segment_id + "\"");
    return page;
  });
}

Result<Page<PublicRating>> search_comments(Gate& gate, const std::string& words, int limit,
                                           const std::optional<PublicMark>& after) {
  return gate.read([&](pg::Connection& c) { return RatingStore(c).search(words, limit, after); });
}

Result<std::vector<StreetFound>> search_streets(Gate& gate, const std::string& name, int limit) {
  return gate.read([&](pg::Connection& c) { return SegmentStore(c).search_streets(name, limit); });
}

Result<Page<FullRating>> own_ratings(Gate& gate, const Uuid& caller, int limit,
                                     const std::optional<RatingMark>& after) {
  return gate.read([&](pg::Connection& c) {
    return Result<Page<FullRating>>(RatingStore(c).of_user(caller, limit, after));
  });
}

Result<std::int64_t> withdraw_rating(Gate& gate, const Uuid& caller, const Uuid& rating_id) {
  return gate.run_racing_as(caller, [&](pg::Connection& c) -> Result<std::int64_t> {
    const auto rows = RatingStore(c).withdraw(rating_id);
    if (rows == 0) return fail(Errc::not_found, "you have no rating " + rating_id.text());
    return rows;
  });
}

}  // namespace diary
