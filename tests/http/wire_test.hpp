// SPDX-License-Identifier: Apache-2.0
#pragma once

// Requests and answers as the bytes that they are.

#include <string>
#include <vector>

#include "http/api_test.hpp"

namespace diary::http::test {

inline constexpr const char* alive = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

// The status of each answer.
inline std::vector<int> statuses(const std::string& answers) {
  std::vector<int> found;
  for (std::size_t at = answers.find("HTTP/1.1 "); at != std::string::npos;
       at = answers.find("HTTP/1.1 ", at + 1))
    found.push_back(std::stoi(answers.substr(at + 9, 3)));
  return found;
}

}  // namespace diary::http::test
