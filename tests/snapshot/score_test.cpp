// SPDX-License-Identifier: Apache-2.0
#include "snapshot/score.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace diary::snapshot {
namespace {

constexpr Time landmark{std::chrono::sys_days{std::chrono::year{2025} / 1 / 1}};
constexpr std::chrono::days half_life{21};

std::string text(std::int64_t hundredths) {
  std::string out;
  append_hundredths(out, hundredths);
  return out;
}

TEST(Score, ByHand) {
  EXPECT_DOUBLE_EQ(decay_at(landmark), 1);
  EXPECT_DOUBLE_EQ(decay_at(landmark + half_life), 0.5);
  EXPECT_EQ(score(0, 0, 1), (Score{300, 0, 0}));
  EXPECT_EQ(score(1, 5, 1), (Score{333, 100, 10}));  // 20 / 6
  EXPECT_EQ(score(1, 5, 0.5), (Score{318, 50, 5}));  // 17.5 / 5.5
  EXPECT_EQ(score(10, 10, 1).confidence, 100);
  EXPECT_EQ(score(9.996, 10, 1), (Score{167, 1000, 100}));
  EXPECT_EQ(score(0.05, 0.25, 1).confidence, 1) << "half a hundredth goes up";
  EXPECT_EQ(score(0.04, 0.2, 1).confidence, 0);
}

TEST(Score, NumbersAsPostgresTrimsThem) {
  EXPECT_EQ(text(0), "0");
  EXPECT_EQ(text(300), "3");
  EXPECT_EQ(text(310), "3.1");
  EXPECT_EQ(text(307), "3.07");
  EXPECT_EQ(text(-50), "-0.5");
  EXPECT_EQ(text(-207), "-2.07");
  EXPECT_EQ(text(1234567), "12345.67");
}

TEST(Score, LeastConfidenceInHundredths) {
  EXPECT_EQ(confidence_from(0), 0);
  EXPECT_EQ(confidence_from(1), 100);
  EXPECT_EQ(confidence_from(0.405), 41);
  EXPECT_EQ(confidence_from(1e-300), 1);
  for (int i = 0; i <= 100; ++i) {
    const double shown = std::stod(fmt::format("0.{:02}", i)) + (i == 100 ? 1 : 0);
    if (i == 100) continue;
    EXPECT_EQ(confidence_from(shown), i) << shown;
    EXPECT_EQ(confidence_from(std::nextafter(shown, 2.0)), i + 1) << shown;
  }
}

// What was rendered holds until the instant that score_ends names, and no longer than a moment past it.
TEST(Score, EndsWhenTheNumbersChange) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> unit(0, 1);
  int ended = 0;
  for (int round = 0; round < 20'000; ++round) {
    const Time at = landmark + std::chrono::hours{static_cast<int>(unit(random) * 5 * 8766)};
    const double decay = decay_at(at);
    const double n = std::pow(10, unit(random) * 6 - 3);
    const double w = n / decay;
    const double s = w * (1 + 4 * unit(random));
    const Score shown = score(w, s, decay);
    const Time ends = score_ends(w, s, shown);
    if (ends == Time::max()) {
      for (const int years : {1, 5, 20})
        ASSERT_EQ(score(w, s, decay_at(at + std::chrono::hours{years * 8766})), shown) << w << " " << s;
      continue;
    }
    ++ended;
    ASSERT_GE(ends, at - std::chrono::milliseconds{2}) << w << " " << s;
    for (const double share : {0.1, 0.5, 0.9, 1.0}) {
      const auto span = std::chrono::duration<double, std::micro>(ends - at) * share;
      if (span.count() < 0) continue;
      const Time then = at + std::chrono::duration_cast<std::chrono::microseconds>(span);
      ASSERT_EQ(score(w, s, decay_at(then)), shown) << fmt::format("{} {} at {} of the time", w, s, share);
    }
    ASSERT_NE(score(w, s, decay_at(ends + std::chrono::milliseconds{50})), shown) << w << " " << s;
  }
  EXPECT_GT(ended, 10'000);
}

}  // namespace
}  // namespace diary::snapshot
