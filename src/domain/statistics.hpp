// SPDX-License-Identifier: Apache-2.0
#pragma once

// Questions about routes and boxes and their answers: trend, tags, coverage. Decimals are text, already
// rounded, as in segment_query.hpp.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/date.hpp"
#include "base/result.hpp"
#include "base/uuid.hpp"
#include "domain/segment_query.hpp"

namespace diary {

namespace limits {
inline constexpr int max_window_days = 365;
inline constexpr int max_trend_days = 3660;
inline constexpr int least_compared = 5;  // samples in each of two windows
inline constexpr int max_top_tags = 100;
inline constexpr double min_cell_m = 10;
inline constexpr double max_cell_m = 5000;
inline constexpr std::int64_t max_cells = 100'000;  // as analytics.coverage has it
inline constexpr double max_box_m2 = 100e6;
inline constexpr int max_clusters = 256;
inline constexpr int max_clustered_segments = 100'000;  // as analytics.clusters has it
}  // namespace limits

struct TrendQuery {
  Uuid route_id;
  std::optional<Date> start;  // of the city's days, both counted
  std::optional<Date> end;
  int window_days = 30;
};

struct TrendPoint {
  std::string date;
  std::string mean_rating;
  std::optional<std::string> std_error;  // one sample has none
  std::string confidence;
  std::int64_t n_samples = 0;
  // Of the mean against the window before; absent where either holds too little to compare.
  std::optional<double> change;
  double change_error = 0;
};

struct Annotation {
  std::string date;
  std::string label;
  std::string type;  // first_sample, rise or fall
};

struct Trend {
  Uuid route_id;
  std::string route_name;
  std::vector<TrendPoint> points;
  std::vector<Annotation> annotations;  // by date
};

struct DateRange {
  Date start;
  Date end;
};

// The days to show: to `today` and 90 of them unless the query says otherwise, and none after today.
// Errors: validation.
[[nodiscard]] Result<DateRange> trend_days(const TrendQuery& query, Date today);

// What stands out in `points`: the first sample ever, when its day is among them, and the greatest change
// that is more than twice its standard error.
[[nodiscard]] std::vector<Annotation> annotate(const std::vector<TrendPoint>& points, const DateRange& days,
                                               const std::optional<std::string>& first_sample,
                                               int window_days);

struct TagShare {
  std::string tag;
  std::int64_t count = 0;
  std::string percentage;
};

struct RouteTags {
  std::vector<TagShare> tags;
  std::int64_t total_ratings = 0;
};

struct CoverageCell {
  std::string x, y;
  std::string center_lng, center_lat;
  std::string mean_confidence;
  std::string segment_count, total_samples;
};

struct Cluster {
  std::string center_lng, center_lat;
  std::string segment_count;
  std::string mean_score;
  std::string total_confidence;
};

// On the ellipsoid of WGS 84, between parallels and meridians.
[[nodiscard]] double area_m2(const BBox& box);

}  // namespace diary
