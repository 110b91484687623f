// SPDX-License-Identifier: Apache-2.0
#pragma once

// One function for each area of the API, in a file of its own: adds the area's calls. A handler parses, runs
// one use case and replies.

#include "http/routes.hpp"

namespace diary::http {

void add_account_routes(RouteTable& table);
void add_document_routes(RouteTable& table);
void add_explain_routes(RouteTable& table);
void add_health_routes(RouteTable& table);
void add_live_routes(RouteTable& table);
void add_map_routes(RouteTable& table);
void add_me_routes(RouteTable& table);
void add_metrics_routes(RouteTable& table);
void add_moderation_routes(RouteTable& table);
void add_page_routes(RouteTable& table);
void add_rating_routes(RouteTable& table);
void add_routing_routes(RouteTable& table);
void add_saved_route_routes(RouteTable& table);
void add_segment_routes(RouteTable& table);
void add_statistics_routes(RouteTable& table);
void add_submission_routes(RouteTable& table);

}  // namespace diary::http
