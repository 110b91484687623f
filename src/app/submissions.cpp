// SPDX-License-Identifier: Apache-2.0
#include "app/submissions.hpp"

#include "app/gate.hpp"
#include "pg/pool.hpp"

namespace diary {
namespace {

std::function<pg::Connection()> connector(const Submissions::Options& options) {
  return [conninfo = options.conninfo, role = options.role, time = options.statement_time] {
    auto connection = pg::connect_as(conninfo, role);
    connection.hold("statement_timeout = '" + std::to_string(time.count()) + "s'");
    return connection;
  };
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

// Passes an outcome on; what is stored, as soon as the city shows it. The writer goes on meanwhile.
template <class Receipt>
std::function<void(Result<Receipt>)> once_shown(snapshot::CityFeed& city,
                                                std::vector<std::string> segment_ids,
                                                std::function<void(Result<Receipt>)> done) {
  return [&city, ids = std::move(segment_ids), done = std::move(done)](Result<Receipt> receipt) {
    if (!receipt) return done(std::move(receipt));
    city.catch_up(ids, [done, receipt = std::move(receipt)](bool) { done(receipt); });
  };
}

}  // namespace

Submissions::Submissions(const Options& options, snapshot::CityFeed& city)
    : city_(city),
      moderation_list_(options.moderation_list),
      ratings_({.connect = connector(options),
                .commit =
                    [per_hour = options.ratings_per_hour](pg::Connection& connection,
                                                          std::span<const RatingGroup* const> groups) {
                      return SubmissionStore(connection).submit(groups, per_hour);
                    },
                .keys = rating_keys,
                .scopes = rating_scopes,
                .writers = options.writers,
                .max_wait = options.max_wait}),
      votes_(
          {.connect = connector(options),
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
           .scopes = [](const VoteSubmission& vote) { return std::vector<std::string>{vote.user_id.text()}; },
           .max_wait = options.max_wait}) {}

std::vector<std::string> Submissions::listed_words(const std::vector<std::string>& tags,
                                                   const std::optional<std::string>& comment) const {
  if (moderation_list_ == nullptr) return {};
  const auto list = moderation_list_->current();
  std::vector<std::string> found = list->found_in(comment.value_or(""));
  for (const std::string& tag : tags) {
    for (std::string& word : list->found_in(tag)) {
      if (std::find(found.begin(), found.end(), word) == found.end()) found.push_back(std::move(word));
    }
  }
  return found;
}

// A repetition is told by what was sent, not by the status: the list may have changed since.
void Submissions::rate(RatingGroup group, std::function<void(Result<std::vector<RatingReceipt>>)> done) {
  const RatingSubmission& sent = group.front();  // tags and comment are the same in all rows
  if (!listed_words(sent.tags, sent.comment).empty()) {
    for (RatingSubmission& rating : group) rating.status = "pending_review";
  }
  std::vector<std::string> segment_ids;
  segment_ids.reserve(group.size());
  for (const RatingSubmission& rating : group) segment_ids.push_back(rating.segment_id);
  ratings_.submit(std::move(group), once_shown(city_, std::move(segment_ids), std::move(done)));
}

void Submissions::vote(VoteSubmission vote, std::function<void(Result<VoteReceipt>)> done) {
  std::vector<std::string> segment_ids{vote.segment_id};
  votes_.submit(std::move(vote), once_shown(city_, std::move(segment_ids), std::move(done)));
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
    case Outcome::withdrawn:
      return Error{Errc::idempotency_mismatch, "the rating of this rating_id was deleted; take a new one"};
    case Outcome::unknown_segment:
      return Error{Errc::not_found, "there is no segment \"" + segment_id + "\""};
    case Outcome::unknown_user:
      return not_valid_any_more();
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
