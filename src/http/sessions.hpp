// SPDX-License-Identifier: Apache-2.0
#pragma once

// Between dispatch and a route's handler: sees to it that the database is asked, once for each request,
// whether the caller's token is still good and what role they have.

#include "http/routes.hpp"

namespace diary::http {

// The handler's reply; or 401 for a token that is not good any more, and 403 for who lacks the route's role.
// Throws what the handler throws.
asio::awaitable<Reply> handle(Site& site, const Route& route, Request& request);

}  // namespace diary::http
