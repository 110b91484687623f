// SPDX-License-Identifier: Apache-2.0
#include "pg/account.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "pg/child_process.hpp"

namespace diary::pg {
namespace {

Account from_entry(const passwd& entry) {
  Account account{entry.pw_name, entry.pw_uid, entry.pw_gid, {}};
  int count = 64;
  account.groups.resize(static_cast<std::size_t>(count));
  if (getgrouplist(entry.pw_name, entry.pw_gid, account.groups.data(), &count) < 0) {
    account.groups.resize(static_cast<std::size_t>(count));
    getgrouplist(entry.pw_name, entry.pw_gid, account.groups.data(), &count);
  }
  account.groups.resize(static_cast<std::size_t>(count));
  return account;
}

std::filesystem::path existing_part(std::filesystem::path directory) {
  std::error_code ignored;
  while (directory.has_relative_path() && !std::filesystem::exists(directory, ignored))
    directory = directory.parent_path();
  return directory;
}

}  // namespace

std::optional<Account> find_account(const std::string& name) {
  const passwd* entry = getpwnam(name.c_str());
  if (entry == nullptr) return std::nullopt;
  return from_entry(*entry);
}

std::optional<Account> find_account(uid_t uid) {
  const passwd* entry = getpwuid(uid);
  if (entry == nullptr) return std::nullopt;
  return from_entry(*entry);
}

Result<Account> own_account() {
  auto account = find_account(geteuid());
  if (!account)
    return fail(Errc::failed, "user " + std::to_string(geteuid()) +
                                  " has no name (no line in /etc/passwd), and PostgreSQL needs one");
  return *std::move(account);
}

bool is_root() {
  return geteuid() == 0;
}

bool can_enter(const Account& account, const std::filesystem::path& directory) {
  const std::string target = existing_part(std::filesystem::absolute(directory)).string();
  return run_as(account, [&] { return chdir(target.c_str()) == 0 ? 0 : 1; }) == 0;
}

}  // namespace diary::pg
