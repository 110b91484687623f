// SPDX-License-Identifier: Apache-2.0
#include "app/accounts.hpp"

#include <crypt.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

#include "store/user_store.hpp"

namespace diary {

std::string hash_password(const std::string& password, int cost) {
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> salt{};
  if (crypt_gensalt_rn("$2b$", static_cast<unsigned long>(cost), nullptr, 0, salt.data(), salt.size()) ==
      nullptr)
    throw std::runtime_error("no salt for bcrypt");
  const auto data = std::make_unique<crypt_data>();  // 32 KB: not for the stack of a coroutine's thread
  const char* hash = crypt_r(password.c_str(), salt.data(), data.get());
  if (hash == nullptr || hash[0] == '*') throw std::runtime_error("bcrypt failed");
  return hash;
}

bool verify_password(const std::string& password, const std::string& hash) {
  const auto data = std::make_unique<crypt_data>();
  const char* again = crypt_r(password.c_str(), hash.c_str(), data.get());
  if (again == nullptr || again[0] == '*' || std::string_view(again).size() != hash.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < hash.size(); ++i)
    difference = static_cast<unsigned char>(difference | (hash[i] ^ again[i]));
  return difference == 0;
}

bool is_email(const std::string& text) {
  const auto at = text.find('@');
  if (text.size() > limits::max_email || at == 0 || at == std::string::npos ||
      text.find('@', at + 1) != std::string::npos)
    return false;
  const std::string host = text.substr(at + 1);
  const bool printable =
      std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > ' ' && c != 127; });
  const bool dotted = host.find('.') != std::string::npos && host.front() != '.' && host.back() != '.' &&
                      host.find("..") == std::string::npos;
  return printable && (dotted || host == "localhost");
}

Accounts::Accounts(pg::Pool& pool, int bcrypt_cost)
    : pool_(pool),
      bcrypt_cost_(bcrypt_cost),
      nobodys_hash_(hash_password("nobody's password", bcrypt_cost)) {}

Result<User> Accounts::enroll(const std::string& email, const std::string& password,
                              const std::optional<std::string>& display_name) {
  const std::string hash = hash_password(password, bcrypt_cost_);
  auto connection = pool_.lease();
  UserStore users(*connection);
  const auto user_id = users.add(email, hash, display_name);
  if (!user_id) return fail(Errc::email_taken, "this e-mail address has an account already");
  return users.find(*user_id).value();
}

Result<User> Accounts::log_in(const std::string& email, const std::string& password) {
  std::optional<Credentials> found;
  {
    auto connection = pool_.lease();
    found = UserStore(*connection).credentials(email);
  }
  const bool right = verify_password(password, found ? found->password_hash : nobodys_hash_);
  if (!found || !right) return fail(Errc::unauthorized, "wrong e-mail address or password");
  auto connection = pool_.lease();
  UserStore users(*connection);
  users.note_login(found->user_id);
  auto user = users.find(found->user_id);
  if (!user) return fail(Errc::unauthorized, "wrong e-mail address or password");
  return *user;
}

}  // namespace diary
