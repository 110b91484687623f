// SPDX-License-Identifier: Apache-2.0
#pragma once

// A request as handlers see it and the reply they give: no sockets, no Beast parsers.

#include <boost/beast/http/verb.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "domain/user.hpp"

namespace diary::http {

using Verb = boost::beast::http::verb;

struct Request {
  Verb method = Verb::get;
  std::string path;                                        // decoded, without the query
  std::vector<std::pair<std::string, std::string>> query;  // decoded
  std::vector<std::string> captures;                       // what the route's {names} matched, in order
  std::string body;
  std::string content_type;
  std::string accept;
  std::string idempotency_key;
  std::string request_id;
  std::string address;           // the peer's, for limits; never stored or logged
  std::optional<Caller> caller;  // whose token it carries

  // The last value of a query parameter; nothing when absent.
  [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
};

struct Reply {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

}  // namespace diary::http
