// SPDX-License-Identifier: Apache-2.0
#include "demo/chronicle.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "demo/local_time.hpp"
#include "demo/words.hpp"

namespace diary::demo {
namespace {

// 0 until 40 days before the end, 1 from 25 days before it on: the last thirty days then differ from those
// before.
double progress(Time at, Time end) {
  const double days_left = std::chrono::duration<double, std::ratio<86400>>(end - at).count();
  return std::clamp((40 - days_left) / 15, 0.0, 1.0);
}

std::string_view some_status(Random& random) {
  const double x = random.unit();
  return x < 0.985 ? "accepted" : x < 0.995 ? "pending_review" : "rejected";
}

std::string_view some_source(Random& random, std::string_view device) {
  const double x = random.unit();
  if (device == "desktop") return x < 0.7 ? "manual" : "community";
  return x < 0.6 ? "recording" : x < 0.88 ? "manual" : "community";
}

}  // namespace

Chronicle::Chronicle(Plan plan)
    : plan_(std::move(plan)),
      random_(plan_.seed),
      times_(plan_.begin, plan_.end, plan_.ratings + plan_.votes),
      scores_(plan_.streets.size(), plan_.begin, plan_.end) {
  if (plan_.streets.empty() || plan_.users.empty())
    throw std::logic_error("a history without people or streets");
  for (const Character& street : plan_.streets) streets_.add(street.visits);
  for (std::size_t i = 0; i < plan_.users.size(); ++i) {
    users_.add(1 / (static_cast<double>(i) + 12));
    tastes_.push_back({0.35 * random_.bell(), streets_.draw(random_), random_.chance(0.15)});
  }
}

// Votes lie evenly among the ratings, and come out at exactly the number asked for.
bool Chronicle::vote_is_next() const {
  const std::uint64_t total = plan_.ratings + plan_.votes;
  return (told_ + 1) * plan_.votes / total > told_ * plan_.votes / total;
}

Sample Chronicle::next() {
  const Time at = times_.next(random_);
  const bool is_vote = vote_is_next();
  ++told_;
  if (is_vote) return vote(at);
  return rate(at);
}

Chronicle::Visit Chronicle::visit() {
  Visit visit{users_.draw(random_), streets_.draw(random_)};
  if (!plan_.homes || random_.chance(0.5)) return visit;
  const GridPoint home = plan_.streets[tastes_[visit.user].home].middle;
  for (int i = 0; i < 7; ++i) {
    const std::size_t other = streets_.draw(random_);
    if (distance_m(plan_.streets[other].middle, home) < distance_m(plan_.streets[visit.street].middle, home))
      visit.street = other;
  }
  return visit;
}

Chronicle::Visit Chronicle::unhurried_visit(RecentPairs& recent, std::uint32_t things, std::uint32_t thing,
                                            Time at) {
  for (int attempt = 0; attempt < 1000; ++attempt) {
    const Visit found = visit();
    const auto user = static_cast<std::uint32_t>(found.user);
    if (recent.admit(user, static_cast<std::uint32_t>(found.street) * things + thing, at)) return found;
  }
  throw TooCrowded("too few users and segments for so many samples in so little time");
}

int Chronicle::opinion(const Visit& visit, Time at, int hour) {
  const Character& street = plan_.streets[visit.street];
  const double felt = street.safety + street.change * progress(at, plan_.end) -
                      (is_night(hour) ? street.night : 0) + tastes_[visit.user].bias + 0.6 * random_.bell();
  return static_cast<int>(std::clamp(std::lround(felt), 1L, 5L));
}

SampleRating Chronicle::rate(Time at) {
  const Visit where = unhurried_visit(rated_, 1, 0, at);
  const int hour = local_hour(at);
  SampleRating rating{.rating_id = random_.uuid(),
                      .segment_id = plan_.streets[where.street].segment_id,
                      .user_id = plan_.users[where.user],
                      .rating = opinion(where, at, hour),
                      .tags = {},
                      .comment = {},
                      .submitted_at = at,
                      .device = tastes_[where.user].desktop ? "desktop"
                                : random_.chance(0.06)      ? "tablet"
                                                            : "mobile",
                      .source = {},
                      .status = some_status(random_)};
  rating.tags = some_tags(random_, rating.rating, hour);
  if (random_.chance(0.15)) rating.comment = some_comment(random_, rating.rating, hour);
  rating.source = some_source(random_, rating.device);
  if (rating.status == "accepted") scores_.add(where.street, rating.rating, at);
  return rating;
}

SampleVote Chronicle::vote(Time at) {
  const bool safer = random_.chance(0.35);
  const Visit where = unhurried_visit(voted_, 2, safer ? 1 : 0, at);
  const double mean = scores_.mean(where.street, at);
  const double value = safer ? std::min(mean + 1, 5.0) : mean;
  scores_.add(where.street, value, at);
  return {.vote_id = random_.uuid(),
          .segment_id = plan_.streets[where.street].segment_id,
          .user_id = plan_.users[where.user],
          .action = safer ? "safer" : "agree",
          .implicit_rating = value,
          .submitted_at = at};
}

}  // namespace diary::demo
