// SPDX-License-Identifier: Apache-2.0
#pragma once

// What people say of a segment: ratings and votes as submitted, their limits, and how a submission can end.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "base/uuid.hpp"

namespace diary {

namespace limits {
inline constexpr std::size_t max_tags = 5;
inline constexpr std::size_t max_tag_chars = 50;       // code points
inline constexpr std::size_t max_comment_chars = 500;  // code points
inline constexpr std::size_t max_segment_id = 50;      // bytes
inline constexpr std::chrono::hours max_age{24};
inline constexpr std::chrono::seconds max_ahead{60};
}  // namespace limits

struct RatingSubmission {
  Uuid rating_id;
  Uuid user_id;
  std::string token_id{};  // the jti of the token it came with
  Time issued_at{};        // of that token
  std::string segment_id;
  std::optional<Uuid> route_id;
  int rating = 0;  // 1..5
  std::vector<std::string> tags;
  std::optional<std::string> comment;
  Time submitted_at;
  bool timed = false;  // the client gave submitted_at: a repetition must give the same
  std::optional<std::string> device;
  std::optional<std::string> source;
  std::string status = "accepted";
};

struct VoteSubmission {
  Uuid vote_id;
  Uuid user_id;
  std::string token_id{};
  Time issued_at{};
  std::string segment_id;
  std::string action;  // agree | safer
  Time submitted_at;
  bool timed = false;
};

enum class Outcome {
  created,
  repeated,   // the same submission was stored before
  mismatch,   // the id was, with another content or by another user
  withdrawn,  // it was stored and taken back
  unknown_segment,
  unknown_user,  // or not active, or the token is not good any more
  duplicate,     // too soon after the last one on this segment
  limited,       // too many within the hour
};

// How one submission ended, with what is stored.
struct RatingReceipt {
  Outcome outcome = Outcome::created;
  std::chrono::seconds retry_after{0};
  std::string segment_id;
  int rating = 0;
  std::vector<std::string> tags;
  std::optional<std::string> comment;
  Time submitted_at;
  std::string status;
};

struct VoteReceipt {
  Outcome outcome = Outcome::created;
  std::chrono::seconds retry_after{0};
  std::string implicit_rating;  // decimal, at full precision
  Time submitted_at;
};

}  // namespace diary
