// SPDX-License-Identifier: Apache-2.0
#include "app/profile.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "app/gate.hpp"

namespace diary {
namespace {

namespace json = boost::json;

void put(json::object& changes, const char* name, const std::optional<std::optional<std::string>>& to) {
  if (to) changes[name] = *to ? json::value(**to) : json::value();
}

Error changed_meanwhile() {
  return {Errc::conflict, "the password was changed meanwhile; try again"};
}

}  // namespace

Result<User> find_user(pg::Connection& connection, const Uuid& user_id) {
  auto user = UserStore(connection).find(user_id);
  if (!user) return fail(not_valid_any_more());
  return *std::move(user);
}

Result<Credentials> own_credentials(pg::Connection& connection) {
  auto credentials = UserStore(connection).own_credentials();
  if (!credentials) return fail(not_valid_any_more());
  return *std::move(credentials);
}

Result<User> change_profile(pg::Connection& connection, const Uuid& user_id, const ProfileChange& change,
                            const std::string& hash) {
  json::object changes;
  put(changes, "display_name", change.display_name);
  put(changes, "avatar_url", change.avatar_url);
  if (change.email) changes["email"] = *change.email;
  if (change.password_hash) changes["password_hash"] = *change.password_hash;
  switch (UserStore(connection).change(json::serialize(changes), hash)) {
    case UserStore::Change::taken:
      return fail(Errc::email_taken, "this e-mail address has an account already");
    case UserStore::Change::stale:
      return fail(changed_meanwhile());
    case UserStore::Change::changed:
      break;
  }
  return find_user(connection, user_id);
}

Result<void> delete_account(pg::Connection& connection, const std::string& hash) {
  if (!UserStore(connection).remove(hash)) return fail(changed_meanwhile());
  return {};
}

Result<std::string> export_account(pg::Connection& connection) {
  return UserStore(connection).export_json();
}

}  // namespace diary
