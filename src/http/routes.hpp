// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which calls there are, and the terms of each: who may make it and what it counts as. Each area of the API
// adds its own.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/site.hpp"

namespace diary::http {

using Handler = std::function<asio::awaitable<Reply>(Site&, Request&)>;

enum class Access {
  anyone,     // with or without a token
  caller,     // 401 without one
  own_token,  // the handler looks at Authorization itself
  moderator,  // and 403 without the role
};

// What a call is counted against.
enum class Quota {
  api,      //
  routing,  // computing a route
  map,      // live streams, static files: ten times the API's figures
  tiles,    // as many, and counted apart from those: one look at a map asks for a dozen
  none,     // health and the like
};

// When the database is asked whether the caller's token is still good.
enum class Check {
  before,  // by itself, before the handler is run
  within,  // by the handler: the first thing that its on_db() does, or part of the statement that stores
};

struct Terms {
  Access access = Access::anyone;
  Quota quota = Quota::api;
  Check check = Check::before;
};

struct Route {
  Verb method;
  std::string path;                  // as written in the OpenAPI document
  std::vector<std::string> pattern;  // its segments; "{name}" matches any
  Handler handler;
  Terms terms;
};

class RouteTable {
 public:
  void add(Verb method, std::string_view path, Handler handler, Terms terms = {});
  [[nodiscard]] const std::vector<Route>& all() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

// All of them.
[[nodiscard]] const std::vector<Route>& routes();

}  // namespace diary::http
