// SPDX-License-Identifier: Apache-2.0
#pragma once

// Users, ratings and votes as a generator makes them and a loader writes them. The views point at text that
// lives longer than the sample: tables of the program, or the list of segments it was drawn from.

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "base/uuid.hpp"

namespace diary {

struct SampleUser {
  Uuid user_id;
  std::string email;
  std::string display_name;
  std::string password_hash;  // "!" lets nobody in
  Time created_at;
};

struct SampleRating {
  Uuid rating_id;
  std::string_view segment_id;
  Uuid user_id;
  int rating = 3;
  std::vector<std::string_view> tags;
  std::string_view comment;  // empty: none
  Time submitted_at;
  std::string_view device;
  std::string_view source;
  std::string_view status;
};

struct SampleVote {
  Uuid vote_id;
  std::string_view segment_id;
  Uuid user_id;
  std::string_view action;
  double implicit_rating = 3;  // not rounded: agreeing must not move the score
  Time submitted_at;
};

using Sample = std::variant<SampleRating, SampleVote>;

}  // namespace diary
