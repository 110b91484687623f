// SPDX-License-Identifier: Apache-2.0
#include "import/geojson_feature.hpp"

#include <cmath>
#include <span>

#include "import/line.hpp"
#include "import/text.hpp"

namespace diary::import {
namespace {

constexpr std::size_t max_id = 50;
constexpr std::size_t max_street = 200;
constexpr std::size_t max_neighborhood = 100;

bool is_text(const Scalar& scalar) {
  return scalar.kind == Scalar::Kind::text && !scalar.text.empty();
}

// properties.segment_id, else the Feature's id. A number that is no integer identifies nothing.
const Scalar* id_of(const Feature& feature) {
  for (const Scalar* scalar : {&feature.segment_id, &feature.id}) {
    if (is_text(*scalar) || scalar->kind == Scalar::Kind::integer) return scalar;
  }
  return nullptr;
}

bool storable(const Scalar& scalar, std::size_t limit) {
  return scalar.text.find('\0') == std::string::npos && code_points(scalar.text) <= limit;
}

std::optional<Refusal> check_shape(const Feature& feature) {
  const bool one = feature.geometry_type.text == "LineString";
  if (!one && feature.geometry_type.text != "MultiLineString") return Refusal::wrong_geometry;
  if (feature.too_many_points) return Refusal::too_many_points;
  if (feature.bad_position) return Refusal::bad_coordinates;
  if (feature.points.empty()) return Refusal::too_few_points;
  if (feature.depth != (one ? 2 : 3)) return Refusal::bad_coordinates;
  for (const LngLat& point : feature.points) {
    if (!std::isfinite(point.lng) || !std::isfinite(point.lat)) return Refusal::bad_coordinates;
    if (!on_earth(point)) return Refusal::off_earth;
  }
  return std::nullopt;
}

std::optional<Refusal> check_text(const Feature& feature, const Scalar& street) {
  if (!storable(street, max_street) || !storable(feature.neighborhood, max_neighborhood))
    return Refusal::bad_text;
  return std::nullopt;
}

std::optional<Refusal> check_given_length(const Scalar& given) {
  if (given.kind == Scalar::Kind::absent) return std::nullopt;
  const bool number = given.kind == Scalar::Kind::integer || given.kind == Scalar::Kind::real;
  if (!number || !std::isfinite(given.number)) return Refusal::bad_length;
  const auto refusal = check_length(given.number);
  return refusal == Refusal::zero_length ? Refusal::bad_length : refusal;
}

std::optional<Refusal> check_access(const Scalar& given) {
  if (given.kind == Scalar::Kind::absent) return std::nullopt;
  const bool fine = given.kind == Scalar::Kind::integer && given.number >= 0 && given.number <= access::all;
  return fine ? std::nullopt : std::optional(Refusal::bad_access);
}

// The segment of one part but for its id. The length that was given is that of the whole feature.
std::optional<Refusal> make_part(const Feature& feature, std::span<const LngLat> line, bool whole,
                                 NewSegment& out) {
  if (line.size() < 2) return Refusal::too_few_points;
  out.length_m = length_m(line);
  if (const auto refusal = check_length(out.length_m)) return refusal;
  if (whole && feature.length_m.kind != Scalar::Kind::absent) out.length_m = feature.length_m.number;
  const Scalar& street = is_text(feature.street) ? feature.street : feature.name;
  out.street = is_text(street) ? street.text : "(unnamed)";
  if (is_text(feature.neighborhood)) out.neighborhood = feature.neighborhood.text;
  if (feature.access.kind == Scalar::Kind::integer)
    out.access = static_cast<std::uint8_t>(feature.access.number);
  out.geometry.assign(line.begin(), line.end());
  return std::nullopt;
}

std::optional<Refusal> make_parts(const Feature& feature, const std::string& id,
                                  std::vector<NewSegment>& out) {
  const bool whole = feature.geometry_type.text == "LineString";
  std::size_t begin = 0;
  for (std::size_t part = 0; part < feature.part_ends.size(); ++part) {
    const std::size_t end = feature.part_ends[part];
    NewSegment& segment = out.emplace_back();
    segment.segment_id = whole ? id : id + "_" + std::to_string(part + 1);
    if (code_points(segment.segment_id) > max_id) return Refusal::id_too_long;
    const std::span points(feature.points);
    if (const auto refusal = make_part(feature, points.subspan(begin, end - begin), whole, segment))
      return refusal;
    begin = end;
  }
  return std::nullopt;
}

bool any_part_crosses(const Feature& feature) {
  std::size_t begin = 0;
  for (const std::size_t end : feature.part_ends) {
    if (crosses_meridian(std::span(feature.points).subspan(begin, end - begin))) return true;
    begin = end;
  }
  return false;
}

}  // namespace

std::string Feature::where() const {
  std::string out = "feature " + std::to_string(ordinal) + " (line " + std::to_string(line);
  if (const Scalar* scalar = id_of(*this)) out += ", id '" + clean_text(scalar->text, 60) + "'";
  return out + ")";
}

Result<std::optional<Refusal>> make_segments(const Feature& feature, std::vector<NewSegment>& out) {
  if (feature.type.text != "Feature") return Refusal::not_a_feature;
  const Scalar* id = id_of(feature);
  if (id == nullptr) return Refusal::no_id;
  if (code_points(id->text) > max_id) return Refusal::id_too_long;
  if (!storable(*id, max_id)) return Refusal::bad_text;
  const Scalar& street = is_text(feature.street) ? feature.street : feature.name;
  if (const auto refusal = check_text(feature, street)) return refusal;
  if (const auto refusal = check_shape(feature)) return refusal;
  if (const auto refusal = check_given_length(feature.length_m)) return refusal;
  if (const auto refusal = check_access(feature.access)) return refusal;
  if (any_part_crosses(feature))
    return fail(Errc::malformed,
                feature.where() + " crosses the 180 degree meridian: cut it there into two features");
  const std::size_t before = out.size();
  const auto refusal = make_parts(feature, id->text, out);
  if (refusal) out.resize(before);
  return refusal;
}

}  // namespace diary::import
