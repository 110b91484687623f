// SPDX-License-Identifier: Apache-2.0
#include "import/refusal.hpp"

#include <numeric>

namespace diary::import {
namespace {

struct Words {
  std::string_view name;
  std::string_view text;
};

constexpr std::array<Words, refusal_count> words{{
    {"not_a_feature", "no GeoJSON Feature"},
    {"no_id", "neither properties.segment_id nor an id"},
    {"id_too_long", "an id of more than 50 characters"},
    {"bad_text",
     "a street of more than 200 or a neighborhood of more than 100 characters, or a NUL in a text"},
    {"wrong_geometry", "geometry is no LineString or MultiLineString"},
    {"too_few_points", "a line of fewer than two points"},
    {"too_many_points", "more than 10,000 points"},
    {"bad_coordinates", "coordinates that are no finite numbers"},
    {"off_earth", "coordinates outside -180..180, -90..90"},
    {"zero_length", "a line without length"},
    {"bad_length", "length_m is no positive number"},
    {"bad_access", "access is no whole number from 0 to 15"},
    {"too_long", "longer than 999,999.99 m"},
    {"crosses_meridian", "crosses the 180 degree meridian"},
    {"nodes_missing", "nodes that the file lacks or places off the earth"},
}};

}  // namespace

std::string_view name(Refusal reason) {
  return words[static_cast<std::size_t>(reason)].name;
}

std::string_view describe(Refusal reason) {
  return words[static_cast<std::size_t>(reason)].text;
}

void Refusals::add(Refusal reason, std::string what) {
  ++counts_[static_cast<std::size_t>(reason)];
  if (listed_.size() < max_listed) listed_.push_back({reason, std::move(what)});
}

std::int64_t Refusals::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
}

}  // namespace diary::import
