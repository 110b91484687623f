// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a request counts against, how much of it its sender has, and how that is told. Each class of calls is
// counted apart; a sender is the user of the token, or the address without one.

#include "http/message.hpp"
#include "http/routes.hpp"
#include "http/site.hpp"

namespace diary::http {

// Within a window, for nobody (null) or somebody of a tier.
[[nodiscard]] int limit_of(const Config& config, Quota quota, const Caller* caller);

// Counts the request; Quota::none only tells what is left of Quota::api and is always allowed.
asio::awaitable<Verdict> count(Site& site, const Request& request, Quota quota);

// X-RateLimit-Limit, -Remaining and -Reset.
void add_limit_headers(Reply& reply, const Verdict& verdict);

// 429.
[[nodiscard]] Reply too_many(const Verdict& verdict, const Request& request);

}  // namespace diary::http
