// SPDX-License-Identifier: Apache-2.0
#pragma once

// Accounts as their administrator sees them, over the owner's connection. `who` is an e-mail or an id.

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "base/uuid.hpp"
#include "pg/connection.hpp"

namespace diary {

struct Account {
  Uuid user_id;
  std::string email;
  std::optional<std::string> display_name;
  std::string tier;
  std::string role;
  bool is_active = true;
  Time created_at;
  std::optional<Time> last_login_at;
};

struct NewAccount {
  std::string email;
  std::string password_hash;
  std::optional<std::string> display_name;
  std::string tier = "free";
  std::string role = "user";
};

class AccountStore {
 public:
  explicit AccountStore(pg::Connection& connection) : connection_(connection) {}

  [[nodiscard]] std::optional<Uuid> add(const NewAccount& account);  // nothing when the e-mail is taken
  [[nodiscard]] std::vector<Account> list(const std::optional<std::string>& who = {});
  // Whether there is such an account.
  [[nodiscard]] bool set_active(const std::string& who, bool active);
  [[nodiscard]] bool set_tier(const std::string& who, const std::string& tier);
  [[nodiscard]] bool set_role(const std::string& who, const std::string& role);

 private:
  pg::Connection& connection_;
};

}  // namespace diary
