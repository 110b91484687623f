// SPDX-License-Identifier: Apache-2.0
#include "http/rating_pages.hpp"

#include <algorithm>

namespace diary::http {
namespace {

constexpr const char* no_cursor = "must be the next_cursor of the page before";
constexpr std::size_t digest_digits = 32;

bool is_digest(const std::string& text) {
  return text.size() == digest_digits &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

int read_limit(QueryReader& reader, int most) {
  return static_cast<int>(reader.integer("limit", 1, most).value_or(default_page));
}

std::optional<PublicMark> read_public_mark(QueryReader& reader) {
  const auto parts = reader.cursor("cursor", 2);
  if (!parts) return std::nullopt;
  const auto hour = parse_rfc3339(parts->front());
  if (hour && is_digest(parts->back())) return PublicMark{*hour, parts->back()};
  reader.complain("cursor", no_cursor);
  return std::nullopt;
}

std::optional<RatingMark> read_rating_mark(QueryReader& reader) {
  const auto parts = reader.cursor("cursor", 2);
  if (!parts) return std::nullopt;
  const auto at = parse_rfc3339(parts->front());
  const auto id = Uuid::parse(parts->back());
  if (at && id) return RatingMark{*at, *id};
  reader.complain("cursor", no_cursor);
  return std::nullopt;
}

std::string cursor_behind(const PublicRating& last) {
  return make_cursor({to_rfc3339(last.mark.hour), last.mark.digest});
}

std::string cursor_behind(const FullRating& last) {
  return make_cursor({to_rfc3339(last.submitted_at), last.rating_id.text()});
}

void write_rating(JsonObject& object, const PublicRating& rating) {
  if (rating.rating_id) object.text("rating_id", rating.rating_id->text());
  object.text("segment_id", rating.segment_id)
      .raw("rating", std::to_string(rating.rating))
      .texts("tags", rating.tags)
      .maybe("comment", rating.comment)
      .text("timestamp", to_rfc3339(rating.mark.hour));
}

void write_rating(JsonObject& object, const FullRating& rating) {
  object.text("rating_id", rating.rating_id.text())
      .text("segment_id", rating.segment_id)
      .text("street", rating.street)
      .maybe("route_id", rating.route_id)
      .raw("rating", std::to_string(rating.rating))
      .texts("tags", rating.tags)
      .maybe("comment", rating.comment)
      .text("timestamp", to_rfc3339(rating.submitted_at))
      .maybe("device", rating.device)
      .maybe("source", rating.source)
      .text("user_id", rating.user_id)
      .text("status", rating.status)
      .maybe("reason", rating.reason);
}

}  // namespace diary::http
