// SPDX-License-Identifier: Apache-2.0
#pragma once

// One function a call of the API. Each parses, runs one use case and replies.

#include "http/site.hpp"

namespace diary::http {

asio::awaitable<Reply> register_user(Site& site, Request& request);
asio::awaitable<Reply> log_in(Site& site, Request& request);
asio::awaitable<Reply> get_segments(Site& site, Request& request);
asio::awaitable<Reply> get_segment(Site& site, Request& request);
asio::awaitable<Reply> post_rating(Site& site, Request& request);
asio::awaitable<Reply> post_vote(Site& site, Request& request);
asio::awaitable<Reply> get_healthz(Site& site, Request& request);
asio::awaitable<Reply> get_readyz(Site& site, Request& request);
asio::awaitable<Reply> get_health(Site& site, Request& request);

}  // namespace diary::http
