// SPDX-License-Identifier: Apache-2.0
#pragma once

// Why something is no request at all, or not one that this server reads: what its sender is told before the
// connection is closed.

#include <string>

namespace diary::http {

struct Unreadable {
  unsigned status;
  const char* error;
  const char* title;
  std::string detail;
};

[[nodiscard]] inline Unreadable no_http(const std::string& why) {
  return {400, "malformed", "The request cannot be read", "this is not HTTP/1.1: " + why};
}

}  // namespace diary::http
