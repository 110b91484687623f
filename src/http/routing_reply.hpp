// SPDX-License-Identifier: Apache-2.0
#pragma once

// Answers about routes as JSON: lengths and scores with two decimals, degrees with seven.

#include <string>

#include "app/reach.hpp"
#include "app/routing.hpp"
#include "http/routing_body.hpp"

namespace diary::http {

[[nodiscard]] std::string route_json(const Asked<RouteQuestion>& asked, const RouteAnswer& answer);
[[nodiscard]] std::string match_json(const TraceQuestion& question, const TraceAnswer& answer);
// A GeoJSON FeatureCollection with one feature, the area.
[[nodiscard]] std::string reach_json(const AskedReach& asked, const ReachAnswer& answer);

// "[lng,lat]"
void append_position(std::string& out, LngLat at);

}  // namespace diary::http
