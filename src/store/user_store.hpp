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
  void note_login(const Uuid& user_id);

 private:
  pg::Connection& connection_;
};

}  // namespace diary
