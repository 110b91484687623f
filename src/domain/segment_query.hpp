// SPDX-License-Identifier: Apache-2.0
#pragma once

// A question about segments and its answer. Scores are decimals as text, already rounded, because they are
// passed on to people as they are and never computed with here.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace diary {

struct BBox {
  double west, south, east, north;  // WGS84 degrees, west < east, south < north
};

struct SegmentQuery {
  std::optional<BBox> bbox;
  std::optional<double> min_confidence;  // 0..1
  std::optional<Time> updated_after;
  int limit = 100;                   // 1..1000
  std::int64_t offset = 0;           // >= 0; unused with `after`
  std::optional<std::string> after;  // the last segment_id of the page before
};

struct SegmentScore {
  std::string segment_id;
  std::string street;
  std::optional<std::string> neighborhood;
  std::string length_m;
  std::string geometry;  // GeoJSON
  std::string decayed_mean;
  std::string n_eff;
  std::string confidence;
  std::vector<std::string> top_tags;
  std::string delta_30d;
  Time last_updated;
};

struct SegmentPage {
  std::vector<SegmentScore> segments;
  std::int64_t total = 0;
  bool more = false;  // there is a page after this one
};

}  // namespace diary
