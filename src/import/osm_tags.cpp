// SPDX-License-Identifier: Apache-2.0
#include "import/osm_tags.hpp"

#include <algorithm>
#include <array>

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

bool usable_way(OsmTags tags) {
  const std::string_view highway = tag(tags, "highway");
  if (highway.empty()) return false;
  const bool open = among(highway, open_highways) && tag(tags, "motorroad") != "yes";
  if (!open && !among(highway, closed_highways) && tag(tags, "motorroad") != "yes") return false;
  if (tag(tags, "area") == "yes" || tag(tags, "indoor") == "yes") return false;
  // A motorway is open only to those it names: access=yes there means cars.
  if (!open)
    return read_access(tag(tags, "foot")) == Access::yes || read_access(tag(tags, "bicycle")) == Access::yes;
  return allowed(tags, foot_keys, true) || allowed(tags, bicycle_keys, true);
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
