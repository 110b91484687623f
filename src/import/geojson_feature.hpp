// SPDX-License-Identifier: Apache-2.0
#pragma once

// One Feature as it was read, and the rules that make it segments or refuse it.

#include <string>
#include <vector>

#include "base/result.hpp"
#include "domain/segment.hpp"
#include "import/refusal.hpp"

namespace diary::import {

// A scalar member. Text is cut at max_bytes; such a text is longer than any column.
struct Scalar {
  enum class Kind { absent, text, integer, real, other };
  static constexpr std::size_t max_bytes = 1024;
  Kind kind = Kind::absent;  // JSON's null counts as absent
  std::string text;          // of an integer: its digits
  double number = 0;
};

struct Feature {
  std::int64_t ordinal = 0;  // from 1
  std::int64_t line = 0;     // where it begins
  Scalar type, id, segment_id, street, name, neighborhood, length_m, access, geometry_type;
  std::vector<LngLat> points;          // of all parts
  std::vector<std::size_t> part_ends;  // into points
  int depth = 0;  // of the arrays around a number: 2 in a LineString, 3 in a MultiLineString
  bool bad_position = false;
  bool too_many_points = false;

  [[nodiscard]] std::string where() const;  // "feature 3 (line 9, id 'x')"
};

// Appends the segments of `feature` to `out`, all or none; the value is the reason for none. An Error
// condemns the whole file.
[[nodiscard]] Result<std::optional<Refusal>> make_segments(const Feature& feature,
                                                           std::vector<NewSegment>& out);

}  // namespace diary::import
