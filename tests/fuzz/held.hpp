// SPDX-License-Identifier: Apache-2.0
#pragma once

// What has to be true of every segment that a reader lets through, whatever it read. Only for fuzzing.

#include <cmath>
#include <cstdlib>

#include "import/line.hpp"
#include "import/text.hpp"

namespace diary::import {

inline void check_segment(const NewSegment& s, std::int64_t) {
  bool good = !s.segment_id.empty() && code_points(s.segment_id) <= 50 && !s.street.empty() &&
              code_points(s.street) <= 200 && code_points(s.neighborhood.value_or("")) <= 100 &&
              (s.segment_id + s.street + s.neighborhood.value_or("")).find('\0') == std::string::npos &&
              s.geometry.size() >= 2 && s.geometry.size() <= max_points && !check_length(s.length_m) &&
              !crosses_meridian(s.geometry);
  for (const LngLat& point : s.geometry) good = good && on_earth(point);
  if (!good) std::abort();
}

}  // namespace diary::import
