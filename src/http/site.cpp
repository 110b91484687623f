// SPDX-License-Identifier: Apache-2.0
#include "http/site.hpp"

#include <thread>

#include "http/handlers.hpp"

namespace diary::http {
namespace {

constexpr int max_waiting_reads = 1000;
constexpr int max_waiting_passwords = 64;
constexpr auto failed_login_window = std::chrono::minutes{15};

Route route(Verb method, std::string_view path, Handler handler) {
  Route made{method, {}, std::move(handler)};
  for (path.remove_prefix(1); !path.empty();) {
    const auto slash = path.find('/');
    made.pattern.emplace_back(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return made;
}

Route with_caller(Route made) {
  made.needs_caller = true;
  return made;
}

Route uncounted(Route made) {
  made.counted = false;
  return made;
}

}  // namespace

Site::Site(const Config& settings, Gate& the_gate, Accounts& the_accounts, Submissions& the_submissions,
           Tokens the_tokens)
    : gate(the_gate),
      accounts(the_accounts),
      submissions(the_submissions),
      tokens(std::move(the_tokens)),
      config(settings),
      database(static_cast<std::size_t>(settings.pool_size), max_waiting_reads),
      passwords(std::max(1U, std::thread::hardware_concurrency()), max_waiting_passwords),
      requests(settings.rate_limit_window),
      failed_logins(failed_login_window),
      version(DIARY_VERSION) {}

const std::vector<Route>& routes() {
  static const std::vector<Route> table = {
      route(Verb::post, "/api/v1/auth/register", register_user),
      route(Verb::post, "/api/v1/auth/login", log_in),
      route(Verb::get, "/api/v1/diary/segments", get_segments),
      route(Verb::get, "/api/v1/diary/segments/{id}", get_segment),
      with_caller(route(Verb::post, "/api/v1/diary/ratings", post_rating)),
      with_caller(route(Verb::post, "/api/v1/diary/votes", post_vote)),
      uncounted(route(Verb::get, "/healthz", get_healthz)),
      uncounted(route(Verb::get, "/readyz", get_readyz)),
      uncounted(route(Verb::get, "/api/health", get_health)),
  };
  return table;
}

}  // namespace diary::http
