// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the bodies that save and change routes. Judges the form alone: whether the segments exist and join,
// and whether figures fit them, the use case says.

#include "base/result.hpp"
#include "domain/saved_route.hpp"
#include "http/message.hpp"

namespace diary::http {

struct RouteBody {
  Uuid route_id;
  RouteDraft draft;
};

// A new route: its id is the body's, or that of the Idempotency-Key, or a new one.
[[nodiscard]] Result<RouteBody> parse_new_route(const Request& request);

// A route under the id of the path, which the body may repeat.
[[nodiscard]] Result<RouteBody> parse_whole_route(const Request& request);

[[nodiscard]] Result<RoutePatch> parse_route_patch(const Request& request);

}  // namespace diary::http
