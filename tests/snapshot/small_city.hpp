// SPDX-License-Identifier: Apache-2.0
#pragma once

// Streets for tests that need no database.

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "snapshot/city.hpp"

namespace diary::snapshot::test {

inline LiveSegment street(std::string id, std::vector<LngLat> line, std::string name = "Main Street") {
  double length_m = 0;
  for (std::size_t i = 1; i < line.size(); ++i)
    length_m += 111'000 * std::hypot(line[i].lng - line[i - 1].lng, line[i].lat - line[i - 1].lat);
  return {.segment_id = std::move(id),
          .street = std::move(name),
          .neighborhood = {},
          .length_m = fmt::format("{:.2f}", length_m),
          .geometry = R"({"type":"LineString","coordinates":[]})",
          .line = std::move(line),
          .w = 0,
          .s = 0,
          .top_tags = "[]",
          .delta_30d = "-0.25",
          .changed_at = Time{},
          .changed_xid = 10};
}

// Rated once more with a 5, now.
inline LiveSegment rated(LiveSegment segment, std::uint64_t xid = 20) {
  const double weight = 1 / decay_at(now());
  segment.w += weight;
  segment.s += 5 * weight;
  segment.changed_at += std::chrono::seconds{1};
  segment.changed_xid = xid;
  return segment;
}

inline void load(City& city, const std::vector<LiveSegment>& segments) {
  city.begin_loading();
  city.add(segments, now());
  city.finish_loading();
}

}  // namespace diary::snapshot::test
