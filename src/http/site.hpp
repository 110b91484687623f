// SPDX-License-Identifier: Apache-2.0
#pragma once

// What handlers work with, and the routes they answer. Made once, before the server listens.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "app/accounts.hpp"
#include "app/gate.hpp"
#include "app/submissions.hpp"
#include "app/tokens.hpp"
#include "base/config.hpp"
#include "http/limiter.hpp"
#include "http/message.hpp"
#include "http/workers.hpp"

namespace diary::http {

struct Site {
  Site(const Config& settings, Gate& the_gate, Accounts& the_accounts, Submissions& the_submissions,
       Tokens the_tokens);

  Gate& gate;
  Accounts& accounts;
  Submissions& submissions;
  Tokens tokens;
  Config config;
  Workers database;   // as many threads as the pool has connections
  Workers passwords;  // bcrypt
  Limiter requests;
  Limiter failed_logins;
  std::string version;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};

using Handler = std::function<asio::awaitable<Reply>(Site&, Request&)>;

struct Route {
  Verb method;
  std::vector<std::string> pattern;  // path segments; "{name}" matches any
  Handler handler;
  bool needs_caller = false;  // 401 without a token
  bool counted = true;        // by the request limits
};

[[nodiscard]] const std::vector<Route>& routes();

}  // namespace diary::http
