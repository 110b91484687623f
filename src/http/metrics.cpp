// SPDX-License-Identifier: Apache-2.0
#include "http/metrics.hpp"

#include "http/routes.hpp"

namespace diary::http {
namespace {

// Statuses that are given; any other counts as 0, "other".
constexpr std::array statuses{200U, 201U, 202U, 204U, 206U, 304U, 400U, 401U, 403U, 404U,
                              405U, 406U, 408U, 409U, 410U, 412U, 413U, 414U, 415U, 416U,
                              417U, 422U, 429U, 431U, 500U, 501U, 503U, 505U, 0U};

std::size_t index_of(unsigned status) {
  const auto* found = std::ranges::find(statuses, status);
  return found == statuses.end() ? statuses.size() - 1 : static_cast<std::size_t>(found - statuses.begin());
}

}  // namespace

struct Metrics::Counters {
  std::array<std::atomic<std::uint64_t>, statuses.size()> by_status{};
  Histogram time;
};

Metrics::Metrics(const std::vector<Route>& routes) : routes_(routes) {
  for (std::size_t i = 0; i < routes.size() + 2; ++i) counters_.push_back(std::make_unique<Counters>());
}
Metrics::~Metrics() = default;

void Metrics::count(const Route* route, unsigned status, std::chrono::nanoseconds time) {
  const auto at = route == nullptr ? routes_.size() : static_cast<std::size_t>(route - routes_.data());
  Counters& counters = *counters_[at];
  counters.by_status[index_of(status)].fetch_add(1, std::memory_order_relaxed);
  counters.time.observe(time);
}

void Metrics::count_unreadable(unsigned status) {
  counters_.back()->by_status[index_of(status)].fetch_add(1, std::memory_order_relaxed);
}

void Metrics::add_gauge(std::string name, std::string help, std::function<double()> value) {
  gauges_.push_back({std::move(name), std::move(help), std::move(value)});
}

void Metrics::write(PrometheusText& page) const {
  const auto labels = [&](std::size_t i) -> std::pair<std::string_view, std::string_view> {
    if (i < routes_.size()) {
      const auto method = boost::beast::http::to_string(routes_[i].method);
      return {{method.data(), method.size()}, routes_[i].path};
    }
    return {"", i == routes_.size() ? "none" : "unreadable"};
  };
  page.metric("diary_http_requests_total", "counter",
              "Requests answered, by route; \"none\": no route took it.");
  for (std::size_t i = 0; i < counters_.size(); ++i) {
    const auto [method, path] = labels(i);
    for (std::size_t s = 0; s < statuses.size(); ++s) {
      const auto count = counters_[i]->by_status[s].load(std::memory_order_relaxed);
      if (count == 0) continue;
      const std::string status = statuses[s] == 0 ? "other" : std::to_string(statuses[s]);
      page.sample(static_cast<double>(count), {{"method", method}, {"route", path}, {"status", status}});
    }
  }
  page.metric("diary_http_request_duration_seconds", "histogram",
              "From the whole request read to its answer made.");
  for (std::size_t i = 0; i + 1 < counters_.size(); ++i) {
    const auto [method, path] = labels(i);
    page.histogram(counters_[i]->time, {{"method", method}, {"route", path}});
  }
  page.metric("diary_rate_limited_total", "counter",
              "Requests refused with 429, by what they count against.");
  for (const auto& [name, refusal] : {std::pair{"api", Refusal::api},
                                      {"routing", Refusal::routing},
                                      {"map", Refusal::map},
                                      {"tiles", Refusal::tiles},
                                      {"login", Refusal::login}})
    page.sample(static_cast<double>(refusals_[static_cast<std::size_t>(refusal)].load()), {{"class", name}});
  page.metric("diary_http_connections", "gauge", "Open connections.");
  page.sample(static_cast<double>(connections.load()));
  for (const Gauge& gauge : gauges_) {
    page.metric(gauge.name, "gauge", gauge.help);
    page.sample(gauge.value());
  }
}

}  // namespace diary::http
