// SPDX-License-Identifier: Apache-2.0
#include "http/users.hpp"

#include "domain/email.hpp"

namespace diary::http {

std::optional<std::string> read_email(Fields& fields) {
  const auto text = fields.text("email", 3, diary::limits::max_email);
  if (!text) return std::nullopt;
  auto email = normalize_email(*text);
  if (!email) fields.complain("email", "must be an e-mail address");
  return email;
}

std::optional<std::string> read_new_password(Fields& fields) {
  return fields.secret("password", diary::limits::min_password_bytes, diary::limits::max_password_bytes);
}

std::optional<std::string> read_password(Fields& fields, std::string_view name) {
  fields.require(name);
  return fields.secret(name, 0, diary::limits::max_password_bytes);
}

void write_user(JsonObject& object, const User& user) {
  object.text("user_id", user.user_id.text())
      .text("email", user.email)
      .raw("email_verified", user.email_verified ? "true" : "false")
      .maybe("display_name", user.display_name)
      .maybe("avatar_url", user.avatar_url)
      .text("tier", user.tier)
      .text("role", user.role)
      .text("created_at", to_rfc3339(user.created_at));
  if (user.last_login_at) object.text("last_login_at", to_rfc3339(*user.last_login_at));
}

void write_token(JsonObject& object, const Site& site, const User& user) {
  object.text("access_token", site.tokens.issue(user))
      .text("token_type", "Bearer")
      .raw("expires_in", std::to_string(site.tokens.expiry().count()));
}

}  // namespace diary::http
