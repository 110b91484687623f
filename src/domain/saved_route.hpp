// SPDX-License-Identifier: Apache-2.0
#pragma once

// Routes that people save: as drafted, as stored, and questions about them. Decimals are text, already
// rounded, where they are passed on as they are.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "base/uuid.hpp"
#include "domain/segment.hpp"
#include "domain/segment_query.hpp"

namespace diary {

namespace limits {
inline constexpr std::size_t max_route_name = 200;         // code points
inline constexpr std::size_t max_route_segments = 10'000;  // with repetitions
inline constexpr std::size_t max_line_points = 50'000;     // of a geometry that is sent
inline constexpr double max_route_m = 800'000;    // four days' walk; numeric(6,2) minutes end at 833 km
inline constexpr int max_saved_routes = 500;      // of one user
inline constexpr double figure_tolerance = 0.01;  // of figures that are sent, against the server's own
inline constexpr double line_tolerance_m = 25;    // of a geometry that is sent, likewise
}  // namespace limits

inline constexpr double walk_m_per_min = 5000.0 / 60;

// A walk over segments. What is absent the server computes; what is there it checks.
struct WalkDraft {
  std::vector<std::string> segment_ids;
  std::optional<std::vector<LngLat>> line;
  std::optional<double> length_m;
  std::optional<double> duration_min;
  std::optional<double> avg_safety;
};

struct RouteDraft {
  std::string route_name;
  WalkDraft walk;
  std::optional<WalkDraft> alternative;
  bool is_public = false;
};

// What of a route is to change; nothing: as it is.
struct RoutePatch {
  std::optional<std::string> route_name;
  std::optional<WalkDraft> walk;
  std::optional<WalkDraft> alternative;
  bool no_alternative = false;
  std::optional<bool> is_public;
};

struct Walk {
  std::vector<std::string> segment_ids;
  std::string line;  // GeoJSON
  std::string length_m;
  std::string duration_min;
  std::optional<std::string> avg_safety_saved;  // when it was saved
  std::optional<std::string> avg_safety;        // now
};

struct SavedRoute {
  Uuid route_id;
  std::string route_name;
  Walk walk;
  std::optional<Walk> alternative;
  bool is_public = false;
  bool is_own = false;
  Time created_at;
  Time updated_at;
};

struct RouteQuery {
  std::optional<BBox> bbox;
  std::optional<std::string> segment_id;
  int limit = 50;                              // 1..100
  std::optional<std::pair<Time, Uuid>> after;  // created_at and route_id of the last one of the page before
};

struct RoutePage {
  std::vector<SavedRoute> routes;
  bool more = false;  // there is a page after this one
};

// How the saving of a route ended.
struct SavedResult {
  SavedRoute route;
  bool created = false;
};

}  // namespace diary
