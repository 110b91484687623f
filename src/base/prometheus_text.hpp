// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writes Prometheus's text format, version 0.0.4. prometheus-cpp is not used: Debian's package brings
// libcurl, civetweb and its daemon along, and its histograms take a lock for each observation.

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/histogram.hpp"

namespace diary {

class PrometheusText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // Begins a metric; its samples follow. `type`: counter, gauge or histogram.
  void metric(std::string_view name, std::string_view type, std::string_view help);
  void sample(double value, Labels labels = {});
  template <const auto& bounds>
  void histogram(const BucketHistogram<bounds>& histogram, Labels labels = {}) {
    std::vector<std::uint64_t> counts;
    for (std::size_t i = 0; i <= bounds.size(); ++i) counts.push_back(histogram.count(i));
    buckets(bounds, counts, histogram.sum_s(), labels);
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void buckets(std::span<const double> bounds_s, std::span<const std::uint64_t> counts, double sum_s,
               Labels labels);
  void line(std::string_view suffix, Labels labels, std::string_view bound, double value);

  std::string text_;
  std::string name_;
};

}  // namespace diary
