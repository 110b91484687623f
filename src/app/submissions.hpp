// SPDX-License-Identifier: Apache-2.0
#pragma once

// The write path: ratings and votes of many callers, committed together. Acknowledged means on disk.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/batch_queue.hpp"
#include "domain/rating.hpp"
#include "store/submission_store.hpp"

namespace diary {

class Submissions {
 public:
  struct Options {
    std::string conninfo;
    std::string role;
    int ratings_per_hour = 20;
    int votes_per_hour = 50;
    std::size_t writers = 2;
  };
  explicit Submissions(const Options& options);

  // `done` is called once, on a writer's thread. A group is one rating, or those of a route's segments.
  void rate(RatingGroup group, std::function<void(Result<std::vector<RatingReceipt>>)> done);
  void vote(VoteSubmission vote, std::function<void(Result<VoteReceipt>)> done);

 private:
  BatchQueue<RatingGroup, std::vector<RatingReceipt>> ratings_;
  BatchQueue<VoteSubmission, VoteReceipt> votes_;
};

// The one error that a finished submission stands for, or nothing when it is stored.
[[nodiscard]] std::optional<Error> refusal(Outcome outcome, std::chrono::seconds retry_after,
                                           const std::string& segment_id, bool is_vote);

}  // namespace diary
