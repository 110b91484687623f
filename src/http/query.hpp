// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the parameters of a query string one by one and gathers every complaint, so that the answer names all
// that are wrong. Also makes and reads cursors: where a page ended, opaque to clients.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "domain/segment_query.hpp"
#include "http/message.hpp"

namespace diary::http {

class QueryReader {
 public:
  explicit QueryReader(const Request& request) : request_(request) {}

  // Each returns nothing when the parameter is absent or wrong; wrong ones are noted.
  std::optional<std::string> text(const char* name, std::size_t min_chars, std::size_t max_chars);
  std::optional<std::int64_t> integer(const char* name, std::int64_t low, std::int64_t high);
  std::optional<double> real(const char* name, double low, double high);
  std::optional<Time> time(const char* name);  // RFC 3339
  std::optional<Date> date(const char* name);  // YYYY-MM-DD
  std::optional<Uuid> uuid(const char* name);
  std::optional<BBox> bbox(const char* name);
  std::optional<std::vector<std::string>> cursor(const char* name, std::size_t parts);
  std::optional<std::string> one_of(const char* name, const std::vector<std::string>& words);

  void require(const char* name);  // notes a complaint when it is absent
  void complain(const char* name, std::string message);
  [[nodiscard]] bool fine() const { return errors_.empty(); }
  [[nodiscard]] Error error();  // the complaints as one validation error

 private:
  template <class T, class Complaint, class Parse>
  std::optional<T> read(const char* name, Complaint complaint, Parse parse);

  const Request& request_;
  std::vector<FieldError> errors_;
};

// By what it accepts.
[[nodiscard]] bool wants_geojson(const Request& request);

// West, south, east, north; nothing for what is no box on the earth.
[[nodiscard]] std::optional<BBox> parse_bbox(std::string_view text);

// The keys of a page's last row, so that the next page begins behind it whatever was added before.
[[nodiscard]] std::string make_cursor(const std::vector<std::string>& keys);
[[nodiscard]] std::optional<std::vector<std::string>> read_cursor(std::string_view cursor, std::size_t parts);

}  // namespace diary::http
