// SPDX-License-Identifier: Apache-2.0
// Decimals by integers have the digits that the library for them writes.

#include "http/decimals.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace diary::http {
namespace {

std::string degrees(double value) {
  std::string out = "before";
  append_degrees(out, value);
  return out.substr(6);
}

std::string degrees_by_library(double value) {
  std::string text = fmt::format("{:.7f}", std::round(value * 1e7) / 1e7);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

TEST(Decimals, AreTwo) {
  EXPECT_EQ(two_decimals(0), "0.00");
  EXPECT_EQ(two_decimals(3.14159), "3.14");
  EXPECT_EQ(two_decimals(0.005), "0.01");  // which is a little more
  EXPECT_EQ(two_decimals(0.125), "0.12");  // which is just that: to the even digit
  EXPECT_EQ(two_decimals(0.375), "0.38");
  EXPECT_EQ(two_decimals(99.995), "100.00");
  EXPECT_EQ(two_decimals(-0.001), "-0.00");
  EXPECT_EQ(two_decimals(-2.5), "-2.50");
}

TEST(Decimals, OfAnyNumberAreThoseOfTheLibrary) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> part(-1, 1);
  const auto same = [](double number) {
    ASSERT_EQ(two_decimals(number), fmt::format("{:.2f}", number)) << fmt::format("{:.20g}", number);
  };
  for (int round = 0; round < 200'000; ++round) {
    same(std::ldexp(part(random), static_cast<int>(random() % 50)));
    const double half =
        static_cast<double>(random() % 10'000'000) / 1000;  // with .005 at its end now and then
    for (const double number : {half, std::nextafter(half, 0), std::nextafter(half, 1e9)}) same(number);
  }
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double number : {1e9, 1e9 - 0.01, 1e17, 1e300, infinity, -infinity, -0.0}) same(number);
}

TEST(Decimals, OfDegreesAreSevenWithoutZerosAtTheEnd) {
  EXPECT_EQ(degrees(0), "0");
  EXPECT_EQ(degrees(-8.6), "-8.6");
  EXPECT_EQ(degrees(41.1579438), "41.1579438");
  EXPECT_EQ(degrees(-0.00000004), "0");
  EXPECT_EQ(degrees(-0.0000001), "-0.0000001");
  EXPECT_EQ(degrees(180), "180");
  EXPECT_EQ(degrees(100.05), "100.05");
}

TEST(Decimals, OfAnyDegreesAreThoseOfTheLibrary) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> lng(-180, 180);
  for (int round = 0; round < 200'000; ++round) {
    const double any = lng(random);
    ASSERT_EQ(degrees(any), degrees_by_library(any));
    const double kept = std::round(any * 1000) / 1000;
    ASSERT_EQ(degrees(kept), degrees_by_library(kept));
  }
}

}  // namespace
}  // namespace diary::http
