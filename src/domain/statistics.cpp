// SPDX-License-Identifier: Apache-2.0
#include "domain/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace diary {
namespace {

constexpr std::chrono::days default_range{90};

FieldError wrong(const char* field, std::string message, const std::optional<Date>& value) {
  return {field, std::move(message), value ? '"' + to_text(*value) + '"' : std::string{}};
}

// Of the earth from the equator to a latitude, per radian of longitude.
double belt_m2(double latitude_degrees) {
  constexpr double radius_m = 6378137;
  constexpr double flattening = 1 / 298.257223563;
  constexpr double e2 = flattening * (2 - flattening);
  const double e = std::sqrt(e2);
  const double sine = std::sin(latitude_degrees * std::numbers::pi / 180);
  return radius_m * radius_m * (1 - e2) / 2 * (sine / (1 - e2 * sine * sine) + std::atanh(e * sine) / e);
}

}  // namespace

Result<DateRange> trend_days(const TrendQuery& query, Date today) {
  DateRange days{};
  days.end = query.end.value_or(today);
  days.start = query.start.value_or(days.end - default_range + std::chrono::days{1});
  const auto refuse = [](const FieldError& field) {
    return fail(Error{Errc::validation, field.field + " " + field.message, {field}});
  };
  if (days.start > days.end)
    return refuse(wrong("start_date", "must not lie after end_date, " + to_text(days.end), query.start));
  if ((days.end - days.start).count() >= limits::max_trend_days)
    return refuse(wrong("start_date",
                        fmt::format("must lie at most {} days before end_date", limits::max_trend_days - 1),
                        query.start));
  days.end = std::min(days.end, today);
  return days;
}

std::vector<Annotation> annotate(const std::vector<TrendPoint>& points, const DateRange& days,
                                 const std::optional<std::string>& first_sample, int window_days) {
  std::vector<Annotation> found;
  if (first_sample && *first_sample >= to_text(days.start) && *first_sample <= to_text(days.end))
    found.push_back({*first_sample, "First rating or vote", "first_sample"});
  const TrendPoint* greatest = nullptr;
  for (const TrendPoint& point : points) {
    const double change = std::abs(point.change.value_or(0));
    if (change > 2 * point.change_error && (greatest == nullptr || change > std::abs(*greatest->change)))
      greatest = &point;
  }
  if (greatest != nullptr)
    found.push_back({greatest->date,
                     fmt::format("{:+.2f} against the {} days before", *greatest->change, window_days),
                     *greatest->change > 0 ? "rise" : "fall"});
  std::ranges::stable_sort(found, {}, &Annotation::date);
  return found;
}

double area_m2(const BBox& box) {
  return (belt_m2(box.north) - belt_m2(box.south)) * (box.east - box.west) * std::numbers::pi / 180;
}

}  // namespace diary
