// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pages of ratings as JSON, and the cursors between them. A cursor of a public page holds what the page says
// anyway, the hour, and a digest.

#include <optional>
#include <string>

#include "domain/rating_query.hpp"
#include "http/json_writer.hpp"
#include "http/query.hpp"

namespace diary::http {

inline constexpr int default_page = 20;
inline constexpr int max_page = 100;

[[nodiscard]] int read_limit(QueryReader& reader, int most = max_page);

[[nodiscard]] std::optional<PublicMark> read_public_mark(QueryReader& reader);
[[nodiscard]] std::optional<RatingMark> read_rating_mark(QueryReader& reader);
[[nodiscard]] std::string cursor_behind(const PublicRating& last);
[[nodiscard]] std::string cursor_behind(const FullRating& last);

void write_rating(JsonObject& object, const PublicRating& rating);
void write_rating(JsonObject& object, const FullRating& rating);

// {"ratings": [...], "limit": n, "next_cursor"?: "..."} inside of `object`; write(JsonObject&, const Row&).
template <class Row, class Write>
void write_page(std::string& out, JsonObject& object, const Page<Row>& page, int limit, Write write) {
  object.key("ratings");
  out += '[';
  for (std::size_t i = 0; i < page.rows.size(); ++i) {
    if (i > 0) out += ',';
    JsonObject row(out);
    write(row, page.rows[i]);
    row.end();
  }
  out += ']';
  object.raw("limit", std::to_string(limit));
  if (page.more) object.text("next_cursor", cursor_behind(page.rows.back()));
}

}  // namespace diary::http
