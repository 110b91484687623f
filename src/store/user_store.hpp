// SPDX-License-Identifier: Apache-2.0
#pragma once

// Accounts in the database. Hashes pass through; it neither makes nor compares them.

#include <optional>
#include <string>
#include <vector>

#include "domain/user.hpp"
#include "pg/connection.hpp"

namespace diary {

struct Credentials {
  Uuid user_id;
  std::string email;
  std::string password_hash;
};

class UserStore {
 public:
  explicit UserStore(pg::Connection& connection) : connection_(connection) {}

  // Nothing when the e-mail is taken.
  [[nodiscard]] std::optional<Uuid> add(const std::string& email, const std::string& password_hash,
                                        const std::optional<std::string>& display_name);
  [[nodiscard]] std::optional<Credentials> credentials(const std::string& email);  // of an active account
  [[nodiscard]] std::optional<User> find(const Uuid& user_id);                     // when active

  // After the password behind `judged` was found right; `rehash` is the same at another cost. False when the
  // account was disabled, or got another password, meanwhile.
  [[nodiscard]] bool note_login(const Credentials& judged, const std::optional<std::string>& rehash);

  // Of the account that the transaction acts for.
  [[nodiscard]] std::optional<Credentials> own_credentials();
  // `changes` as auth.change_account takes it; `hash` is what the password was held against.
  enum class Change { changed, stale, taken };
  [[nodiscard]] Change change(const std::string& changes, const std::string& hash);
  [[nodiscard]] bool remove(const std::string& hash);  // false: the hash is another
  [[nodiscard]] std::string export_json();

 private:
  pg::Connection& connection_;
};

}  // namespace diary
