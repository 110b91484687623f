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
  return Credentials{Uuid::parse(rows.text(0, 0)).value(), rows.str(0, 1)};
}

std::optional<User> UserStore::find(const Uuid& user_id) {
  const auto rows = connection_.run(sql::user::find, {user_id.text()});
  if (rows.empty()) return std::nullopt;
  return User{Uuid::parse(rows.text(0, 0)).value(), rows.str(0, 1), rows.opt(0, 2), rows.str(0, 3),
              decode_time(rows, 0, 4)};
}

void UserStore::note_login(const Uuid& user_id) {
  connection_.run(sql::user::logged_in, {user_id.text()});
}

}  // namespace diary
