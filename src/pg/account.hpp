// SPDX-License-Identifier: Apache-2.0
#pragma once

// A user of the operating system: looked up by name or number, asked what it may enter. Changes no user of
// this process; see child_process.hpp for that.

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace diary::pg {

struct Account {
  std::string name;
  uid_t uid;
  gid_t gid;
  std::vector<gid_t> groups;
};

[[nodiscard]] std::optional<Account> find_account(const std::string& name);
[[nodiscard]] std::optional<Account> find_account(uid_t uid);

// Who runs this process. PostgreSQL knows people by name, so a number without a name is refused.
[[nodiscard]] Result<Account> own_account();

[[nodiscard]] bool is_root();

// Whether `account` may enter `directory`, or what exists of the way to it. Asked by trying, as that account,
// so that access lists count too.
[[nodiscard]] bool can_enter(const Account& account, const std::filesystem::path& directory);

}  // namespace diary::pg
