// SPDX-License-Identifier: Apache-2.0
#include "demo/event_times.hpp"

#include <array>
#include <stdexcept>

#include "demo/local_time.hpp"

namespace diary::demo {
namespace {

constexpr std::array<double, 24> busy_hours{0.7, 0.4, 0.3, 0.15, 0.1, 0.2, 0.6, 1.6, 2.6, 2.0, 1.5, 1.7,
                                            2.4, 2.0, 1.6, 1.7,  2.2, 3.2, 3.4, 2.8, 2.4, 2.2, 1.8, 1.2};

}  // namespace

EventTimes::EventTimes(Time begin, Time end, std::uint64_t count) : begin_(begin), end_(end), count_(count) {
  using std::chrono::hours;
  if (end - begin < hours{1}) throw std::logic_error("a history lasts an hour or more");
  const auto whole = static_cast<std::size_t>((end - begin) / hours{1});
  double sum = 0;
  for (std::size_t hour = 0; hour < whole; ++hour) {
    const double growth = 0.4 + 1.2 * static_cast<double>(hour) / static_cast<double>(whole);
    sum += growth * busy_hours[static_cast<std::size_t>(local_hour(begin + hours{static_cast<int>(hour)}))];
    sums_.push_back(sum);
  }
}

Time EventTimes::next(Random& random) {
  const double share = (static_cast<double>(done_) + random.unit()) / static_cast<double>(count_);
  ++done_;
  const double target = share * sums_.back();
  while (hour_ + 1 < sums_.size() && sums_[hour_] < target) ++hour_;
  const double before = hour_ == 0 ? 0 : sums_[hour_ - 1];
  const double into = (target - before) / (sums_[hour_] - before);
  using std::chrono::milliseconds;
  const auto since = milliseconds{static_cast<std::int64_t>((static_cast<double>(hour_) + into) * 3.6e6)};
  return std::min<Time>(begin_ + since, end_ - milliseconds{1});
}

}  // namespace diary::demo
