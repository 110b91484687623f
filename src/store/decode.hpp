// SPDX-License-Identifier: Apache-2.0
#pragma once

// Column texts that several stores read: microseconds since 1970 and JSON arrays of strings.

#include <boost/json/parse.hpp>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "pg/connection.hpp"

namespace diary {

inline Time decode_time(const pg::Rows& rows, int row, int column) {
  return Time{std::chrono::microseconds{rows.integer(row, column)}};
}

inline std::vector<std::string> decode_strings(const pg::Rows& rows, int row, int column) {
  std::vector<std::string> strings;
  const auto list = boost::json::parse(rows.text(row, column));
  for (const auto& item : list.as_array()) strings.emplace_back(item.as_string());
  return strings;
}

}  // namespace diary
