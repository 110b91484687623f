// SPDX-License-Identifier: Apache-2.0
#pragma once

// The headers that answers have whatever they say: what browsers may do with them, who may keep them, and
// which other origins may read them. A handler that has set one of them knows better.

#include "http/dispatch.hpp"
#include "http/routes.hpp"

namespace diary::http {

// X-Content-Type-Options, Content-Security-Policy and their like; Strict-Transport-Security when the request
// came by HTTPS.
void add_security_headers(Reply& reply, bool secure);

// no-store for all that may hold a person's data: what a token came with or is needed for, writes, errors.
// What everybody may read can be kept, and is to be asked for anew each time.
void add_cache_control(Reply& reply, const Request& request, const Route* route);

// What pages of other origins need, and the answer to their preflight.
void add_cors_headers(Reply& reply, const Origins& origins, const BeastRequest& message);

// Adds names to Vary.
void add_vary(Reply& reply, std::string_view names);

}  // namespace diary::http
