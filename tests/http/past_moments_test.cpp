// SPDX-License-Identifier: Apache-2.0
// A past moment, asked for later, is what the server said at that moment: while ratings, late ones too, and
// votes come in and time moves. PostgreSQL and the server live in a clock that the test moves forward.
#include <fmt/format.h>

#include <random>

#include "db/moving_clock.hpp"
#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

struct Said {
  std::string segment;
  std::string at;
  std::string score;
  std::string explanation;
};

// What depends on the moment of the answer alone.
std::string score_of(json::object segment) {
  segment.erase("last_updated");
  return json::serialize(segment);
}

std::uint64_t seed() {
  const char* given = std::getenv("DIARY_TEST_SEED");
  const std::uint64_t chosen = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  fmt::print("DIARY_TEST_SEED={}\n", chosen);
  return chosen;
}

class PastMoments : public testing::Test {
 protected:
  Said ask(World& world, const std::string& segment, const std::string& at) {
    // Memory follows a window's edge once upkeep has moved it, within about a second: here at once.
    world.owner.exec("SELECT analytics.advance_windows(1000)");
    world.settle();
    auto client = world.client();
    const std::string path = "/api/v1/diary/segments/" + segment;
    const auto query = at.empty() ? at : "?at=" + at;
    const auto explanation = client.get(path + "/explain" + query);
    const auto score = client.get(path + query);
    EXPECT_EQ(explanation.status, 200U) << explanation.body;
    EXPECT_EQ(score.status, 200U) << score.body;
    return {segment, text_of(explanation.json().at("at")), score_of(score.json()), explanation.body};
  }
  // Refused ones (a person twice within the hour) are part of life.
  void submit(World& world, const std::string& sql) {
    try {
      world.owner.exec(sql);
      ++submitted;
    } catch (const pg::DbError& e) {
      EXPECT_EQ(e.sqlstate(), "23505") << e.what();
    }
  }
  int submitted = 0;
};

TEST_F(PastMoments, AreWhatWasSaidThen) {
  if (!diary::test::MovingClock::available())
    GTEST_SKIP() << "libfaketime is not installed (package libfaketime)";
  diary::test::MovingClock clock;
  World world(clock.environment());
  std::mt19937_64 random(seed());
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  std::vector<std::string> streets;
  for (int i = 0; i < 3; ++i) streets.push_back(world.segment());
  world.owner.exec(
      "INSERT INTO auth.users (email, password_hash) SELECT 'p' || i, '!' FROM generate_series(1, 30) i");
  std::vector<Said> said;
  for (int i = 0; i < 150; ++i) {
    const std::string& street = streets[static_cast<std::size_t>(pick(0, 2))];
    // Up to a day late, as phones without a connection are.
    const int late_s = pick(0, 2) == 0 ? pick(0, 86'000) : 0;
    if (pick(0, 2) > 0)
      submit(world, fmt::format("INSERT INTO diary.ratings (segment_id, user_id, rating, tags, submitted_at) "
                                "SELECT '{}', user_id, {}, ARRAY['t{}'], now() - interval '{} seconds' FROM "
                                "auth.users WHERE email = 'p{}'",
                                street, pick(1, 5), pick(1, 7), late_s, pick(1, 30)));
    else
      submit(
          world,
          fmt::format("INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating, submitted_at) "
                      "SELECT l.segment_id, user_id, 'agree', l.decayed_mean, now() - interval '{} seconds' "
                      "FROM auth.users, analytics.segment_live l WHERE email = 'p{}' AND l.segment_id = '{}'",
                      late_s, pick(1, 30), street));
    if (pick(0, 3) == 0) clock.advance(std::chrono::seconds{pick(1, 60 * 3600)});
    if (i % 50 == 49) clock.advance(std::chrono::hours{24 * pick(20, 60)});
    if (i % 5 == 0) said.push_back(ask(world, streets[static_cast<std::size_t>(pick(0, 2))], {}));
  }
  EXPECT_GT(submitted, 50);
  clock.advance(std::chrono::hours{1});
  for (const Said& then : said) {
    const Said now_said = ask(world, then.segment, then.at);
    EXPECT_EQ(now_said.score, then.score) << then.at;
    EXPECT_EQ(now_said.explanation, then.explanation) << then.at;
  }
}

}  // namespace
}  // namespace diary::http::test
