// SPDX-License-Identifier: Apache-2.0
#include "app/accounts.hpp"

#include <algorithm>

#include "http/fields.hpp"
#include "http/handlers.hpp"
#include "http/json_writer.hpp"
#include "http/problem.hpp"

namespace diary::http {
namespace {

constexpr int max_failed_logins = 10;

struct AccountBody {
  std::string email;
  std::string password;
  std::optional<std::string> display_name;
};

std::string lower_ascii(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

// A password is judged by its bytes and never sent back.
void read_password(const boost::json::object& object, std::size_t min_bytes, Fields& fields,
                   AccountBody& body, std::vector<FieldError>& errors) {
  const auto* value = object.if_contains("password");
  fields.text("password", 0, limits::max_password_bytes * 4);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  if (text == nullptr || text->size() < min_bytes || text->size() > limits::max_password_bytes ||
      text->find('\0') != boost::json::string::npos) {
    errors.push_back({"password",
                      "must be a string of " + std::to_string(min_bytes) + " to " +
                          std::to_string(limits::max_password_bytes) + " bytes",
                      {}});
    return;
  }
  body.password = std::string(*text);
}

Result<AccountBody> parse_account(const std::string& text, bool is_new) {
  auto object = parse_object(text);
  if (!object) return fail(std::move(object.error()));
  Fields fields(*object);
  AccountBody body;
  std::vector<FieldError> errors;
  fields.require("email");
  if (auto email = fields.text("email", 3, limits::max_email)) {
    body.email = lower_ascii(*email);
    if (!is_email(body.email)) fields.complain("email", "must be an e-mail address");
  }
  read_password(*object, is_new ? limits::min_password_bytes : 0, fields, body, errors);
  if (is_new) body.display_name = fields.text("display_name", 1, limits::max_display_name);
  for (FieldError& error : fields.finish()) {
    if (error.field != "password") errors.insert(errors.end() - (errors.empty() ? 0 : 1), std::move(error));
  }
  if (!errors.empty()) return fail(validation_error(std::move(errors)));
  return body;
}

Reply account_reply(Site& site, unsigned status, const User& user) {
  Reply reply;
  reply.status = status;
  reply.headers.emplace_back("Cache-Control", "no-store");
  JsonObject object(reply.body);
  object.key("user");
  JsonObject person(reply.body);
  person.text("user_id", user.user_id.text())
      .text("email", user.email)
      .maybe("display_name", user.display_name)
      .text("tier", user.tier)
      .text("created_at", to_rfc3339(user.created_at));
  person.end();
  object.text("access_token", site.tokens.issue(user))
      .text("token_type", "Bearer")
      .raw("expires_in", std::to_string(site.tokens.expiry().count()));
  object.end();
  return reply;
}

}  // namespace

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
  const std::string keys[] = {"account " + body->email, "address " + request.address};
  for (const std::string& key : keys) {
    const auto verdict = site.failed_logins.peek(key, max_failed_logins);
    if (verdict.allowed) continue;
    const auto wait =
        std::chrono::ceil<std::chrono::seconds>(verdict.reset - std::chrono::system_clock::now());
    co_return problem(Error{Errc::rate_limited, "too many failed logins", {}, wait}, request);
  }
  const auto user = co_await site.passwords.run(
      [&site, &body] { return site.accounts.log_in(body->email, body->password); });
  if (!user) {
    if (user.error().code == Errc::unauthorized) {
      for (const std::string& key : keys) site.failed_logins.hit(key, max_failed_logins);
    }
    co_return problem(user.error(), request);
  }
  site.failed_logins.forget(keys[0]);
  co_return account_reply(site, 200, *user);
}

}  // namespace diary::http
