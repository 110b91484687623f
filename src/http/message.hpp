// SPDX-License-Identifier: Apache-2.0
#pragma once

// A request as handlers see it and the reply they give: no sockets, no Beast parsers.

#include <atomic>
#include <boost/beast/http/verb.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "domain/user.hpp"

namespace diary::http {

class LiveStream;

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
  std::string if_match;
  std::string last_event_id;  // of a stream that the client comes back to
  std::string request_id;
  std::string authorization;     // as sent; never logged
  std::string address;           // whom limits count it for, /64 of IPv6; never stored or logged
  bool secure = false;           // it came by HTTPS, as far as we can know
  std::string host;              // as the client calls this server
  std::optional<Caller> caller;  // whose token it carries
  // What the database says of the caller; nothing until it was asked, or when it could not be.
  std::optional<Session> session;
  // Begins to look whether the client hangs up, for work that may wait long; true from then on. Empty when
  // nobody can tell.
  std::function<std::shared_ptr<const std::atomic<bool>>()> watch_peer;

  // The last value of a query parameter; nothing when absent.
  [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
};

struct Reply {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::string_view
      gzip;  // the body compressed beforehand, if it was; lives as long as the program, or `held`
  std::shared_ptr<const void> held;
  std::string etag;  // of a read's body, without quotes; empty: to be made from the body
  std::vector<std::pair<std::string_view, std::string>> headers;  // the names: literals
  std::shared_ptr<LiveStream> stream;  // goes on behind the body, until either side ends it
};

}  // namespace diary::http
