// SPDX-License-Identifier: Apache-2.0
#include "graph/trace.hpp"

#include <algorithm>

#include "graph/plane.hpp"

namespace diary::graph {
namespace {

// Measured on simulated walks over real streets, as the bench of traces shows it.
constexpr double apart_in_sigmas = 1.5;
constexpr double block_factor = 1.3;
constexpr double nearest_to_sigma = 1.5;  // streets are too many for 1 / 0.67
constexpr double least_sigma_m = 4;
constexpr double most_sigma_m = 30;
constexpr std::size_t most_averaged = 8;
constexpr double spike_in_sigmas = 5;

double spike_m_per_s(Profile profile) {
  return profile == Profile::walk ? 6 : 15;
}

class Cleaner {
 public:
  Cleaner(std::span<const TracePoint> points, const Noise& noise, const MatchOptions& options)
      : points_(points), noise_(noise), sigma_m_(noise.sigma_m()), options_(options) {
    for (std::size_t i = 0; i < points.size(); ++i)
      if (usable_place(points[i].at)) kept_.push_back(i);
    drop_spikes();
  }

  [[nodiscard]] CleanTrace cleaned() const {
    CleanTrace trace;
    trace.left_out = points_.size() - kept_.size();
    std::size_t begin = 0;
    for (std::size_t i = 1; i <= kept_.size(); ++i) {
      const auto broken = i < kept_.size() ? broken_before(i) : std::nullopt;
      if (i < kept_.size() && !broken) continue;
      trace.sections.push_back({grouped(std::span(kept_).subspan(begin, i - begin)), broken});
      begin = i;
    }
    return trace;
  }

 private:
  // A point far from both its neighbours, which are near each other, and too far for the time it took.
  void drop_spikes() {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < kept_.size(); ++i) {
      const bool inner = !kept.empty() && i + 1 < kept_.size();
      if (!inner || !is_spike(kept.back(), kept_[i], kept_[i + 1])) kept.push_back(kept_[i]);
    }
    kept_ = std::move(kept);
  }
  [[nodiscard]] bool is_spike(std::size_t before, std::size_t here, std::size_t after) const {
    const auto there_s = seconds(before, here);
    const auto back_s = seconds(here, after);
    if (!there_s || !back_s) return false;
    const double there_m = distance_m(points_[before].at, points_[here].at);
    const double back_m = distance_m(points_[here].at, points_[after].at);
    const double limit_m_per_s = spike_m_per_s(options_.profile);
    return std::min(there_m, back_m) >
               2 * distance_m(points_[before].at, points_[after].at) + spike_in_sigmas * sigma_m_ &&
           there_m > limit_m_per_s * *there_s && back_m > limit_m_per_s * *back_s;
  }

  [[nodiscard]] std::optional<double> seconds(std::size_t from, std::size_t to) const {
    if (!points_[from].time_s || !points_[to].time_s) return std::nullopt;
    const double passed = *points_[to].time_s - *points_[from].time_s;
    if (!(passed > 0)) return std::nullopt;
    return passed;
  }

  [[nodiscard]] std::optional<Break> broken_before(std::size_t i) const {
    const double metres = distance_m(points_[kept_[i - 1]].at, points_[kept_[i]].at);
    if (metres > options_.longest_gap_m) return Break::too_far;
    const auto passed_s = seconds(kept_[i - 1], kept_[i]);
    if (passed_s && metres > options_.fastest_m_per_s * *passed_s + spike_in_sigmas * sigma_m_)
      return Break::too_fast;
    return std::nullopt;
  }

  // Blocks of so many points as noise asks for, and what of them lies together. Where points stand for
  // themselves the first and the last stay alone, for a mean would cut the ends off.
  [[nodiscard]] std::vector<PointGroup> grouped(std::span<const std::size_t> kept) const {
    std::vector<PointGroup> groups;
    const std::size_t block = noise_.block();
    const double apart_m = apart_in_sigmas * noise_.sigma_m(block);
    for (std::size_t k = 0; k < kept.size(); k += block) {
      const PointGroup next = mean(kept.subspan(k, std::min(block, kept.size() - k)));
      const bool alone = k <= 1 || (k + 1 == kept.size() && block == 1);
      if (alone || distance_m(groups.back().at, next.at) >= apart_m)
        groups.push_back(next);
      else
        groups.back() = merged(groups.back(), next);
    }
    for (PointGroup& group : groups) group.sigma_m = noise_.sigma_m(group.count);
    return groups;
  }
  [[nodiscard]] PointGroup mean(std::span<const std::size_t> of) const {
    PointGroup group{points_[of.front()].at, of.front(), of.back(), 1};
    for (const std::size_t point : of.subspan(1))
      group = merged(group, {points_[point].at, point, of.back(), 1});
    return group;
  }
  static PointGroup merged(const PointGroup& a, const PointGroup& b) {
    const std::size_t count = a.count + b.count;
    const double share = static_cast<double>(b.count) / static_cast<double>(count);
    return {{a.at.lng + (b.at.lng - a.at.lng) * share, a.at.lat + (b.at.lat - a.at.lat) * share},
            a.first,
            b.last,
            count};
  }

  std::span<const TracePoint> points_;
  const Noise& noise_;
  double sigma_m_;
  const MatchOptions& options_;
  std::vector<std::size_t> kept_;
};

}  // namespace

namespace {

double median(std::vector<double>& of) {
  if (of.empty()) return 0;
  const auto middle = of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2);
  std::ranges::nth_element(of, middle);
  return *middle;
}

}  // namespace

double distance_m(LngLat a, LngLat b) {
  const Plane plane({a.lng, (a.lat + b.lat) / 2});
  return length(plane.of(b) - plane.of(a));
}

std::size_t Noise::block() const {
  const double ratio = independent_m / std::max(step_m, 3.0);
  return static_cast<std::size_t>(std::clamp(std::round(block_factor * std::cbrt(2 * ratio * ratio)), 1.0,
                                             static_cast<double>(most_averaged)));
}

// The second difference of three points that are passed evenly is noise alone, of six times its variance; its
// median length is 1.177 deviations. The step: of the way over four points, less the noise in it.
Noise noise_of(std::span<const TracePoint> points, double sigma_m, std::vector<double> nearest_m) {
  std::vector<double> bends;
  std::vector<double> strides;
  for (std::size_t i = 0; i + 4 < points.size(); ++i) {
    if (!usable_place(points[i + 1].at)) continue;
    const Plane plane(points[i + 1].at);
    const double bend_m = length(plane.of(points[i].at) + plane.of(points[i + 2].at));
    const double stride_m = length(plane.of(points[i + 4].at) - plane.of(points[i].at));
    if (!std::isfinite(bend_m) || !std::isfinite(stride_m)) continue;
    bends.push_back(bend_m);
    strides.push_back(stride_m);
  }
  const double zigzag_m = median(bends) / 1.177 / std::sqrt(6);
  const double stride_m = median(strides);
  const double all_m = sigma_m > 0 ? sigma_m
                                   : std::clamp(std::max(nearest_to_sigma * median(nearest_m), zigzag_m),
                                                least_sigma_m, most_sigma_m);
  const double independent_m = std::min(zigzag_m, all_m);
  return {independent_m, std::sqrt(std::max(all_m * all_m - independent_m * independent_m, 4.0)),
          std::sqrt(std::max(stride_m * stride_m - 4 * independent_m * independent_m, 0.0)) / 4};
}

CleanTrace clean(std::span<const TracePoint> points, const Noise& noise, const MatchOptions& options) {
  return Cleaner(points, noise, options).cleaned();
}

}  // namespace diary::graph
