// SPDX-License-Identifier: Apache-2.0
#include "app/submissions.hpp"

#include "pg/pool.hpp"

namespace diary {
namespace {

std::function<pg::Connection()> connector(const Submissions::Options& options) {
  return [conninfo = options.conninfo, role = options.role] { return pg::connect_as(conninfo, role); };
}

std::vector<std::string> rating_keys(const RatingGroup& group) {
  std::vector<std::string> keys;
  for (const RatingSubmission& rating : group) {
    keys.push_back(rating.rating_id.text());
    keys.push_back(rating.user_id.text() + rating.segment_id);
  }
  return keys;
}

// The user, so that the hourly count sees all that came before, and the segments, whose locks are taken.
std::vector<std::string> rating_scopes(const RatingGroup& group) {
  std::vector<std::string> scopes{group.front().user_id.text()};
  for (const RatingSubmission& rating : group) scopes.push_back(rating.segment_id);
  return scopes;
}

}  // namespace

Submissions::Submissions(const Options& options)
    : ratings_({.connect = connector(options),
                .commit =
                    [per_hour = options.ratings_per_hour](pg::Connection& connection,
                                                          std::span<const RatingGroup* const> groups) {
                      return SubmissionStore(connection).submit(groups, per_hour);
                    },
                .keys = rating_keys,
                .scopes = rating_scopes,
                .writers = options.writers}),
      votes_({.connect = connector(options),
              .commit =
                  [per_hour = options.votes_per_hour](pg::Connection& connection,
                                                      std::span<const VoteSubmission* const> votes) {
                    return SubmissionStore(connection).submit(votes, per_hour);
                  },
              // A vote stands for the score of its moment, which the vote before it may have moved.
              .keys =
                  [](const VoteSubmission& vote) {
                    return std::vector<std::string>{vote.vote_id.text(), vote.segment_id};
                  },
              .scopes =
                  [](const VoteSubmission& vote) { return std::vector<std::string>{vote.user_id.text()}; }}) {
}

void Submissions::rate(RatingGroup group, std::function<void(Result<std::vector<RatingReceipt>>)> done) {
  ratings_.submit(std::move(group), std::move(done));
}

void Submissions::vote(VoteSubmission vote, std::function<void(Result<VoteReceipt>)> done) {
  votes_.submit(std::move(vote), std::move(done));
}

std::optional<Error> refusal(Outcome outcome, std::chrono::seconds retry_after, const std::string& segment_id,
                             bool is_vote) {
  switch (outcome) {
    case Outcome::created:
    case Outcome::repeated:
      return std::nullopt;
    case Outcome::mismatch:
      return Error{Errc::idempotency_mismatch, std::string("this ") + (is_vote ? "vote_id" : "rating_id") +
                                                   " was used for another submission"};
    case Outcome::unknown_segment:
      return Error{Errc::not_found, "there is no segment \"" + segment_id + "\""};
    case Outcome::unknown_user:
      return Error{Errc::unauthorized, "this account is not active"};
    case Outcome::duplicate:
      return Error{is_vote ? Errc::duplicate_vote : Errc::duplicate_rating,
                   is_vote ? "you voted so on this segment less than 24 hours before or after"
                           : "you rated this segment less than an hour before or after",
                   {},
                   retry_after};
    case Outcome::limited:
      return Error{Errc::rate_limited,
                   std::string("too many ") + (is_vote ? "votes" : "ratings") + " within the hour",
                   {},
                   retry_after};
  }
  return std::nullopt;
}

}  // namespace diary
