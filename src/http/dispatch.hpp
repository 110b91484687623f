// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a request to a reply: finds the route, checks who calls and how often, runs the handler, and turns
// whatever it throws into a problem. Knows nothing of sockets.

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

#include "http/site.hpp"
#include "http/unreadable.hpp"

namespace diary::http {

using BeastRequest = boost::beast::http::request<boost::beast::http::string_body>;

using WatchPeer = std::function<std::shared_ptr<const std::atomic<bool>>()>;  // as in Request

// The reply is whole: its common headers, 304 and compression included. The connection is the caller's, and
// so is `watch_peer`, which is no temporary: GCC 12 destroys those twice in a co_await.
asio::awaitable<Reply> dispatch(Site& site, BeastRequest message, std::string address,
                                const WatchPeer& watch_peer);

// A reply to what could not be read as a request at all.
asio::awaitable<Reply> unreadable(Site& site, std::string address, Unreadable why);

}  // namespace diary::http
