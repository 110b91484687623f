// SPDX-License-Identifier: Apache-2.0
#include "http/routes.hpp"

#include "http/handlers.hpp"

namespace diary::http {

void RouteTable::add(Verb method, std::string_view path, Handler handler, Terms terms) {
  Route made{method, std::string(path), {}, std::move(handler), terms};
  for (path.remove_prefix(1); !path.empty();) {
    const auto slash = path.find('/');
    made.pattern.emplace_back(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  routes_.push_back(std::move(made));
}

const std::vector<Route>& routes() {
  static const RouteTable table = [] {
    RouteTable made;
    add_account_routes(made);
    add_document_routes(made);
    add_explain_routes(made);
    add_health_routes(made);
    add_live_routes(made);
    add_map_routes(made);
    add_me_routes(made);
    add_metrics_routes(made);
    add_routing_routes(made);
    add_saved_route_routes(made);
    add_moderation_routes(made);
    add_page_routes(made);
    add_rating_routes(made);
    add_segment_routes(made);
    add_statistics_routes(made);
    add_submission_routes(made);
    return made;
  }();
  return table.all();
}

}  // namespace diary::http
