// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the server counts of its own work. Each route has its counters from the start, so that a request adds
// to a few atomics and nothing else, and the number of time series is that of the routes, whatever is asked
// for. Knows nothing of who asks.

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/histogram.hpp"
#include "base/prometheus_text.hpp"

namespace diary::http {

struct Route;

class Metrics {
 public:
  explicit Metrics(const std::vector<Route>& routes);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // One of the routes; null: no route took it.
  void count(const Route* route, unsigned status, std::chrono::nanoseconds time);
  void count_unreadable(unsigned status);

  // A value that is asked for when the page is. Those of one name come one after the other.
  void add_gauge(std::string name, std::string help, std::function<double()> value);

  // All that is known here.
  void write(PrometheusText& page) const;

  enum class Refusal { api, routing, map, tiles, login };
  void count_refusal(Refusal of) {
    refusals_[static_cast<std::size_t>(of)].fetch_add(1, std::memory_order_relaxed);
  }

  std::atomic<long> connections = 0;  // open ones

 private:
  struct Counters;
  struct Gauge {
    std::string name;
    std::string help;
    std::function<double()> value;
  };

  const std::vector<Route>& routes_;
  std::vector<std::unique_ptr<Counters>> counters_;  // of each route, then of none, then of the unreadable
  std::array<std::atomic<std::uint64_t>, 5> refusals_{};
  std::vector<Gauge> gauges_;
};

}  // namespace diary::http
