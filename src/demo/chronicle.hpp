// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tells a history of ratings and votes one by one in the order of time. Same plan, same history. Its memory
// grows with segments and users, not with the number of samples.

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "demo/event_times.hpp"
#include "demo/grid.hpp"
#include "demo/random.hpp"
#include "demo/recent_pairs.hpp"
#include "demo/running_score.hpp"
#include "domain/sample.hpp"

namespace diary::demo {

// What people would say of a street if they agreed, and how many come by.
struct Character {
  std::string_view segment_id;
  double visits = 1;  // relative
  double safety = 3;  // by day, before the change
  double night = 0;   // taken off after dark
  double change = 0;  // added over the days around the thirtieth before the end
  GridPoint middle{0, 0};
};

struct Plan {
  std::vector<Character> streets;
  std::vector<Uuid> users;  // the first are the most active
  std::uint64_t ratings = 0;
  std::uint64_t votes = 0;
  Time begin;
  Time end;  // at most 180 days after begin
  std::uint64_t seed = 0;
  bool homes = false;  // people rate near where they live
};

// Users and segments are too few for so many samples in so little time.
struct TooCrowded : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Chronicle {
 public:
  explicit Chronicle(Plan plan);

  [[nodiscard]] bool done() const { return told_ == plan_.ratings + plan_.votes; }
  // Throws TooCrowded.
  Sample next();

 private:
  struct Visit {
    std::size_t user;
    std::size_t street;
  };
  struct Taste {
    double bias;  // some see the world darker
    std::size_t home;
    bool desktop;
  };
  [[nodiscard]] bool vote_is_next() const;
  Visit visit();
  Visit unhurried_visit(RecentPairs& recent, std::uint32_t things, std::uint32_t thing, Time at);
  SampleRating rate(Time at);
  SampleVote vote(Time at);
  int opinion(const Visit& visit, Time at, int hour);

  Plan plan_;
  Random random_;
  EventTimes times_;
  RunningScore scores_;
  RecentPairs rated_{std::chrono::hours{1}};
  RecentPairs voted_{std::chrono::hours{24}};
  Lottery streets_;
  Lottery users_;
  std::vector<Taste> tastes_;
  std::uint64_t told_ = 0;
};

}  // namespace diary::demo
