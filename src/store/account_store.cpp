// SPDX-License-Identifier: Apache-2.0
#include "store/account_store.hpp"

#include "sql/queries.hpp"
#include "store/decode.hpp"

namespace diary {

std::optional<Uuid> AccountStore::add(const NewAccount& account) {
  const auto rows = connection_.run(sql::account::add, {account.email, account.password_hash,
                                                        account.display_name, account.tier, account.role});
  if (rows.empty()) return std::nullopt;
  return Uuid::parse(rows.text(0, 0));
}

std::vector<Account> AccountStore::list(const std::optional<std::string>& who) {
  const auto rows = connection_.run(sql::account::list, {who});
  std::vector<Account> accounts;
  for (int i = 0; i < rows.size(); ++i)
    accounts.push_back(
        {.user_id = Uuid::parse(rows.text(i, 0)).value(),
         .email = rows.str(i, 1),
         .display_name = rows.opt(i, 2),
         .tier = rows.str(i, 3),
         .role = rows.str(i, 4),
         .is_active = rows.boolean(i, 5),
         .created_at = decode_time(rows, i, 6),
         .last_login_at = rows.is_null(i, 7) ? std::nullopt : std::optional(decode_time(rows, i, 7))});
  return accounts;
}

bool AccountStore::set_active(const std::string& who, bool active) {
  return !connection_.run(sql::account::set_active, {who, active}).empty();
}

bool AccountStore::set_tier(const std::string& who, const std::string& tier) {
  return !connection_.run(sql::account::set_tier, {who, tier}).empty();
}

bool AccountStore::set_role(const std::string& who, const std::string& role) {
  return !connection_.run(sql::account::set_role, {who, role}).empty();
}

}  // namespace diary
