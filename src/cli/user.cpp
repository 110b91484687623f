// SPDX-License-Identifier: Apache-2.0
#include <openssl/rand.h>

#include <array>
#include <cstdio>
#include <iostream>
#include <stdexcept>

#include "app/accounts.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "domain/email.hpp"
#include "store/account_store.hpp"

namespace diary::cli {
namespace {

const std::vector<std::string> tiers{"free", "premium", "enterprise"};
const std::vector<std::string> roles{"user", "moderator", "admin"};

// What the command line says, for whichever of the commands runs.
struct Wishes {
  std::string who;
  std::string name;
  std::string tier = "free";
  std::string role = "user";
  bool password_from_stdin = false;
};

// 20 of 32 letters and digits that cannot be taken for each other: 100 bits.
std::string make_password() {
  constexpr std::string_view letters = "abcdefghijkmnpqrstuvwxyz23456789";
  std::array<unsigned char, 20> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error("no randomness for a password");
  std::string password;
  for (const unsigned char byte : bytes) password += letters[byte % letters.size()];
  return password;
}

Result<std::string> read_password() {
  std::string password;
  std::getline(std::cin, password);
  if (!password.empty() && password.back() == '\r') password.pop_back();
  if (password.size() < limits::min_password_bytes || password.size() > limits::max_password_bytes ||
      password.find('\0') != std::string::npos)
    return fail(Errc::failed, "the password must have " + std::to_string(limits::min_password_bytes) +
                                  " to " + std::to_string(limits::max_password_bytes) + " bytes");
  return password;
}

Result<NewAccount> describe(const Wishes& wishes) {
  NewAccount account;
  const auto email = normalize_email(wishes.who);
  if (!email) return fail(Errc::failed, "\"" + wishes.who + "\" is no e-mail address");
  account.email = *email;
  if (!wishes.name.empty()) {
    const auto points = decode_utf8(wishes.name);
    if (!points || points->size() > limits::max_display_name)
      return fail(Errc::failed, "the name must have at most " + std::to_string(limits::max_display_name) +
                                    " characters, in UTF-8");
    account.display_name = wishes.name;
  }
  account.tier = wishes.tier;
  account.role = wishes.role;
  return account;
}

template <class Work>
Result<void> with_store(const Config& config, Work work) {
  auto database = Database::open(config);
  if (!database) return fail(std::move(database.error()));
  pg::Connection connection((*database)->owner_url());
  AccountStore store(connection);
  return work(store);
}

Result<void> add(const Config& config, const Wishes& wishes) {
  auto account = describe(wishes);
  if (!account) return fail(std::move(account.error()));
  const auto password = wishes.password_from_stdin ? read_password() : Result<std::string>(make_password());
  if (!password) return fail(password.error());
  account->password_hash = hash_password(*password, config.bcrypt_cost);
  return with_store(config, [&](AccountStore& store) -> Result<void> {
    const auto user_id = store.add(*account);
    if (!user_id) return fail(Errc::failed, account->email + " has an account already");
    std::printf("added %s as %s\n", account->email.c_str(), user_id->text().c_str());
    if (!wishes.password_from_stdin) std::printf("password: %s\n", password->c_str());
    return {};
  });
}

Result<void> change(const Config& config, const Wishes& wishes, const std::string& done,
                    const std::function<bool(AccountStore&)>& work) {
  return with_store(config, [&](AccountStore& store) -> Result<void> {
    if (!work(store)) return fail(Errc::failed, "there is no account \"" + wishes.who + "\"");
    std::printf("%s %s\n", wishes.who.c_str(), done.c_str());
    return {};
  });
}

std::string as_json(const Account& account) {
  std::string out = R"({"user_id":")" + account.user_id.text() + R"(","email":)";
  log::append_json_string(out, account.email);
  if (account.display_name) {
    out += R"(,"display_name":)";
    log::append_json_string(out, *account.display_name);
  }
  out += R"(,"tier":")" + account.tier + R"(","role":")" + account.role + R"(","active":)" +
         (account.is_active ? "true" : "false") + R"(,"created_at":")" + to_rfc3339(account.created_at) + '"';
  if (account.last_login_at) out += R"(,"last_login_at":")" + to_rfc3339(*account.last_login_at) + '"';
  return out + '}';
}

