// SPDX-License-Identifier: Apache-2.0
#pragma once

// Saving routes and finding them again. Each works inside a transaction that acts for the caller; whose
// routes are whose, row security decides.

#include <functional>

#include "base/result.hpp"
#include "domain/saved_route.hpp"
#include "pg/connection.hpp"

namespace diary {

// Whether the route that is to change (null: there is none yet) is what the caller believes it to be; empty:
// they do not say. Asked while no other change can come between; a no is Errc::conflict.
using Precondition = std::function<bool(const SavedRoute*)>;

// What is said of an id that the caller sees no route under.
[[nodiscard]] tl::unexpected<Error> no_route(const Uuid& route_id);

[[nodiscard]] Result<RoutePage> list_routes(pg::Connection& connection, const RouteQuery& query);

// Own or public. Errors: not_found.
[[nodiscard]] Result<SavedRoute> find_route(pg::Connection& connection, const Uuid& route_id);

// A new route; the same again is found, not created. Errors: unprocessable (no walk, wrong figures),
// idempotency_mismatch (the id has another content, or is another user's), conflict (too many), unauthorized.
[[nodiscard]] Result<SavedResult> create_route(pg::Connection& connection, const Uuid& route_id,
                                               const RouteDraft& draft);

// The caller's route under this id, new or replaced. Errors: as above, but forbidden for another's public
// route and not_found for another's private one.
[[nodiscard]] Result<SavedResult> put_route(pg::Connection& connection, const Uuid& route_id,
                                            const RouteDraft& draft, const Precondition& expected);

// Errors: not_found, forbidden, conflict, unprocessable, unauthorized.
[[nodiscard]] Result<SavedRoute> patch_route(pg::Connection& connection, const Uuid& route_id,
                                             const RoutePatch& patch, const Precondition& expected);

// True. Errors: not_found, forbidden, conflict, unauthorized.
[[nodiscard]] Result<bool> remove_route(pg::Connection& connection, const Uuid& route_id,
                                        const Precondition& expected);

}  // namespace diary
