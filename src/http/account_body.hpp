// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the bodies that make, open, change and end an account. Judges the form alone; holds passwords as they
// were sent.

#include <optional>
#include <string>

#include "app/profile.hpp"
#include "base/result.hpp"

namespace diary::http {

struct AccountBody {
  std::string email;
  std::string password;
  std::optional<std::string> display_name;
};

struct ChangeBody {
  ProfileChange change;
  std::optional<std::string> password;  // the new one
  std::optional<std::string> current_password;
};

// To register, or to log in.
[[nodiscard]] Result<AccountBody> parse_account(const std::string& text, bool is_new);
[[nodiscard]] Result<ChangeBody> parse_change(const std::string& text);
// The password that confirms it.
[[nodiscard]] Result<std::string> parse_farewell(const std::string& text);

}  // namespace diary::http
