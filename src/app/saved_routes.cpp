// SPDX-License-Identifier: Apache-2.0
#include "app/saved_routes.hpp"

#include "app/walk.hpp"
#include "store/route_store.hpp"

namespace diary {
namespace {

tl::unexpected<Error> id_is_used() {
  return fail(Errc::idempotency_mismatch, "this route_id was used for another route");
}

// With the user's other changes kept waiting.
Result<RouteStore> begin_change(pg::Connection& connection) {
  RouteStore store(connection);
  if (!store.begin_change()) return fail(Errc::unauthorized, "this account is not active");
  return store;
}

tl::unexpected<Error> has_changed() {
  return fail(Errc::conflict, "this route is not any more what it was believed to be");
}

Result<SavedRoute> find_own(RouteStore& store, const Uuid& route_id, const Precondition& expected) {
  auto route = store.find(route_id);
  if (!route) return no_route(route_id);
  if (!route->is_own) return fail(Errc::forbidden, "this route is another user's");
  if (expected && !expected(&*route)) return has_changed();
  return std::move(*route);
}

Result<SavedRoute> resolve(RouteStore& store, const Uuid& route_id, const RouteDraft& draft) {
  auto walk = resolve(store, draft.walk, "");
  if (!walk) return fail(std::move(walk.error()));
  SavedRoute route{.route_id = route_id,
                   .route_name = draft.route_name,
                   .walk = std::move(*walk),
                   .alternative = std::nullopt,
                   .is_public = draft.is_public,
                   .is_own = true,
                   .created_at = {},
                   .updated_at = {}};
  if (draft.alternative) {
    auto alternative = resolve(store, *draft.alternative, "alt_");
    if (!alternative) return fail(std::move(alternative.error()));
    route.alternative = std::move(*alternative);
  }
  return route;
}

bool is_same(const RouteDraft& draft, const SavedRoute& route) {
  return draft.route_name == route.route_name && draft.is_public == route.is_public &&
         is_same(draft.walk, route.walk) && draft.alternative.has_value() == route.alternative.has_value() &&
         (!draft.alternative || is_same(*draft.alternative, *route.alternative));
}

std::optional<Error> too_many(RouteStore& store) {
  if (store.count() < limits::max_saved_routes) return std::nullopt;
  return Error{Errc::conflict, "you have saved " + std::to_string(limits::max_saved_routes) +
                                   " routes, the most there may be: delete one first"};
}

}  // namespace

tl::unexpected<Error> no_route(const Uuid& route_id) {
  return fail(Errc::not_found, "there is no route " + route_id.text());
}

Result<RoutePage> list_routes(pg::Connection& connection, const RouteQuery& query) {
  return RouteStore(connection).list(query);
}

Result<SavedRoute> find_route(pg::Connection& connection, const Uuid& route_id) {
  auto route = RouteStore(connection).find(route_id);
  if (!route) return no_route(route_id);
  return std::move(*route);
}

// A route under this id that is not the caller's shows only when all else is right: with a draft that cannot
// be stored, nobody learns which ids are taken.
Result<SavedResult> create_route(pg::Connection& connection, const Uuid& route_id, const RouteDraft& draft) {
  auto store = begin_change(connection);
  if (!store) return fail(std::move(store.error()));
  if (auto known = store->find(route_id); known && known->is_own) {
    if (!is_same(draft, *known)) return id_is_used();
    return SavedResult{.route = std::move(*known), .created = false};
  }
  const auto route = resolve(*store, route_id, draft);
  if (!route) return fail(route.error());
  if (auto error = too_many(*store)) return fail(std::move(*error));
  if (!store->insert(*route)) return id_is_used();
  return SavedResult{.route = store->find(route_id).value(), .created = true};
}

Result<SavedResult> put_route(pg::Connection& connection, const Uuid& route_id, const RouteDraft& draft,
                              const Precondition& expected) {
  auto store = begin_change(connection);
  if (!store) return fail(std::move(store.error()));
  const auto known = find_own(*store, route_id, expected);
  if (!known && known.error().code != Errc::not_found) return fail(known.error());
  if (!known && expected && !expected(nullptr)) return has_changed();
  const auto route = resolve(*store, route_id, draft);
  if (!route) return fail(route.error());
  if (known) {
    if (!store->update(*route)) return no_route(route_id);
  } else {
    if (auto error = too_many(*store)) return fail(std::move(*error));
    if (!store->insert(*route)) return no_route(route_id);
  }
  return SavedResult{.route = store->find(route_id).value(), .created = !known};
}

Result<SavedRoute> patch_route(pg::Connection& connection, const Uuid& route_id, const RoutePatch& patch,
                               const Precondition& expected) {
  auto store = begin_change(connection);
  if (!store) return fail(std::move(store.error()));
  auto route = find_own(*store, route_id, expected);
  if (!route) return route;
  if (patch.route_name) route->route_name = *patch.route_name;
  if (patch.is_public) route->is_public = *patch.is_public;
  if (patch.walk) {
    auto walk = resolve(*store, *patch.walk, "");
    if (!walk) return fail(std::move(walk.error()));
    route->walk = std::move(*walk);
  }
  if (patch.no_alternative) route->alternative.reset();
  if (patch.alternative) {
    auto alternative = resolve(*store, *patch.alternative, "alt_");
    if (!alternative) return fail(std::move(alternative.error()));
    route->alternative = std::move(*alternative);
  }
  if (!store->update(*route)) return no_route(route_id);
  return store->find(route_id).value();
}

Result<bool> remove_route(pg::Connection& connection, const Uuid& route_id, const Precondition& expected) {
  auto store = begin_change(connection);
  if (!store) return fail(std::move(store.error()));
  const auto route = find_own(*store, route_id, expected);
  if (!route) return fail(route.error());
  return store->remove(route_id);
}

}  // namespace diary
