// SPDX-License-Identifier: Apache-2.0
#include "http/account_body.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "http/users.hpp"

namespace diary::http {
namespace {

bool is_web_address(const std::string& text) {
  const auto url = boost::urls::parse_uri({text.data(), text.size()});
  if (!url) return false;
  const auto scheme = url->scheme_id();
  return (scheme == boost::urls::scheme::https || scheme == boost::urls::scheme::http) &&
         !url->host().empty() && !url->has_userinfo();
}

std::optional<std::optional<std::string>> read_avatar(Fields& fields) {
  if (fields.clears("avatar_url")) return std::optional<std::string>{};
  auto url = fields.text("avatar_url", 1, limits::max_avatar_url);
  if (!url) return std::nullopt;
  if (!is_web_address(*url)) fields.complain("avatar_url", "must be an http or https address");
  return url;
}

}  // namespace

Result<AccountBody> parse_account(const std::string& text, bool is_new) {
  auto object = parse_object(text);
  if (!object) return fail(std::move(object.error()));
  Fields fields(*object);
  AccountBody body;
  fields.require("email");
  body.email = read_email(fields).value_or("");
  if (is_new) fields.require("password");
  body.password = (is_new ? read_new_password(fields) : read_password(fields, "password")).value_or("");
  if (is_new) body.display_name = fields.text("display_name", 1, limits::max_display_name);
  if (auto errors = fields.finish(); !errors.empty()) return fail(validation_error(std::move(errors)));
  return body;
}

Result<ChangeBody> parse_change(const std::string& text) {
  auto object = parse_object(text);
  if (!object) return fail(std::move(object.error()));
  Fields fields(*object);
  ChangeBody body;
  if (auto name = fields.text("display_name", 1, limits::max_display_name)) {
    body.change.display_name = std::move(name);
  } else if (fields.clears("display_name")) {
    body.change.display_name = std::optional<std::string>{};
  }
  body.change.avatar_url = read_avatar(fields);
  body.change.email = read_email(fields);
  body.password = read_new_password(fields);
  if (body.change.email || body.password) {
    body.current_password = read_password(fields, "current_password");
  } else {
    fields.secret("current_password", 0, limits::max_password_bytes);
  }
  if (auto errors = fields.finish(); !errors.empty()) return fail(validation_error(std::move(errors)));
  return body;
}

Result<std::string> parse_farewell(const std::string& text) {
  auto object = parse_object(text);
  if (!object) return fail(std::move(object.error()));
  Fields fields(*object);
  auto password = read_password(fields, "password");
  if (auto errors = fields.finish(); !errors.empty()) return fail(validation_error(std::move(errors)));
  return password.value();
}

}  // namespace diary::http
