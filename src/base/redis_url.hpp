// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a Redis is and how to log in: redis://[[user]:password@]host[:port][/number] over TCP,
// unix://[[user]:password@]/path/of/socket[?db=number] on this machine. Refuses rediss://: the client library
// of Debian 12 has no TLS.

#include <string>

#include "base/result.hpp"

namespace diary {

struct RedisUrl {
  std::string socket;  // a path; empty: TCP
  std::string host;
  int port = 6379;
  std::string user;
  std::string password;
  int database = 0;
};

// The error says what is wrong and never repeats the URL, which may hold a password.
[[nodiscard]] Result<RedisUrl> parse_redis_url(const std::string& text);

}  // namespace diary
