// SPDX-License-Identifier: Apache-2.0
#include "app/profile.hpp"
#include "app/sessions.hpp"
#include "http/account_body.hpp"
#include "http/handlers.hpp"
#include "http/login_failures.hpp"
#include "http/on_db.hpp"
#include "http/problem.hpp"
#include "http/users.hpp"

namespace diary::http {
namespace {

// The caller's credentials once `password` was found to be theirs. A wrong one counts as a failed login, so
// that a token that was stolen is no way to guess the password.
asio::awaitable<Result<Credentials>> confirm(Site& site, Request& request, const std::string& password) {
  const auto own = co_await on_db(site, request, own_credentials);
  if (!own) co_return fail(own.error());
  const LoginFailures failures(site, own->email, request.address);
  if (auto limited = co_await failures.spent()) co_return fail(*std::move(limited));
  const auto right = co_await site.passwords.run(
      [&]() -> Result<bool> { return verify_password(password, own->password_hash); });
  if (!right) co_return fail(right.error());
  if (*right) co_return *own;
  if (auto limited = co_await failures.add()) co_return fail(*std::move(limited));
  co_return fail(Errc::forbidden, "this is not your password");
}

Reply user_reply(Site& site, const User& user, bool with_token) {
  Reply reply;
  reply.headers.emplace_back("Cache-Control", "no-store");
  JsonObject object(reply.body);
  write_user(object, user);
  if (with_token) write_token(object, site, user);
  object.end();
  return reply;
}

asio::awaitable<Reply> get_me(Site& site, Request& request) {
  const auto user = co_await on_db(site, request, [&request](pg::Connection& connection) {
    return find_user(connection, request.caller->user_id);
  });
  if (!user) co_return problem(user.error(), request);
  co_return user_reply(site, *user, false);
}

asio::awaitable<Reply> patch_me(Site& site, Request& request) {
  auto body = parse_change(request.body);
  if (!body) co_return problem(body.error(), request);
  std::string hash;
  if (body->current_password) {
    const auto own = co_await confirm(site, request, *body->current_password);
    if (!own) co_return problem(own.error(), request);
    hash = own->password_hash;
  }
  if (body->password) {
    const auto made = co_await site.passwords.run(
        [&]() -> Result<std::string> { return hash_password(*body->password, site.config.bcrypt_cost); });
    if (!made) co_return problem(made.error(), request);
    body->change.password_hash = *made;
  }
  const auto user = co_await on_db(site, request, [&](pg::Connection& connection) {
    return change_profile(connection, request.caller->user_id, body->change, hash);
  });
  if (!user) co_return problem(user.error(), request);
  co_return user_reply(site, *user, body->password.has_value());
}

asio::awaitable<Reply> delete_me(Site& site, Request& request) {
  const auto password = parse_farewell(request.body);
  if (!password) co_return problem(password.error(), request);
  const auto own = co_await confirm(site, request, *password);
  if (!own) co_return problem(own.error(), request);
  const auto gone = co_await on_db(site, request, [&](pg::Connection& connection) {
    return delete_account(connection, own->password_hash);
  });
  if (!gone) co_return problem(gone.error(), request);
  co_await catch_up(site);  // the scores without this person's ratings
  Reply reply;
  reply.status = 204;
  co_return reply;
}

asio::awaitable<Reply> export_me(Site& site, Request& request) {
  auto held = co_await on_db(site, request, export_account);
  if (!held) co_return problem(held.error(), request);
  Reply reply;
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"route-safety-diary.json\"");
  reply.body = *std::move(held);
  co_return reply;
}

}  // namespace

void add_me_routes(RouteTable& table) {
  const Terms own{.access = Access::caller, .check = Check::within};
  table.add(Verb::get, "/api/v1/me", get_me, own);
  table.add(Verb::patch, "/api/v1/me", patch_me, own);
  table.add(Verb::delete_, "/api/v1/me", delete_me, own);
  table.add(Verb::get, "/api/v1/me/export", export_me, own);
}

}  // namespace diary::http
