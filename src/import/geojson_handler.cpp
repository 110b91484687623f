// SPDX-License-Identifier: Apache-2.0
#include "import/geojson_handler.hpp"

#include <algorithm>

#include "import/line.hpp"
#include "import/text.hpp"

namespace diary::import {
namespace {

constexpr std::size_t max_key = 64;

// `size` counts all parts up to this one, so the first is the one as long as itself.
void append_part(std::string& text, boost::json::string_view part, std::size_t size, std::size_t limit) {
  if (size == part.size()) text.clear();
  text.append(part.data(), std::min(part.size(), limit - std::min(limit, text.size())));
}

}  // namespace

bool GeoJsonHandler::stop(error_code& ec, std::string message) {
  failure_ = Error{Errc::malformed, std::move(message)};
  ec = boost::json::error::syntax;  // any: failure() is what counts
  return false;
}

bool GeoJsonHandler::on_document_begin(error_code&) {
  stack_.clear();
  features_seen_ = false;
  return true;
}

GeoJsonHandler::At GeoJsonHandler::member_of(At parent, bool object) const {
  switch (parent) {
    case At::document:
      return object ? At::root : At::skip;
    case At::features:
      return object ? At::feature : At::skip;
    case At::coordinates:
      return object ? At::skip : At::coordinates;
    case At::geometry:
      return !object && key_ == "coordinates" ? At::coordinates : At::skip;
    case At::root:
      if (!object && key_ == "features") return At::features;
      [[fallthrough]];
    case At::feature:
      if (!object) return At::skip;
      return key_ == "geometry" ? At::geometry : key_ == "properties" ? At::properties : At::skip;
    case At::properties:
    case At::skip:
      break;
  }
  return At::skip;
}

bool GeoJsonHandler::on_object_begin(error_code& ec) {
  const At parent = top();
  if (parent == At::coordinates) feature_.bad_position = true;
  if (parent == At::properties && !scalar(ec, Scalar::Kind::other, 0, {})) return false;
  stack_.push_back(member_of(parent, true));
  if (top() == At::feature || top() == At::root) begin_feature();
  if (top() == At::root) {
    root_type_ = {};
    root_line_ = line_;
  }
  return true;
}

bool GeoJsonHandler::on_object_end(std::size_t, error_code& ec) {
  const At ended = top();
  stack_.pop_back();
  if (ended == At::feature) return end_feature(ec);
  return ended != At::root || end_root(ec);
}

void GeoJsonHandler::begin_feature() {
  auto points = std::move(feature_.points);  // their memory is used again
  auto part_ends = std::move(feature_.part_ends);
  points.clear();
  part_ends.clear();
  feature_ = Feature{};
  feature_.points = std::move(points);
  feature_.part_ends = std::move(part_ends);
  feature_.line = line_;
  if (top() == At::feature) feature_.ordinal = ++features_;
}

bool GeoJsonHandler::end_feature(error_code& ec) {
  const auto done = on_feature_(feature_);
  return done || stop(ec, done.error().message);
}

bool GeoJsonHandler::end_root(error_code& ec) {
  const std::string& type = root_type_.text;
  if (features_seen_ && type == "FeatureCollection") return true;
  if (!features_seen_ && type == "Feature") {
    feature_.type = root_type_;
    feature_.ordinal = ++features_;
    return end_feature(ec);
  }
  return stop(ec, "not GeoJSON: the object that begins on line " + std::to_string(root_line_) + " has " +
                      (type.empty() ? "no \"type\"" : "the type '" + clean_text(type, 60) + "'") +
                      (type == "FeatureCollection" ? " but no \"features\"" : ""));
}

bool GeoJsonHandler::on_array_begin(error_code& ec) {
  const At parent = top();
  if (parent == At::document)
    return stop(ec, "not GeoJSON: the file holds a JSON array, not a FeatureCollection");
  if (parent == At::properties && !scalar(ec, Scalar::Kind::other, 0, {})) return false;
  const bool odd_element = parent == At::features;
  stack_.push_back(member_of(parent, false));
  if (odd_element) {
    begin_feature();
    feature_.ordinal = ++features_;
    return end_feature(ec);
  }
  if (top() == At::features) features_seen_ = true;
  if (top() == At::coordinates) {
    if (parent != At::coordinates) begin_coordinates();
    if (ordinates_ != 0) feature_.bad_position = true;
    ++level_;
  }
  return true;
}

bool GeoJsonHandler::on_array_end(std::size_t size, error_code&) {
  if (top() == At::coordinates) end_coordinates(size);
  stack_.pop_back();
  return true;
}

void GeoJsonHandler::begin_coordinates() {
  feature_.points.clear();
  feature_.part_ends.clear();
  feature_.depth = 0;
  feature_.bad_position = feature_.too_many_points = false;
  level_ = 0;
  ordinates_ = 0;
}

void GeoJsonHandler::coordinate(double value) {
  if (feature_.depth == 0) feature_.depth = level_;
  if (feature_.depth != level_) feature_.bad_position = true;
  if (ordinates_ == 0) position_.lng = value;
  if (ordinates_ == 1) position_.lat = value;
  ++ordinates_;
}

void GeoJsonHandler::end_coordinates(std::size_t size) {
  if (size == 0 && level_ > 1) feature_.bad_position = true;
  if (ordinates_ != 0) {
    keep_point();
  } else if (level_ == feature_.depth - 1 && !feature_.too_many_points) {
    feature_.part_ends.push_back(feature_.points.size());
  }
  ordinates_ = 0;
  --level_;
}

void GeoJsonHandler::keep_point() {
  if (ordinates_ < 2) feature_.bad_position = true;
  if (feature_.points.size() == max_points) feature_.too_many_points = true;
  if (!feature_.too_many_points) feature_.points.push_back(position_);
}

bool GeoJsonHandler::on_key_part(string_view part, std::size_t size, error_code&) {
  append_part(key_, part, size, max_key);
  return true;
}

bool GeoJsonHandler::on_key(string_view part, std::size_t size, error_code&) {
  append_part(key_, part, size, max_key);
  return true;
}

bool GeoJsonHandler::on_string_part(string_view part, std::size_t size, error_code&) {
  append_part(text_, part, size, Scalar::max_bytes);
  return true;
}

bool GeoJsonHandler::on_string(string_view part, std::size_t size, error_code& ec) {
  append_part(text_, part, size, Scalar::max_bytes);
  return scalar(ec, Scalar::Kind::text, 0, text_);
}

Scalar* GeoJsonHandler::target() {
  const At at = top();
  if (at == At::root || at == At::feature) {
    if (key_ == "type") return at == At::root ? &root_type_ : &feature_.type;
    if (key_ == "id") return &feature_.id;
  } else if (at == At::geometry) {
    if (key_ == "type") return &feature_.geometry_type;
  } else if (at == At::properties) {
    if (key_ == "segment_id") return &feature_.segment_id;
    if (key_ == "street") return &feature_.street;
    if (key_ == "name") return &feature_.name;
    if (key_ == "neighborhood") return &feature_.neighborhood;
    if (key_ == "length_m") return &feature_.length_m;
    if (key_ == "access") return &feature_.access;
  }
  return nullptr;
}

bool GeoJsonHandler::scalar(error_code& ec, Scalar::Kind kind, double number, std::string text) {
  if (stack_.empty())
    return stop(ec, "not GeoJSON: the file holds a bare JSON value, not a FeatureCollection");
  if (top() == At::features) {  // null or the like where a Feature should be
    begin_feature();
    feature_.ordinal = ++features_;
    return end_feature(ec);
  }
  if (top() == At::coordinates) feature_.bad_position = true;
  if (Scalar* into = target()) *into = {kind, std::move(text), number};
  return true;
}

bool GeoJsonHandler::number(error_code& ec, Scalar::Kind kind, double value, std::string text) {
  if (top() != At::coordinates) return scalar(ec, kind, value, std::move(text));
  coordinate(value);
  return true;
}

bool GeoJsonHandler::on_int64(std::int64_t value, string_view, error_code& ec) {
  return number(ec, Scalar::Kind::integer, static_cast<double>(value),
                top() == At::coordinates ? std::string() : std::to_string(value));
}

bool GeoJsonHandler::on_uint64(std::uint64_t value, string_view, error_code& ec) {
  return number(ec, Scalar::Kind::integer, static_cast<double>(value),
                top() == At::coordinates ? std::string() : std::to_string(value));
}

bool GeoJsonHandler::on_double(double value, string_view, error_code& ec) {
  return number(ec, Scalar::Kind::real, value, {});
}

bool GeoJsonHandler::on_bool(bool, error_code& ec) {
  return scalar(ec, Scalar::Kind::other, 0, {});
}

bool GeoJsonHandler::on_null(error_code& ec) {
  return scalar(ec, Scalar::Kind::absent, 0, {});
}

}  // namespace diary::import
