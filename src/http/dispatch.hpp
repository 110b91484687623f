// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a request to a reply: finds the route, checks who calls and how often, runs the handler, and turns
// whatever it throws into a problem. Knows nothing of sockets.

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

#include "http/site.hpp"

namespace diary::http {

using BeastRequest = boost::beast::http::request<boost::beast::http::string_body>;

// Never throws. The reply has its common headers; compression and connection handling are the caller's.
asio::awaitable<Reply> dispatch(Site& site, BeastRequest message, std::string address);

// A reply to what could not be read as a request at all.
struct Unreadable {
  unsigned status;
  const char* error;
  const char* title;
  std::string detail;
};
[[nodiscard]] Reply unreadable(Site& site, const std::string& address, const Unreadable& why);

}  // namespace diary::http
