// SPDX-License-Identifier: Apache-2.0
#include "db/live_oracle.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <random>

namespace diary::test {

std::uint64_t seed() {
  static const std::uint64_t value = [] {
    const char* given = std::getenv("DIARY_TEST_SEED");
    const std::uint64_t chosen =
        given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    fmt::print("DIARY_TEST_SEED={}\n", chosen);
    return chosen;
  }();
  return value;
}

int rounds() {
  const char* given = std::getenv("DIARY_TEST_ROUNDS");  // for longer runs by hand
  return given != nullptr ? std::atoi(given) : 1;
}

std::string differences(pg::Connection& connection) {
  std::string found;
  {
    const auto drift =
        connection.exec("SELECT segment_id, what, stored, counted FROM analytics.drift LIMIT 5");
    for (int i = 0; i < drift.size(); ++i)
      found += fmt::format("drift {} {}: {} instead of {}\n", drift.str(i, 0), drift.str(i, 1),
                           drift.str(i, 2), drift.str(i, 3));
  }
  pg::Transaction transaction(connection);  // one now() for the view and for live
  connection.exec("REFRESH MATERIALIZED VIEW analytics.segment_aggregates");
  const auto rows = connection.exec(
      "SELECT segment_id, l.decayed_mean, a.decayed_mean, l.n_eff, a.n_eff, l.delta_30d, a.delta_30d, "
      "l.top_tags, a.top_tags, "
      "l.n_samples, a.n_samples "
      "FROM analytics.segment_live l FULL JOIN analytics.segment_aggregates a USING (segment_id) "
      "WHERE (abs(l.decayed_mean - a.decayed_mean) <= 0.005000001 AND abs(l.n_eff - a.n_eff) <= 0.005000001 "
      "AND abs(l.delta_30d - a.delta_30d) <= 0.005000001 AND l.top_tags = a.top_tags AND l.n_samples = "
      "a.n_samples) IS NOT TRUE LIMIT 5");
  for (int i = 0; i < rows.size(); ++i) {
    found += "live and view differ:";
    for (int c = 0; c < rows.columns(); ++c) found += " " + rows.str(i, c);
    found += "\n";
  }
  // Where no cursor is overdue, live is the recounted sums decayed to this moment, to all digits.
  const auto counted = connection.exec(
      "SELECT segment_id, l.decayed_mean, c.mean FROM analytics.segment_live l "
      "JOIN analytics.segment_state st USING (segment_id) JOIN analytics.segment_recount r USING "
      "(segment_id) "
      "CROSS JOIN LATERAL (SELECT (15 + r.s / analytics.forward_weight(now())) / (5 + r.w / "
      "analytics.forward_weight(now())) AS mean) c "
      "WHERE st.next_event_at > now() AND abs(l.decayed_mean - c.mean) > 1e-12 LIMIT 5");
  for (int i = 0; i < counted.size(); ++i)
    found +=
        fmt::format("live {} is {}, recounted {}\n", counted.str(i, 0), counted.str(i, 1), counted.str(i, 2));
  return found;
}

}  // namespace diary::test
