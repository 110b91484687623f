// SPDX-License-Identifier: Apache-2.0
#include "import/line.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace diary::import {
namespace {

// A third way: chords between points of the ellipsoid in space. Over 100 m a chord is shorter than the arc by
// 1e-9 of a metre.
double chord_m(LngLat p, LngLat q) {
  const auto in_space = [](LngLat at) {
    constexpr double a = 6378137, f = 1 / 298.257223563, e2 = f * (2 - f), radians = std::numbers::pi / 180;
    const double sine = std::sin(at.lat * radians), cosine = std::cos(at.lat * radians);
    const double n = a / std::sqrt(1 - e2 * sine * sine);
    return std::array{n * cosine * std::cos(at.lng * radians), n * cosine * std::sin(at.lng * radians),
                      n * (1 - e2) * sine};
  };
  const auto u = in_space(p), v = in_space(q);
  return std::hypot(u[0] - v[0], u[1] - v[1], u[2] - v[2]);
}

TEST(Line, ThreeIndependentLengthsAgree) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> lng(-179, 179), lat(-84, 84), step(-0.0005, 0.0005),
      wide(-0.0079, 0.0079);
  for (int i = 0; i < 20'000; ++i) {
    const LngLat p{lng(random), lat(random)};
    const LngLat near{p.lng + step(random), p.lat + step(random)};
    ASSERT_NEAR(distance_m(p, near), geodesic_m(p, near), 1e-6);
    ASSERT_NEAR(distance_m(p, near), chord_m(p, near), 1e-5);
    const LngLat further{p.lng + wide(random), p.lat + wide(random)};
    ASSERT_NEAR(distance_m(p, further), geodesic_m(p, further), 1e-4) << p.lng << ' ' << p.lat;
  }
}

TEST(Line, KnownLengths) {
  EXPECT_NEAR(geodesic_m({0, 0}, {1, 0}), 111'319.4908, 1e-3);      // of the equator: 2 pi a / 360
  EXPECT_NEAR(geodesic_m({0, 0}, {0, 90}), 10'001'965.7293, 1e-3);  // the quarter meridian
  const std::vector<LngLat> line{{0, 0}, {1, 0}, {2, 0}};
  EXPECT_NEAR(length_m(line), 2 * 111'319.4908, 2e-3);
}

TEST(Line, RoundsBeforeItJudges) {
  EXPECT_EQ(check_length(0.0049), Refusal::zero_length);
  EXPECT_EQ(check_length(0.0051), std::nullopt);
  EXPECT_EQ(check_length(999'999.994), std::nullopt);
  EXPECT_EQ(check_length(999'999.996), Refusal::too_long);
}

}  // namespace
}  // namespace diary::import
