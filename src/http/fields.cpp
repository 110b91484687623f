// SPDX-License-Identifier: Apache-2.0
#include "http/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

#include "http/repeated_key.hpp"

#include "base/utf8.hpp"

namespace diary::http {
namespace {

constexpr std::size_t max_json_depth = 16;
constexpr std::size_t max_echo = 200;   // bytes of a refused value that are sent back
constexpr std::size_t max_name = 100;   // bytes of a refused name
constexpr std::size_t max_named = 100;  // complaints of one answer

// 1e400 is JSON, and infinite as a double, which no JSON says.
bool is_finite(const boost::json::value& value) {
  if (const auto* number = value.if_double()) return std::isfinite(*number);
  if (const auto* items = value.if_array()) return std::all_of(items->begin(), items->end(), is_finite);
  const auto* members = value.if_object();
  return members == nullptr || std::all_of(members->begin(), members->end(),
                                           [](const auto& member) { return is_finite(member.value()); });
}

std::string echo(const boost::json::value& value) {
  if (!is_finite(value)) return {};
  const std::string text = boost::json::serialize(value);
  return text.size() <= max_echo ? text : std::string{};
}

}  // namespace

Result<boost::json::object> parse_object(const std::string& body) {
  boost::json::parse_options options;
  options.max_depth = max_json_depth;
  boost::json::parser parser({}, options);
  boost::system::error_code ec;
  const std::size_t read = parser.write_some(body, ec);
  if (!ec && read < body.size()) ec = boost::json::error::extra_data;
  if (ec)
    return fail(Errc::malformed, "malformed JSON at byte " + std::to_string(read) + ": " + ec.message());
  if (auto twice = repeated_key(body)) return fail(validation_error({{*twice, "is given twice", {}}}));
  auto value = parser.release();
  if (!value.is_object())
    return fail(
        Error{Errc::validation, "the body must be a JSON object", {{"body", "must be a JSON object", {}}}});
  return std::move(value.as_object());
}

std::size_t count_chars(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

const boost::json::value* Fields::find(std::string_view name) {
  known_.emplace(name);
  const auto* value = object_.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

void Fields::complain(std::string_view name, std::string message) {
  const auto* value = object_.if_contains(name);
  errors_.push_back({prefix_ + std::string(cut_utf8(name, max_name)), std::move(message),
                     value == nullptr ? "" : echo(*value)});
}

void Fields::require(std::string_view name) {
  if (find(name) == nullptr) errors_.push_back({prefix_ + std::string(name), "is required", {}});
}

void Fields::take(std::vector<FieldError> others) {
  for (FieldError& other : others) errors_.push_back(std::move(other));
}

std::optional<std::string> Fields::text(std::string_view name, std::size_t min_chars, std::size_t max_chars) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto* string = value->if_string();
  const std::size_t chars = string == nullptr ? 0 : count_chars(*string);
  if (string == nullptr || chars < min_chars || chars > max_chars) {
    complain(name, "must be a string of " + std::to_string(min_chars) + " to " + std::to_string(max_chars) +
                       " characters");
    return std::nullopt;
  }
  if (string->find('\0') != boost::json::string::npos) {
    complain(name, "must not contain U+0000");
    return std::nullopt;
  }
  return std::string(*string);
}

std::optional<std::string> Fields::secret(std::string_view name, std::size_t min_bytes,
                                          std::size_t max_bytes) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto* string = value->if_string();
  if (string != nullptr && string->size() >= min_bytes && string->size() <= max_bytes &&
      string->find('\0') == boost::json::string::npos)
    return std::string(*string);
  errors_.push_back(
      {prefix_ + std::string(name),
       "must be a string of " + std::to_string(min_bytes) + " to " + std::to_string(max_bytes) + " bytes",
       {}});
  return std::nullopt;
}

bool Fields::clears(std::string_view name) {
  known_.emplace(name);
  const auto* value = object_.if_contains(name);
  return value != nullptr && value->is_null();
}

std::optional<int> Fields::integer(std::string_view name, int low, int high) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (const auto* number = value->if_int64(); number != nullptr && *number >= low && *number <= high)
    return static_cast<int>(*number);
  complain(name, "must be an integer from " + std::to_string(low) + " to " + std::to_string(high));
  return std::nullopt;
}

std::optional<double> Fields::real(std::string_view name, double low, double high) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) {
    if (const auto number = value->to_number<double>(); number >= low && number <= high) return number;
  }
  complain(name, fmt::format("must be a number from {} to {}", low, high));
  return std::nullopt;
}

std::optional<bool> Fields::boolean(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (const auto* truth = value->if_bool()) return *truth;
  complain(name, "must be true or false");
  return std::nullopt;
}

std::optional<std::string> Fields::one_of(std::string_view name, const std::vector<std::string>& words) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  std::string list;
  for (const std::string& word : words) {
    if (value->is_string() && value->as_string() == word) return word;
    list += (list.empty() ? "" : ", ") + word;
  }
  complain(name, "must be one of " + list);
  return std::nullopt;
}

std::optional<Uuid> Fields::uuid(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) {
    if (auto id = Uuid::parse(value->as_string())) return id;
  }
  complain(name, "must be a UUID");
  return std::nullopt;
}

std::optional<Time> Fields::time(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) {
    if (auto at = parse_rfc3339(value->as_string())) return at;
  }
  complain(name, "must be an RFC 3339 time with an offset, such as 2026-01-31T08:30:00Z");
  return std::nullopt;
}

std::optional<LngLat> Fields::position(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto* pair = value->if_array();
  const auto degrees = [pair](std::size_t i, double most) -> std::optional<double> {
    if (!(*pair)[i].is_number()) return std::nullopt;
    const double number = (*pair)[i].to_number<double>();
    return std::abs(number) <= most ? std::optional(number) : std::nullopt;
  };
  if (pair != nullptr && pair->size() == 2) {
    const auto lng = degrees(0, 180);
    const auto lat = degrees(1, 90);
    if (lng && lat) return LngLat{*lng, *lat};
  }
  complain(name, "must be [longitude, latitude] in degrees");
  return std::nullopt;
}

const boost::json::array* Fields::array(std::string_view name, std::size_t max_items) {
  const auto* value = find(name);
  if (value == nullptr) return nullptr;
  const auto* items = value->if_array();
  if (items != nullptr && items->size() <= max_items) return items;
  complain(name, "must be an array of at most " + std::to_string(max_items) + " items");
  return nullptr;
}

const boost::json::object* Fields::object(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return nullptr;
  if (value->is_object()) return &value->as_object();
  complain(name, "must be an object");
  return nullptr;
}

std::vector<FieldError> Fields::finish() {
  for (const auto& member : object_) {
    if (!known_.contains(std::string_view(member.key()))) complain(member.key(), "is not known here");
  }
  return std::move(errors_);
}

Error validation_error(std::vector<FieldError> fields) {
  const std::size_t unnamed = fields.size() - std::min(fields.size(), max_named);
  fields.erase(fields.end() - static_cast<std::ptrdiff_t>(unnamed), fields.end());
  std::string message;
  for (const FieldError& field : fields) {
    if (!message.empty()) message += "; ";
    message += field.field + " " + field.message;
  }
  if (unnamed > 0) message += "; and " + std::to_string(unnamed) + " more";
  return Error{Errc::validation, std::move(message), std::move(fields)};
}

}  // namespace diary::http
