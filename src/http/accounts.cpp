// SPDX-License-Identifier: Apache-2.0
#include "app/accounts.hpp"

#include "app/sessions.hpp"
#include "http/account_body.hpp"
#include "http/handlers.hpp"
#include "http/login_failures.hpp"
#include "http/on_db.hpp"
#include "http/problem.hpp"
#include "http/users.hpp"

namespace diary::http {
namespace {

Reply account_reply(const Site& site, unsigned status, const User& user) {
  Reply reply;
  reply.status = status;
  reply.headers.emplace_back("Cache-Control", "no-store");
  JsonObject object(reply.body);
  object.key("user");
  JsonObject person(reply.body);
  write_user(person, user);
  person.end();
  write_token(object, site, user);
  object.end();
  return reply;
}

asio::awaitable<Reply> register_user(Site& site, Request& request) {
  const auto body = parse_account(request.body, true);
  if (!body) co_return problem(body.error(), request);
  const auto user = co_await site.passwords.run(
      [&site, &body] { return site.accounts.enroll(body->email, body->password, body->display_name); });
  if (!user) co_return problem(user.error(), request);
  co_return account_reply(site, 201, *user);
}

asio::awaitable<Reply> log_in(Site& site, Request& request) {
  const auto body = parse_account(request.body, false);
  if (!body) co_return problem(body.error(), request);
  const LoginFailures failures(site, body->email, request.address);
  if (const auto limited = co_await failures.spent()) co_return problem(*limited, request);
  const auto user = co_await site.passwords.run(
      [&site, &body] { return site.accounts.log_in(body->email, body->password); });
  std::optional<Error> limited;
  if (user) {
    limited = co_await failures.spent();
  } else if (user.error().code == Errc::unauthorized) {
    limited = co_await failures.add();
  }
  if (limited) co_return problem(*limited, request);
  if (!user) co_return problem(user.error(), request);
  failures.forget();
  co_return account_reply(site, 200, *user);
}

asio::awaitable<Reply> log_out_caller(Site& site, Request& request) {
  const auto done = co_await on_db(
      site, request, [&request](pg::Connection& connection) { return log_out(connection, *request.caller); });
  if (!done) co_return problem(done.error(), request);
  Reply reply;
  reply.status = 204;
  co_return reply;
}

}  // namespace

void add_account_routes(RouteTable& table) {
  table.add(Verb::post, "/api/v1/auth/register", register_user);
  table.add(Verb::post, "/api/v1/auth/login", log_in);
  table.add(Verb::post, "/api/v1/auth/logout", log_out_caller,
            {.access = Access::caller, .check = Check::within});
}

}  // namespace diary::http
