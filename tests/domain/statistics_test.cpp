// SPDX-License-Identifier: Apache-2.0
#include "domain/statistics.hpp"

#include <gtest/gtest.h>

namespace diary {
namespace {

Date day(const char* text) {
  return parse_date(text).value();
}

TrendQuery query(const char* start, const char* end) {
  TrendQuery made;
  if (*start != 0) made.start = day(start);
  if (*end != 0) made.end = day(end);
  return made;
}

TEST(TrendDays, AreTheLastNinetyUnlessSaid) {
  const auto today = day("2026-03-01");
  const auto usual = trend_days(query("", ""), today);
  ASSERT_TRUE(usual);
  EXPECT_EQ(to_text(usual->start), "2025-12-02");
  EXPECT_EQ(to_text(usual->end), "2026-03-01");
  const auto earlier = trend_days(query("", "2026-01-01"), today);
  ASSERT_TRUE(earlier);
  EXPECT_EQ(to_text(earlier->start), "2025-10-04");
  EXPECT_EQ(to_text(trend_days(query("2026-02-28", "2026-12-31"), today)->end), "2026-03-01");
}

TEST(TrendDays, HaveBounds) {
  const auto today = day("2026-03-01");
  EXPECT_TRUE(trend_days(query("2026-03-01", "2026-03-01"), today));
  EXPECT_TRUE(trend_days(query("2010-01-01", "2020-01-08"), today));  // 3660 days
  for (const auto& [start, end] : {std::pair{"2010-01-01", "2020-01-09"},
                                   std::pair{"2026-02-02", "2026-02-01"}, std::pair{"2026-03-02", ""}}) {
    const auto refused = trend_days(query(start, end), today);
    ASSERT_FALSE(refused) << start << " " << end;
    EXPECT_EQ(refused.error().code, Errc::validation);
    EXPECT_EQ(refused.error().fields.at(0).field, "start_date");
    EXPECT_EQ(refused.error().fields.at(0).value, '"' + std::string(start) + '"');
  }
}

TEST(Annotations, NameTheGreatestCertainChange) {
  const DateRange days{day("2026-01-01"), day("2026-01-31")};
  const auto point = [](const char* date, std::optional<double> change, double error) {
    return TrendPoint{.date = date,
                      .mean_rating = "3",
                      .std_error = {},
                      .confidence = "1",
                      .n_samples = 9,
                      .change = change,
                      .change_error = error};
  };
  const std::vector<TrendPoint> points{point("2026-01-03", 0.5, 0.1), point("2026-01-04", -0.6, 0.29),
                                       point("2026-01-05", 2.0, 1.0), point("2026-01-06", std::nullopt, 0)};
  const auto found = annotate(points, days, "2025-12-31", 30);
  ASSERT_EQ(found.size(), 1U) << "the first sample lies before";
  EXPECT_EQ(found[0].date, "2026-01-04");
  EXPECT_EQ(found[0].type, "fall");
  EXPECT_EQ(found[0].label, "-0.60 against the 30 days before");
  EXPECT_EQ(annotate({}, days, "2026-01-31", 30).size(), 1U);
  EXPECT_TRUE(annotate({}, days, "2026-02-01", 30).empty());
  EXPECT_TRUE(annotate({points[2]}, days, std::nullopt, 30).empty()) << "twice the error is not enough";
}

// Of the whole ellipsoid, and of a degree beside 1 degree south and 45 degrees north (EPSG 9805's tables).
TEST(Area, IsThatOfTheEllipsoid) {
  EXPECT_NEAR(area_m2({-180, -90, 180, 90}), 510'065'621.724e6, 1e6);
  EXPECT_NEAR(area_m2({0, -1, 1, 0}) / (111'319.4908 * 110'574.3886 * 0.99995), 1, 1e-4);
  EXPECT_NEAR(area_m2({10, 44.5, 11, 45.5}) / (78'846.8 * 111'131.8), 1, 1e-4);
  EXPECT_DOUBLE_EQ(area_m2({0, 10, 1, 11}), area_m2({100, -11, 101, -10}));
}

}  // namespace
}  // namespace diary
