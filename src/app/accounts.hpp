// SPDX-License-Identifier: Apache-2.0
#pragma once

// Accounts: enrolling and logging in. Slow on purpose (bcrypt): call it on threads of its own.

#include <optional>
#include <string>

#include "base/result.hpp"
#include "domain/user.hpp"
#include "pg/pool.hpp"

namespace diary {

namespace limits {
inline constexpr std::size_t min_password_bytes = 10;
inline constexpr std::size_t max_password_bytes = 72;  // bcrypt reads no further
inline constexpr std::size_t max_display_name = 100;   // code points
}  // namespace limits

// bcrypt ("$2b$") by libxcrypt. `cost` 4..15.
[[nodiscard]] std::string hash_password(const std::string& password, int cost);
[[nodiscard]] bool verify_password(const std::string& password, const std::string& hash);
[[nodiscard]] int cost_of(const std::string& hash);

class Accounts {
 public:
  Accounts(pg::Pool& pool, int bcrypt_cost);

  // Errors: email_taken.
  [[nodiscard]] Result<User> enroll(const std::string& email, const std::string& password,
                                    const std::optional<std::string>& display_name);

  // Errors: unauthorized, after the same work whether or not the account exists.
  [[nodiscard]] Result<User> log_in(const std::string& email, const std::string& password);

 private:
  pg::Pool& pool_;
  int bcrypt_cost_;
  std::string nobodys_hash_;
};

}  // namespace diary
