// SPDX-License-Identifier: Apache-2.0
#pragma once

// The bytes of a response's header. Whatever a header's value is made of, it is one line.

#include <chrono>
#include <string>

#include "http/message.hpp"

namespace diary::http {

struct ResponseTerms {
  bool keep_alive = true;
  bool is_old = false;  // to an HTTP/1.0 client
};

[[nodiscard]] std::string response_header(
    const Reply& reply, ResponseTerms terms,
    std::chrono::system_clock::time_point at = std::chrono::system_clock::now());

}  // namespace diary::http
