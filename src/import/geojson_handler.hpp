// SPDX-License-Identifier: Apache-2.0
#pragma once

// The events of a JSON parser, turned into Features one at a time. Members may come in any order; members
// nobody asked for are passed over without being kept. Knows GeoJSON's structure, not our rules.

#include <boost/json/error.hpp>
#include <boost/json/string_view.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "import/geojson_feature.hpp"

namespace diary::import {

class GeoJsonHandler {
 public:
  // Called at the end of each Feature; an Error ends the reading.
  using OnFeature = std::function<Result<void>(const Feature&)>;
  explicit GeoJsonHandler(OnFeature on_feature) : on_feature_(std::move(on_feature)) { stack_.reserve(64); }

  void at_line(std::int64_t line) { line_ = line; }
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
  [[nodiscard]] std::int64_t features() const { return features_; }

  using error_code = boost::json::error_code;
  using string_view = boost::json::string_view;
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  bool on_document_begin(error_code&);
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code& ec);
  bool on_object_end(std::size_t, error_code& ec);
  bool on_array_begin(error_code& ec);
  bool on_array_end(std::size_t size, error_code&);
  bool on_key_part(string_view part, std::size_t, error_code&);
  bool on_key(string_view part, std::size_t, error_code&);
  bool on_string_part(string_view part, std::size_t, error_code&);
  bool on_string(string_view part, std::size_t, error_code& ec);
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t value, string_view, error_code& ec);
  bool on_uint64(std::uint64_t value, string_view, error_code& ec);
  bool on_double(double value, string_view, error_code& ec);
  bool on_bool(bool, error_code& ec);
  bool on_null(error_code& ec);
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  enum class At { document, root, features, feature, properties, geometry, coordinates, skip };

  [[nodiscard]] At top() const { return stack_.empty() ? At::document : stack_.back(); }
  [[nodiscard]] At member_of(At parent, bool object) const;
  [[nodiscard]] Scalar* target();
  bool stop(error_code& ec, std::string message);
  bool scalar(error_code& ec, Scalar::Kind kind, double number, std::string text);
  bool number(error_code& ec, Scalar::Kind kind, double value, std::string text);
  void begin_feature();
  bool end_feature(error_code& ec);
  bool end_root(error_code& ec);
  void begin_coordinates();
  void coordinate(double value);
  void end_coordinates(std::size_t size);
  void keep_point();

  OnFeature on_feature_;
  std::vector<At> stack_;
  std::string key_;   // cut at max_key
  std::string text_;  // cut at Scalar::max_bytes
  Feature feature_;
  int level_ = 0;              // arrays open inside "coordinates"
  std::size_t ordinates_ = 0;  // read of the position at hand
  LngLat position_{};
  bool features_seen_ = false;  // in this document
  Scalar root_type_;            // apart from feature_, which those in "features" use
  std::int64_t root_line_ = 1;
  std::int64_t features_ = 0;
  std::int64_t line_ = 1;
  std::optional<Error> failure_;
};

}  // namespace diary::import
