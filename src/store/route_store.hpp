// SPDX-License-Identifier: Apache-2.0
#pragma once

// Saved routes, as far as row security lets app.user_id see and change them.

#include <optional>
#include <string>
#include <vector>

#include "domain/saved_route.hpp"
#include "pg/connection.hpp"

namespace diary {

// What segments come to as one walk, or where they do not (counted from 0).
struct JoinedSegments {
  std::optional<int> unknown_at;
  std::optional<int> break_at;  // between this one and the next
  std::string gap_m;
  std::string length_m;
  std::string avg_safety;
  std::string line;  // GeoJSON
};

class RouteStore {
 public:
  explicit RouteStore(pg::Connection& connection) : connection_(connection) {}

  [[nodiscard]] RoutePage list(const RouteQuery& query);
  [[nodiscard]] std::optional<SavedRoute> find(const Uuid& route_id);
  [[nodiscard]] JoinedSegments join(const std::vector<std::string>& segment_ids);

  // Makes other changes to the user's routes wait for this transaction; false for no active user.
  [[nodiscard]] bool begin_change();
  [[nodiscard]] int count();  // the user's own

  // Of app.user_id's own; the times and is_own of `route` do not count. False: the id is taken; there is
  // none.
  [[nodiscard]] bool insert(const SavedRoute& route);
  [[nodiscard]] bool update(const SavedRoute& route);
  [[nodiscard]] bool remove(const Uuid& route_id);

 private:
  pg::Connection& connection_;
};

}  // namespace diary
