// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the tags of OpenStreetMap mean here: which ways people walk or cycle on, what a street and a
// neighbourhood are called. docs/import.md has the rule in words.

#include <cstdint>
#include <string>

#include "import/osm_source.hpp"

namespace diary::import {

[[nodiscard]] std::string_view tag(OsmTags tags, std::string_view key);  // "" when absent

// The bits of diary.segments.access, for the direction in which the way runs; 0: no street for us.
[[nodiscard]] std::uint8_t access_of(OsmTags tags);

// name, else ref, else "(unnamed residential)"; at most 200 characters.
[[nodiscard]] std::string street_name(OsmTags tags);

// The name of the neighbourhood that such a polygon bounds, or such a node marks; empty when it does not.
[[nodiscard]] std::string neighborhood_area_name(OsmTags tags);
[[nodiscard]] std::string neighborhood_place_name(OsmTags tags);

}  // namespace diary::import
