// SPDX-License-Identifier: Apache-2.0
#pragma once

// The write path: ratings and votes of many callers, committed together. Acknowledged means on disk, and
// shown by every later read of this server.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/batch_queue.hpp"
#include "app/moderation_list.hpp"
#include "domain/rating.hpp"
#include "snapshot/feed.hpp"
#include "store/submission_store.hpp"

namespace diary {

class Submissions {
 public:
  struct Options {
    std::string conninfo;
    std::string role;
    int ratings_per_hour = 20;
    int votes_per_hour = 50;
    std::chrono::seconds max_wait{5};
    // A batch that waits for a lock this long is given up, and nothing of it is stored.
    std::chrono::seconds statement_time{15};
    std::size_t writers = 2;
    // What matches it waits for a moderator. Outlives this; none: nothing does.
    const ModerationList* moderation_list = nullptr;
  };
  // `city` outlives this object.
  Submissions(const Options& options, snapshot::CityFeed& city);

  // `done` is called once, on a thread of its callee's. A group is one rating, or those of a route's
  // segments.
  void rate(RatingGroup group, std::function<void(Result<std::vector<RatingReceipt>>)> done);
  void vote(VoteSubmission vote, std::function<void(Result<VoteReceipt>)> done);

  // What the metrics tell of it.
  [[nodiscard]] std::size_t ratings_waiting() const { return ratings_.waiting(); }
  [[nodiscard]] std::size_t votes_waiting() const { return votes_.waiting(); }
  [[nodiscard]] const Histogram& ratings_time() const { return ratings_.time(); }
  [[nodiscard]] const Histogram& votes_time() const { return votes_.time(); }

  // What of the moderators' list stands in what was written: in the comment, or in tags, which streets show.
  [[nodiscard]] std::vector<std::string> listed_words(const std::vector<std::string>& tags,
                                                      const std::optional<std::string>& comment) const;

 private:
  snapshot::CityFeed& city_;
  const ModerationList* moderation_list_;
  BatchQueue<RatingGroup, std::vector<RatingReceipt>> ratings_;
  BatchQueue<VoteSubmission, VoteReceipt> votes_;
};

// The one error that a finished submission stands for, or nothing when it is stored.
[[nodiscard]] std::optional<Error> refusal(Outcome outcome, std::chrono::seconds retry_after,
                                           const std::string& segment_id, bool is_vote);

}  // namespace diary
