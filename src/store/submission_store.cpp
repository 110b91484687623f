// SPDX-License-Identifier: Apache-2.0
#include "store/submission_store.hpp"

#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "sql/queries.hpp"
#include "store/decode.hpp"

namespace diary {
namespace {

namespace json = boost::json;

json::value or_null(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value();
}

json::object row_of(const RatingSubmission& r, std::size_t index, std::size_t group) {
  return {{"i", index},
          {"g", group},
          {"rating_id", r.rating_id.text()},
          {"segment_id", r.segment_id},
          {"route_id", r.route_id ? json::value(r.route_id->text()) : json::value()},
          {"user_id", r.user_id.text()},
          {"token_id", r.token_id},
          {"issued_at", to_rfc3339(r.issued_at)},
          {"rating", r.rating},
          {"tags", json::array(r.tags.begin(), r.tags.end())},
          {"comment", or_null(r.comment)},
          {"submitted_at", to_rfc3339(r.submitted_at)},
          {"timed", r.timed},
          {"device", or_null(r.device)},
          {"source", or_null(r.source)},
          {"status", r.status}};
}

json::object row_of(const VoteSubmission& v, std::size_t index) {
  return {{"i", index},
          {"vote_id", v.vote_id.text()},
          {"segment_id", v.segment_id},
          {"user_id", v.user_id.text()},
          {"token_id", v.token_id},
          {"issued_at", to_rfc3339(v.issued_at)},
          {"action", v.action},
          {"submitted_at", to_rfc3339(v.submitted_at)},
          {"timed", v.timed}};
}

Outcome outcome_of(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, Outcome>, 8> names{
      {{"created", Outcome::created},
       {"repeated", Outcome::repeated},
       {"mismatch", Outcome::mismatch},
       {"withdrawn", Outcome::withdrawn},
       {"unknown_segment", Outcome::unknown_segment},
       {"unknown_user", Outcome::unknown_user},
       {"duplicate", Outcome::duplicate},
       {"limited", Outcome::limited}}};
  for (const auto& [name, outcome] : names) {
    if (name == text) return outcome;
  }
  throw std::logic_error("unknown outcome: " + std::string(text));
}

std::chrono::seconds decode_wait(const pg::Rows& rows, int row, int column) {
  return std::chrono::seconds{rows.is_null(row, column) ? 1 : rows.integer(row, column)};
}

}  // namespace

std::vector<std::vector<RatingReceipt>> SubmissionStore::submit(std::span<const RatingGroup* const> groups,
                                                                int per_hour) {
  json::array batch;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const RatingSubmission& rating : *groups[g]) batch.push_back(row_of(rating, batch.size(), g));
  }
  const auto rows = connection_.run(sql::rating::submit, {json::serialize(batch), per_hour});
  std::vector<std::vector<RatingReceipt>> receipts(groups.size());
  int row = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (std::size_t i = 0; i < groups[g]->size(); ++i, ++row) {
      receipts[g].push_back({.outcome = outcome_of(rows.text(row, 1)),
                             .retry_after = decode_wait(rows, row, 2),
                             .segment_id = rows.str(row, 3),
                             .rating = static_cast<int>(rows.integer(row, 4)),
                             .tags = decode_strings(rows, row, 5),
                             .comment = rows.opt(row, 6),
                             .submitted_at = decode_time(rows, row, 7),
                             .status = rows.str(row, 8)});
    }
  }
  return receipts;
}

std::vector<VoteReceipt> SubmissionStore::submit(std::span<const VoteSubmission* const> votes, int per_hour) {
  json::array batch;
  for (const VoteSubmission* vote : votes) batch.push_back(row_of(*vote, batch.size()));
  const auto rows = connection_.run(sql::vote::submit, {json::serialize(batch), per_hour});
  std::vector<VoteReceipt> receipts;
  for (int row = 0; row < rows.size(); ++row) {
    receipts.push_back({.outcome = outcome_of(rows.text(row, 1)),
                        .retry_after = decode_wait(rows, row, 2),
                        .implicit_rating = rows.str(row, 3),
                        .submitted_at = decode_time(rows, row, 4)});
  }
  return receipts;
}

std::vector<std::string> SubmissionStore::route_segments(const Uuid& route_id) {
  const auto rows = connection_.run(sql::route::segments, {route_id.text()});
  std::vector<std::string> ids;
  for (int row = 0; row < rows.size(); ++row) ids.push_back(rows.str(row, 0));
  return ids;
}

}  // namespace diary
