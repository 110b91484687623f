// SPDX-License-Identifier: Apache-2.0
#include "http/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "http/fields.hpp"

namespace diary::http {
namespace {

constexpr std::size_t max_cursor_bytes = 1024;

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class Number>
std::optional<Number> number(std::string_view text, Number low, Number high) {
  const auto value = number<Number>(text);
  return value && *value >= low && *value <= high ? value : std::nullopt;
}

std::string quoted(const std::string& text) {
  std::string json;
  log::append_json_string(json, cut_utf8(text, 200));
  return json;
}

}  // namespace

bool wants_geojson(const Request& request) {
  return request.accept.find("application/geo+json") != std::string::npos;
}

std::optional<BBox> parse_bbox(std::string_view text) {
  std::array<double, 4> edges{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto comma = i < 3 ? text.find(',') : text.size();
    if (comma == std::string_view::npos) return std::nullopt;
    const auto value = number<double>(text.substr(0, comma));
    if (!value || !std::isfinite(*value)) return std::nullopt;
    edges[i] = *value;
    text.remove_prefix(std::min(text.size(), comma + 1));
  }
  const BBox box{edges[0], edges[1], edges[2], edges[3]};
  const bool fine = box.west < box.east && box.south < box.north && box.west >= -180 && box.east <= 180 &&
                    box.south >= -90 && box.north <= 90;
  return fine ? std::optional(box) : std::nullopt;
}

// "1" (the form's version) and the keys in hexadecimal, a dash between them.
std::string make_cursor(const std::vector<std::string>& keys) {
  constexpr char digits[] = "0123456789abcdef";
  std::string cursor = "1";
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i > 0) cursor += '-';
    for (const char c : keys[i]) {
      cursor += digits[static_cast<unsigned char>(c) >> 4];
      cursor += digits[static_cast<unsigned char>(c) & 15];
    }
  }
  return cursor;
}

std::optional<std::vector<std::string>> read_cursor(std::string_view cursor, std::size_t parts) {
  if (cursor.empty() || cursor.size() > max_cursor_bytes || cursor.front() != '1') return std::nullopt;
  cursor.remove_prefix(1);
  std::vector<std::string> keys(1);
  while (!cursor.empty()) {
    if (cursor.front() == '-') {
      keys.emplace_back();
      cursor.remove_prefix(1);
      continue;
    }
    int byte = 0;
    if (cursor.size() < 2) return std::nullopt;
    const auto [end, ec] = std::from_chars(cursor.data(), cursor.data() + 2, byte, 16);
    if (ec != std::errc{} || end != cursor.data() + 2 || byte < 32 || byte == 127) return std::nullopt;
    keys.back() += static_cast<char>(byte);
    cursor.remove_prefix(2);
  }
  const bool fine = keys.size() == parts && std::ranges::all_of(keys, [](const std::string& key) {
                      return !key.empty() && is_utf8(key);
                    });
  return fine ? std::optional(std::move(keys)) : std::nullopt;
}

// complaint(): what is said of a value that parse() makes nothing of.
template <class T, class Complaint, class Parse>
std::optional<T> QueryReader::read(const char* name, Complaint complaint, Parse parse) {
  const auto text = request_.parameter(name);
  if (!text) return std::nullopt;
  std::optional<T> value = parse(*text);
  if (!value) complain(name, complaint());
  return value;
}

std::optional<std::string> QueryReader::text(const char* name, std::size_t min_chars, std::size_t max_chars) {
  return read<std::string>(
      name, [=] { return fmt::format("must have {} to {} characters", min_chars, max_chars); },
      [=](const std::string& text) {
        const std::size_t chars = count_chars(text);
        return chars >= min_chars && chars <= max_chars ? std::optional(text) : std::nullopt;
      });
}

std::optional<std::int64_t> QueryReader::integer(const char* name, std::int64_t low, std::int64_t high) {
  return read<std::int64_t>(
      name, [=] { return fmt::format("must be an integer from {} to {}", low, high); },
      [=](const std::string& text) { return number(text, low, high); });
}

std::optional<double> QueryReader::real(const char* name, double low, double high) {
  return read<double>(
      name, [=] { return fmt::format("must be a number from {} to {}", low, high); },
      [=](const std::string& text) { return number(text, low, high); });
}

std::optional<Time> QueryReader::time(const char* name) {
  return read<Time>(
      name, [] { return "must be an RFC 3339 time with an offset"; },
      [](const std::string& text) { return parse_rfc3339(text); });
}

std::optional<Date> QueryReader::date(const char* name) {
  return read<Date>(
      name, [] { return "must be a day as YYYY-MM-DD"; },
      [](const std::string& text) { return parse_date(text); });
}

std::optional<Uuid> QueryReader::uuid(const char* name) {
  return read<Uuid>(
      name, [] { return "must be a UUID"; }, [](const std::string& text) { return Uuid::parse(text); });
}

std::optional<BBox> QueryReader::bbox(const char* name) {
  return read<BBox>(
      name, [] { return "must be west,south,east,north in degrees with west < east and south < north"; },
      [](const std::string& text) { return parse_bbox(text); });
}

std::optional<std::vector<std::string>> QueryReader::cursor(const char* name, std::size_t parts) {
  return read<std::vector<std::string>>(
      name, [] { return "must be the next_cursor of the page before"; },
      [=](const std::string& text) { return read_cursor(text, parts); });
}

std::optional<std::string> QueryReader::one_of(const char* name, const std::vector<std::string>& words) {
  const auto complaint = [&words] {
    std::string choice;
    for (const std::string& word : words) choice += (choice.empty() ? "must be one of " : ", ") + word;
    return choice;
  };
  return read<std::string>(name, complaint, [&](const std::string& text) {
    return std::ranges::find(words, text) != words.end() ? std::optional(text) : std::nullopt;
  });
}

void QueryReader::require(const char* name) {
  if (!request_.parameter(name)) complain(name, "is required");
}

void QueryReader::complain(const char* name, std::string message) {
  const auto text = request_.parameter(name);
  errors_.push_back({name, std::move(message), text ? quoted(*text) : std::string{}});
}

Error QueryReader::error() {
  return validation_error(std::move(errors_));
}

}  // namespace diary::http
