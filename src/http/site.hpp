// SPDX-License-Identifier: Apache-2.0
#pragma once

// What handlers work with. Made once, before the server listens.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>

#include "app/accounts.hpp"
#include "app/gate.hpp"
#include "app/submissions.hpp"
#include "app/tokens.hpp"
#include "base/config.hpp"
#include "base/networks.hpp"
#include "base/origins.hpp"
#include "http/limiter.hpp"
#include "http/live_stream.hpp"
#include "http/message.hpp"
#include "http/metrics.hpp"
#include "http/pulse.hpp"
#include "http/workers.hpp"
#include "snapshot/feed.hpp"

namespace diary::http {

// How long each kind of answer took to compute.
struct RoutingTimes {
  FineHistogram route;
  FineHistogram curve;
  FineHistogram match;
  FineHistogram isochrone;
  std::atomic<std::uint64_t> skipped = 0;  // never begun: its client had gone, or its time had passed
};

struct Site {
  // `health_gate` leads to a connection of its own, so that health is told while the others are all taken.
  Site(const Config& settings, Gate& the_gate, Gate& health_gate, Accounts& the_accounts,
       Submissions& the_submissions, snapshot::CityFeed& the_city, Tokens the_tokens);

  Gate& gate;
  Accounts& accounts;
  Submissions& submissions;
  // All segments in memory. A handler whose commit moves scores (a rating withdrawn, judged, an account
  // deleted) says `co_await catch_up(site)` (http/on_db.hpp) before it replies: then every later read here
  // shows it. Submissions does so by itself.
  snapshot::CityFeed& city;
  Tokens tokens;
  Config config;
  RoutingTimes routing_times;
  Workers database;   // as many threads as the pool has connections
  Workers passwords;  // bcrypt
  Workers routing;    // what takes longer than one route
  Workers tiles;      // what looks at all of a place
  std::shared_ptr<LiveSeats> live_seats;
  Origins cors;
  Networks trusted_proxies;
  LimiterBase limits;
  Limiter requests;
  Limiter failed_logins;
  Metrics metrics;
  Pulse pulse;
  std::string version;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};

}  // namespace diary::http
