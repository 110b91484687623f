// SPDX-License-Identifier: Apache-2.0
#include "import/osm_tags.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "domain/access.hpp"
#include "import/text.hpp"

namespace diary::import {
namespace {

using Words = std::span<const std::string_view>;

bool among(std::string_view word, Words words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Where walking or cycling is lawful unless a tag says otherwise.
constexpr std::array<std::string_view, 25> open_highways{
    "trunk",          "trunk_link", "primary",       "primary_link", "secondary",
    "secondary_link", "tertiary",   "tertiary_link", "unclassified", "residential",
    "living_street",  "service",    "pedestrian",    "track",        "footway",
    "cycleway",       "path",       "steps",         "bridleway",    "road",
    "crossing",       "corridor",   "byway",         "minor",        "pedestrian_link"};
constexpr std::array<std::string_view, 2> closed_highways{"motorway", "motorway_link"};

constexpr std::array<std::string_view, 8> refused_access{
    "no", "private", "agricultural", "forestry", "delivery", "use_sidepath", "military", "emergency"};
constexpr std::array<std::string_view, 6> granted_access{"yes",        "designated",  "official",
                                                         "permissive", "destination", "public"};

enum class Access { unsaid, yes, no };

Access read_access(std::string_view value) {
  if (among(value, granted_access)) return Access::yes;
  return among(value, refused_access) ? Access::no : Access::unsaid;
}

// The first of the keys that says something decides.
bool allowed(OsmTags tags, Words keys, bool by_default) {
  for (const std::string_view key : keys) {
    const Access access = read_access(tag(tags, key));
    if (access != Access::unsaid) return access == Access::yes;
  }
  return by_default;
}

constexpr std::array<std::string_view, 2> foot_keys{"foot", "access"};
constexpr std::array<std::string_view, 3> bicycle_keys{"bicycle", "vehicle", "access"};

// Where a bicycle may be ridden only if a tag names it.
constexpr std::array<std::string_view, 5> walkers_highways{"steps", "footway", "pedestrian", "corridor",
                                                           "bridleway"};

// A motorway is open only to those it names: access=yes there means cars.
bool walkable(OsmTags tags, bool motorway) {
  return motorway ? read_access(tag(tags, "foot")) == Access::yes : allowed(tags, foot_keys, true);
}

bool cyclable(OsmTags tags, bool motorway) {
  if (motorway) return read_access(tag(tags, "bicycle")) == Access::yes;
  if (tag(tags, "bicycle") == "dismount" || !allowed(tags, bicycle_keys, true)) return false;
  const std::string_view highway = tag(tags, "highway");
  return !among(highway, walkers_highways) || allowed(tags, std::span(bicycle_keys).first<2>(), false) ||
         (highway == "steps" && tag(tags, "ramp:bicycle") == "yes");
}

// Which ways round: bit 1 along the way, bit 2 against it.
enum Ways : std::uint8_t { neither = 0, along = 1, against = 2, both = 3 };

// Of a value of oneway; nothing when it says neither yes nor no.
std::optional<Ways> read_oneway(std::string_view value) {
  if (value == "yes" || value == "true" || value == "1") return along;
  if (value == "-1" || value == "reverse") return against;
  if (value == "no" || value == "false" || value == "0") return both;
  return std::nullopt;
}

// Less what a tag of one direction alone refuses, as foot:backward=no does.
Ways less_refused(Ways ways, OsmTags tags, std::string_view forward, std::string_view backward) {
  unsigned left = ways;
  if (read_access(tag(tags, forward)) == Access::no) left &= ~unsigned{along};
  if (read_access(tag(tags, backward)) == Access::no) left &= ~unsigned{against};
  return static_cast<Ways>(left);
}

// A street that is one-way is so for those who ride; those who walk need a tag of their own, or an escalator.
Ways ways_on_foot(OsmTags tags) {
  Ways ways = both;
  const std::string_view conveying = tag(tags, "conveying");
  if (conveying == "forward") ways = along;
  if (conveying == "backward") ways = against;
  ways = read_oneway(tag(tags, "oneway:foot")).value_or(ways);
  return less_refused(ways, tags, "foot:forward", "foot:backward");
}

bool has_contraflow(OsmTags tags) {
  return std::ranges::any_of(tags, [](const OsmTag& t) {
    return (t.key == "cycleway" || t.key.starts_with("cycleway:")) && t.value.starts_with("opposite");
  });
}

Ways ways_by_bike(OsmTags tags) {
  const std::string_view junction = tag(tags, "junction");
  const bool implied =
      junction == "roundabout" || junction == "circular" || tag(tags, "highway") == "motorway";
  Ways ways = read_oneway(tag(tags, "oneway")).value_or(implied ? along : both);
  if (has_contraflow(tags)) ways = both;
  ways = read_oneway(tag(tags, "oneway:bicycle")).value_or(ways);
  return less_refused(ways, tags, "bicycle:forward", "bicycle:backward");
}

constexpr std::size_t max_neighborhood = 100;

bool is_place(std::string_view place) {
  return place == "neighbourhood" || place == "quarter" || place == "suburb";
}

}  // namespace

std::string_view tag(OsmTags tags, std::string_view key) {
  for (const OsmTag& t : tags) {
    if (t.key == key) return t.value;
  }
  return {};
}

std::uint8_t access_of(OsmTags tags) {
  const std::string_view highway = tag(tags, "highway");
  const bool motorway = among(highway, closed_highways) || tag(tags, "motorroad") == "yes";
  if (highway.empty() || (!motorway && !among(highway, open_highways))) return 0;
  if (tag(tags, "area") == "yes" || tag(tags, "indoor") == "yes") return 0;
  const unsigned on_foot = walkable(tags, motorway) ? ways_on_foot(tags) : neither;
  const unsigned by_bike = cyclable(tags, motorway) ? ways_by_bike(tags) : neither;
  static_assert(access::walk_along == along && access::walk_against == against);
  static_assert(access::bike_along == along << 2 && access::bike_against == against << 2);
  return static_cast<std::uint8_t>(on_foot | by_bike << 2U);
}

std::string street_name(OsmTags tags) {
  for (const std::string_view key : {"name", "ref"}) {
    if (std::string text = clean_text(tag(tags, key), 200); !text.empty()) return text;
  }
  return "(unnamed " + clean_text(tag(tags, "highway"), 180) + ")";
}

std::string neighborhood_area_name(OsmTags tags) {
  const std::string_view level = tag(tags, "admin_level");
  const bool administrative =
      tag(tags, "boundary") == "administrative" && (level == "9" || level == "10" || level == "11");
  if (!administrative && !is_place(tag(tags, "place"))) return {};
  return clean_text(tag(tags, "name"), max_neighborhood);
}

std::string neighborhood_place_name(OsmTags tags) {
  return is_place(tag(tags, "place")) ? clean_text(tag(tags, "name"), max_neighborhood) : std::string();
}

}  // namespace diary::import
