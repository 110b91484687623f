// SPDX-License-Identifier: Apache-2.0
#pragma once

// One's own account, in a transaction that acts for its user. What takes the password was held against its
// hash before, on a thread for that: the hash goes along, and a password changed meanwhile stops the change.

#include <optional>
#include <string>

#include "base/result.hpp"
#include "domain/user.hpp"
#include "pg/connection.hpp"
#include "store/user_store.hpp"

namespace diary {

namespace limits {
inline constexpr std::size_t max_avatar_url = 2000;  // code points
}

struct ProfileChange {
  std::optional<std::optional<std::string>> display_name;  // nothing within: it is cleared
  std::optional<std::optional<std::string>> avatar_url;
  std::optional<std::string> email;
  std::optional<std::string> password_hash;
};

// Errors: unauthorized.
[[nodiscard]] Result<User> find_user(pg::Connection& connection, const Uuid& user_id);
[[nodiscard]] Result<Credentials> own_credentials(pg::Connection& connection);

// Errors: email_taken, conflict.
[[nodiscard]] Result<User> change_profile(pg::Connection& connection, const Uuid& user_id,
                                          const ProfileChange& change, const std::string& hash);

// With ratings, votes and routes. Errors: conflict.
[[nodiscard]] Result<void> delete_account(pg::Connection& connection, const std::string& hash);

// JSON.
[[nodiscard]] Result<std::string> export_account(pg::Connection& connection);

}  // namespace diary
