// SPDX-License-Identifier: Apache-2.0
#include "store/user_store.hpp"

#include "sql/queries.hpp"
#include "store/decode.hpp"

namespace diary {

std::optional<Uuid> UserStore::add(const std::string& email, const std::string& password_hash,
                                   const std::optional<std::string>& display_name) {
  const auto rows = connection_.run(sql::user::enroll, {email, password_hash, display_name});
  if (rows.is_null(0, 0)) return std::nullopt;
  return Uuid::parse(rows.text(0, 0));
}

std::optional<Credentials> UserStore::credentials(const std::string& email) {
  const auto rows = connection_.run(sql::user::password_hash, {email});
  if (rows.empty()) return std::nullopt;
  return Credentials{Uuid::parse(rows.text(0, 0)).value(), email, rows.str(0, 1)};
}

std::optional<Credentials> UserStore::own_credentials() {
  const auto rows = connection_.run(sql::user::own_credentials);
  if (rows.empty()) return std::nullopt;
  return Credentials{Uuid::parse(rows.text(0, 0)).value(), rows.str(0, 1), rows.str(0, 2)};
}

UserStore::Change UserStore::change(const std::string& changes, const std::string& hash) {
  const auto rows = connection_.run(sql::user::change, {changes, hash});
  const auto end = rows.text(0, 0);
  return end == "changed" ? Change::changed : end == "taken" ? Change::taken : Change::stale;
}

bool UserStore::remove(const std::string& hash) {
  return connection_.run(sql::user::remove, {hash}).boolean(0, 0);
}

std::string UserStore::export_json() {
  return connection_.run(sql::user::held).str(0, 0);
}

std::optional<User> UserStore::find(const Uuid& user_id) {
  const auto rows = connection_.run(sql::user::find, {user_id.text()});
  if (rows.empty()) return std::nullopt;
  return User{.user_id = Uuid::parse(rows.text(0, 0)).value(),
              .email = rows.str(0, 1),
              .email_verified = rows.boolean(0, 2),
              .display_name = rows.opt(0, 3),
              .avatar_url = rows.opt(0, 4),
              .tier = rows.str(0, 5),
              .role = rows.str(0, 6),
              .created_at = decode_time(rows, 0, 7),
              .last_login_at = rows.is_null(0, 8) ? std::nullopt : std::optional(decode_time(rows, 0, 8)),
              .token_time = decode_time(rows, 0, 9)};
}

bool UserStore::note_login(const Credentials& judged, const std::optional<std::string>& rehash) {
  return connection_.run(sql::user::logged_in, {judged.user_id.text(), judged.password_hash, rehash})
      .boolean(0, 0);
}

}  // namespace diary
