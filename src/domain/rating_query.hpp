// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ratings as they are read: by everybody, by their author, by moderators. What everybody reads has neither
// the person nor the exact time in it, not even where a page ended.

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "base/uuid.hpp"

namespace diary {

template <class Row>
struct Page {
  std::vector<Row> rows;
  bool more = false;  // there is a page after this one
};

// Where a page of public ratings ended: tells the row again without naming its id or its moment.
struct PublicMark {
  Time hour;
  std::string digest;  // of the rating's id
};

struct PublicRating {
  std::optional<Uuid> rating_id;  // unless it is one that could tell the time
  std::string segment_id;
  int rating = 0;
  std::vector<std::string> tags;
  std::optional<std::string> comment;
  PublicMark mark;
  std::string street;    // found comments only
  std::string headline;  // found comments only: HTML, escaped, the words in <mark>
};

struct RatingMark {
  Time submitted_at;
  Uuid rating_id;
};

// Everything about a rating: for its author and for moderators.
struct FullRating {
  Uuid rating_id;
  std::string segment_id;
  std::string street;
  std::optional<std::string> route_id;
  std::string user_id;
  int rating = 0;
  std::vector<std::string> tags;
  std::optional<std::string> comment;
  Time submitted_at;
  std::optional<std::string> device;
  std::optional<std::string> source;
  std::string status;
  std::optional<std::string> reason;  // a moderator's
};

// A street as the search box shows it.
struct StreetFound {
  std::string street;
  std::optional<std::string> neighborhood;
  std::string segment_count;
  std::string similarity;
  std::string bbox[4];     // west, south, east, north
  std::string segment_id;  // the piece nearest to the middle
  std::string center[2];   // a place on it: longitude, latitude
};

// A UUID of random bits or of a digest, which says nothing about when or where it was made.
[[nodiscard]] inline bool tells_no_time(const Uuid& id) {
  const int version = id.bytes[6] >> 4;
  return version >= 3 && version <= 5;
}

}  // namespace diary
