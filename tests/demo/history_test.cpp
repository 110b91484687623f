// SPDX-License-Identifier: Apache-2.0
#include "demo/history.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "demo/local_time.hpp"
#include "demo/people.hpp"
#include "demo/words.hpp"
#include "domain/tags.hpp"

namespace diary::demo {
namespace {

const Time end_of_history = *parse_rfc3339("2026-05-20T14:30:00Z");
const Time begin_of_history = end_of_history - std::chrono::days{180};

std::vector<Sample> tell(Chronicle& chronicle) {
  std::vector<Sample> samples;
  while (!chronicle.done()) samples.push_back(chronicle.next());
  return samples;
}

const std::vector<Sample>& demo_samples() {
  static const std::vector<Sample> samples = [] {
    History told = history(1, end_of_history);
    return tell(told.chronicle);
  }();
  return samples;
}

template <class T>
std::vector<T> only(const std::vector<Sample>& samples) {
  std::vector<T> out;
  for (const Sample& sample : samples) {
    if (const T* one = std::get_if<T>(&sample)) out.push_back(*one);
  }
  return out;
}

// FNV-1a over everything that is stored.
class Digest {
 public:
  void add(std::string_view text) {
    for (const char c : text) value_ = (value_ ^ static_cast<unsigned char>(c)) * 1099511628211U;
    value_ = (value_ ^ 0xffU) * 1099511628211U;
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 14695981039346656037U;
};

void add(Digest& digest, const SampleRating& r) {
  for (const std::string_view text :
       {std::string_view(r.segment_id), r.comment, r.device, r.source, r.status})
    digest.add(text);
  digest.add(r.rating_id.text() + r.user_id.text() + to_rfc3339(r.submitted_at) + std::to_string(r.rating));
  for (const std::string_view tag : r.tags) digest.add(tag);
}

void add(Digest& digest, const SampleVote& v) {
  digest.add(v.segment_id);
  digest.add(v.action);
  digest.add(v.vote_id.text() + v.user_id.text() + to_rfc3339(v.submitted_at) +
             std::to_string(v.implicit_rating));
}

std::uint64_t digest_of(std::uint64_t seed) {
  History told = history(seed, end_of_history);
  Digest digest;
  for (const SampleUser& user : told.users)
    digest.add(user.user_id.text() + user.email + user.display_name + to_rfc3339(user.created_at));
  for (const Sample& sample : tell(told.chronicle))
    std::visit([&](const auto& one) { add(digest, one); }, sample);
  return digest.value();
}

TEST(History, IsTheSameForTheSameSeed) {
  EXPECT_EQ(digest_of(7), digest_of(7));
  EXPECT_NE(digest_of(7), digest_of(8));
}

TEST(History, HasTheNumbersAskedFor) {
  EXPECT_EQ(only<SampleRating>(demo_samples()).size(), 20'000U);
  EXPECT_EQ(only<SampleVote>(demo_samples()).size(), 4'000U);
}

TEST(History, RisesInTimeWithinHalfAYear) {
  Time last = begin_of_history;
  for (const Sample& sample : demo_samples()) {
    const Time at = std::visit([](const auto& one) { return one.submitted_at; }, sample);
    ASSERT_GE(at, last);
    ASSERT_LT(at, end_of_history);
    last = at;
  }
}

TEST(History, KeepsTheHourBetweenRatings) {
  std::map<std::pair<std::string_view, std::string>, Time> last;
  for (const SampleRating& r : only<SampleRating>(demo_samples())) {
    const auto [found, is_new] = last.try_emplace({r.segment_id, r.user_id.text()}, r.submitted_at);
    if (!is_new) {
      ASSERT_GE(r.submitted_at - found->second, std::chrono::hours{1}) << r.segment_id;
    }
    found->second = r.submitted_at;
  }
}

TEST(History, KeepsTheDayBetweenVotes) {
  std::map<std::string, Time> last;
  for (const SampleVote& v : only<SampleVote>(demo_samples())) {
    const std::string key = std::string(v.segment_id) + v.user_id.text() + std::string(v.action);
    const auto [found, is_new] = last.try_emplace(key, v.submitted_at);
    if (!is_new) {
      ASSERT_GE(v.submitted_at - found->second, std::chrono::hours{24}) << v.segment_id;
    }
    found->second = v.submitted_at;
  }
}

// A crowd of two on one street: without the rule almost every draw would break it.
TEST(History, KeepsTheRulesInACrowd) {
  Random random(3);
  Plan plan{.streets = {{.segment_id = "a"}, {.segment_id = "b"}},
            .users = {random.uuid(), random.uuid(), random.uuid()},
            .ratings = 2000,
            .votes = 200,
            .begin = begin_of_history,
            .end = end_of_history,
            .seed = 3};
  Chronicle chronicle(plan);
  std::map<std::string, Time> last;
  for (const SampleRating& r : only<SampleRating>(tell(chronicle))) {
    const std::string key = std::string(r.segment_id) + r.user_id.text();
    if (last.contains(key)) {
      ASSERT_GE(r.submitted_at - last[key], std::chrono::hours{1});
    }
    last[key] = r.submitted_at;
  }
}

TEST(History, RefusesWhatCannotBe) {
  Random random(3);
  Plan plan{.streets = {{.segment_id = "a"}},
            .users = {random.uuid()},
            .ratings = 100'000,
            .votes = 0,
            .begin = begin_of_history,
            .end = end_of_history,
            .seed = 3};
  Chronicle chronicle(plan);
  EXPECT_THROW(tell(chronicle), TooCrowded);
  plan.begin -= std::chrono::hours{1};
  EXPECT_THROW(Chronicle{plan}, std::logic_error);
}

// The specification's formula, over all samples before, for every twentieth vote.
TEST(History, VotesCarryTheScoreOfTheirMoment) {
  struct Past {
    Time at;
    double value;
  };
  std::map<std::string_view, std::vector<Past>> past;
  std::size_t checked = 0;
  std::size_t informed = 0;
  for (const Sample& sample : demo_samples()) {
    if (const auto* r = std::get_if<SampleRating>(&sample)) {
      if (r->status == "accepted")
        past[r->segment_id].push_back({r->submitted_at, static_cast<double>(r->rating)});
      continue;
    }
    const auto& v = std::get<SampleVote>(sample);
    if (++checked % 20 == 0) {
      double sum = 15;
      double weight = 5;
      for (const Past& p : past[v.segment_id]) {
        const std::chrono::duration<double, std::ratio<86400>> age = v.submitted_at - p.at;
        if (age.count() >= 180) continue;
        sum += p.value * std::pow(2, -age.count() / 21);
        weight += std::pow(2, -age.count() / 21);
      }
      const double mean = sum / weight;
      ASSERT_NEAR(v.implicit_rating, v.action == "safer" ? std::min(mean + 1, 5.0) : mean, 1e-9)
          << v.segment_id;
      if (weight > 8) ++informed;
    }
    past[v.segment_id].push_back({v.submitted_at, v.implicit_rating});
  }
  EXPECT_EQ(checked / 20, 200U);
  EXPECT_GT(informed, 20U);
}

// Where everything is a five, one more would leave the scale.
TEST(History, SaferEndsAtFive) {
  Random random(4);
  Plan plan{.streets = {{.segment_id = "a", .safety = 9}},
            .users = {},
            .ratings = 900,
            .votes = 90,
            .begin = begin_of_history,
            .end = end_of_history,
            .seed = 4};
  for (int i = 0; i < 20; ++i) plan.users.push_back(random.uuid());
  Chronicle chronicle(plan);
  int at_the_end = 0;
  for (const SampleVote& v : only<SampleVote>(tell(chronicle))) {
    ASSERT_LE(v.implicit_rating, 5) << v.action;
    if (v.implicit_rating == 5) ++at_the_end;
  }
  EXPECT_GT(at_the_end, 10);
}

TEST(History, RowsKeepTheLimitsOfTheTables) {
  const auto tags = known_tags();
  EXPECT_GE(tags.size(), 15U);
  EXPECT_LE(tags.size(), 25U);
  for (const std::string_view tag : tags) EXPECT_EQ(normalize_tag(tag), tag);
  std::set<std::string> ids;
  for (const SampleRating& r : only<SampleRating>(demo_samples())) {
    ASSERT_TRUE(ids.insert(r.rating_id.text()).second);
    ASSERT_TRUE(r.rating >= 1 && r.rating <= 5);
    ASSERT_LE(r.tags.size(), 5U);
    ASSERT_EQ(std::set(r.tags.begin(), r.tags.end()).size(), r.tags.size());
    ASSERT_LE(r.comment.size(), 500U);
    ASSERT_TRUE(r.device == "mobile" || r.device == "desktop" || r.device == "tablet");
    ASSERT_TRUE(r.source == "recording" || r.source == "manual" || r.source == "community");
  }
}

TEST(History, MostRowsAreAcceptedAndAFewAreNot) {
  std::map<std::string_view, int> status;
  for (const SampleRating& r : only<SampleRating>(demo_samples())) ++status[r.status];
  EXPECT_GT(status["accepted"], 19'500);
  EXPECT_GT(status["pending_review"], 50);
  EXPECT_GT(status["rejected"], 30);
}

TEST(History, ComplainsOfTheDarkAtNight) {
  double night = 0, night_dark = 0, day = 0, day_dark = 0, night_sum = 0, day_sum = 0;
  for (const SampleRating& r : only<SampleRating>(demo_samples())) {
    const bool dark = std::ranges::find(r.tags, "poor lighting") != r.tags.end();
    const bool late = is_night(local_hour(r.submitted_at));
    (late ? night : day) += 1;
    (late ? night_dark : day_dark) += dark;
    (late ? night_sum : day_sum) += r.rating;
  }
  EXPECT_GT(night_dark / night, 5 * day_dark / day);
  EXPECT_LT(night_sum / night, day_sum / day - 0.3);
}

TEST(History, CenterIsBusyAndEdgesAreQuiet) {
  std::map<std::string_view, GridPoint> middle;
  std::size_t near_segments = 0;
  for (const CitySegment& s : city()) {
    middle[s.segment.segment_id] = s.middle;
    if (std::hypot(s.middle.u, s.middle.v) < 800) ++near_segments;
  }
  std::size_t near_ratings = 0;
  for (const SampleRating& r : only<SampleRating>(demo_samples()))
    if (std::hypot(middle[r.segment_id].u, middle[r.segment_id].v) < 800) ++near_ratings;
  const double per_near = static_cast<double>(near_ratings) / static_cast<double>(near_segments);
  const double per_far =
      static_cast<double>(20'000 - near_ratings) / static_cast<double>(city().size() - near_segments);
  EXPECT_GT(per_near, 2 * per_far);
}

TEST(History, SomeStreetsChange) {
  struct Side {
    double sum = 0, n = 0;
    [[nodiscard]] double mean() const { return sum / n; }
  };
  std::map<std::string_view, std::pair<Side, Side>> windows;  // days 60 to 30, and the last 30
  for (const SampleRating& r : only<SampleRating>(demo_samples())) {
    const auto age = end_of_history - r.submitted_at;
    if (age > std::chrono::days{60} || r.status != "accepted") continue;
    auto& [before, after] = windows[r.segment_id];
    Side& side = age > std::chrono::days{30} ? before : after;
    side.sum += r.rating;
    side.n += 1;
  }
  int better = 0, worse = 0;
  for (const auto& [id, sides] : windows) {
    if (sides.first.n < 3 || sides.second.n < 3) continue;
    better += sides.second.mean() - sides.first.mean() > 1;
    worse += sides.second.mean() - sides.first.mean() < -1;
  }
  EXPECT_GE(better, 10);
  EXPECT_GE(worse, 10);
}

TEST(People, AreInventedAndCannotSignIn) {
  const History told = history(1, end_of_history);
  EXPECT_EQ(told.users.size(), 400U);
  EXPECT_EQ(told.users.front().email, demo_email);
  std::set<std::string> emails;
  for (const SampleUser& user : told.users) {
    EXPECT_TRUE(emails.insert(user.email).second) << user.email;
    EXPECT_TRUE(user.email.ends_with("demo.example.org")) << user.email;
    EXPECT_EQ(user.password_hash, "!");
    EXPECT_LT(user.created_at, begin_of_history);
    EXPECT_FALSE(user.display_name.empty());
  }
}

TEST(LocalTime, FollowsTheClockOfTheCity) {
  const std::pair<const char*, int> known[] = {{"2026-01-15T12:00:00Z", 7}, {"2026-07-15T12:00:00Z", 8},
                                               {"2026-03-08T06:59:59Z", 1}, {"2026-03-08T07:00:00Z", 3},
                                               {"2026-11-01T05:59:59Z", 1}, {"2026-11-01T06:00:00Z", 1},
                                               {"2026-11-01T07:00:00Z", 2}, {"2026-01-01T03:00:00Z", 22}};
  for (const auto& [text, hour] : known) EXPECT_EQ(local_hour(*parse_rfc3339(text)), hour) << text;
}

TEST(Random, IsTheSameEverywhere) {
  // The engine's thousandth and ten-thousandth draws are fixed by the standard; ours must not skip or add
  // any.
  Random random(5489);
  Uuid last{};
  for (int i = 0; i < 5000; ++i) last = random.uuid();
  std::mt19937_64 engine;
  std::uint64_t low = 0;
  for (int i = 0; i < 9'999; ++i) low = engine();
  const std::uint64_t high = engine();
  EXPECT_EQ(high, 9981545732273789042U);
  EXPECT_EQ(last.bytes[0], low & 0xffU);
  EXPECT_EQ(last.bytes[15], high >> 56U);
}

}  // namespace
}  // namespace diary::demo
