// SPDX-License-Identifier: Apache-2.0
#pragma once

// A route for people, as GeoJSON and as GPX.

#include <string>

#include "app/routing.hpp"

namespace diary::cli {

// Lines of text: what it comes to, the steps, what it goes around; with a curve a table of its routes.
[[nodiscard]] std::string route_as_text(const RouteAnswer& answer, const RouteQuestion& question);

// A FeatureCollection: the primary, the alternative, the curve's routes; `kind` says which is which.
[[nodiscard]] std::string route_as_geojson(const RouteAnswer& answer, const RouteQuestion& question);

// GPX 1.1, a track for each route.
[[nodiscard]] std::string route_as_gpx(const RouteAnswer& answer, const RouteQuestion& question);

}  // namespace diary::cli