Result<void> list(const Config& config, bool json) {
  return with_store(config, [json](AccountStore& store) -> Result<void> {
    std::string out;
    for (const Account& account : store.list()) {
      if (json) {
        out += (out.empty() ? "[" : ",") + as_json(account);
      } else {
        std::printf("%s  %-10s  %-9s  %-8s  %s\n", account.user_id.text().c_str(), account.tier.c_str(),
                    account.role.c_str(), account.is_active ? "active" : "disabled", account.email.c_str());
      }
    }
    if (json) std::printf("%s]\n", out.empty() ? "[" : out.c_str());
    return {};
  });
}

void add_add(CLI::App& user, Context& context, Wishes& wishes) {
  CLI::App* command =
      add_command(user, context, "add", "Make an account; its password is made and printed, or read",
                  [&wishes](const LoadedConfig& loaded) { return add(loaded.config, wishes); });
  command->add_option("email", wishes.who, "E-mail address")->required();
  command->add_flag("--password-stdin", wishes.password_from_stdin, "Read the password from standard input");
  command->add_option("--name", wishes.name, "What others may call them");
  command->add_option("--tier", wishes.tier, "free, premium or enterprise")->check(CLI::IsMember(tiers));
  command->add_option("--role", wishes.role, "user, moderator or admin")->check(CLI::IsMember(roles));
}

void add_switch(CLI::App& user, Context& context, Wishes& wishes, const char* name, const char* description,
                bool active) {
  CLI::App* command = add_command(
      user, context, name, description, [&wishes, active](const LoadedConfig& loaded) -> Result<void> {
        return change(loaded.config, wishes, active ? "is active" : "is disabled",
                      [&](AccountStore& store) { return store.set_active(wishes.who, active); });
      });
  command->add_option("account", wishes.who, "E-mail address or id")->required();
}

void add_grade(CLI::App& user, Context& context, Wishes& wishes, const char* name, const char* description,
               std::string Wishes::* grade, const std::vector<std::string>& grades,
               bool (AccountStore::*set)(const std::string&, const std::string&)) {
  CLI::App* command = add_command(
      user, context, name, description,
      [&wishes, name, grade, set](const LoadedConfig& loaded) -> Result<void> {
        return change(loaded.config, wishes, std::string("has the ") + name + " " + wishes.*grade,
                      [&](AccountStore& store) { return (store.*set)(wishes.who, wishes.*grade); });
      });
  command->add_option("account", wishes.who, "E-mail address or id")->required();
  command->add_option(name, wishes.*grade, "One of " + CLI::detail::join(grades, ", "))
      ->required()
      ->check(CLI::IsMember(grades));
}

}  // namespace

void add_user(CLI::App& app, Context& context) {
  static Wishes wishes;
  CLI::App* user = app.add_subcommand("user", "Accounts: add, disable, enable, tier, role, list");
  user->set_help_flag("--help", "Print this and exit");
  user->require_subcommand(1);
  add_add(*user, context, wishes);
  add_switch(*user, context, wishes, "disable", "Refuse the account and all its tokens, from this moment on",
             false);
  add_switch(*user, context, wishes, "enable", "Let a disabled account log in again", true);
  add_grade(*user, context, wishes, "tier", "Set how much an account may ask for", &Wishes::tier, tiers,
            &AccountStore::set_tier);
  add_grade(*user, context, wishes, "role", "Set what an account may do", &Wishes::role, roles,
            &AccountStore::set_role);
  add_command(
      *user, context, "list", "List the accounts",
      [&context](const LoadedConfig& loaded) { return list(loaded.config, context.json); }, true);
}

}  // namespace diary::cli
