// SPDX-License-Identifier: Apache-2.0
#include "app/accounts.hpp"

#include <crypt.h>

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

int cost_of(const std::string& hash) {
  const auto digit = [&](std::size_t at) { return hash.size() > at ? hash[at] - '0' : 0; };
  return digit(4) * 10 + digit(5);  // "$2b$12$..."
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

namespace {

// A hash of another cost takes another time. What it falls short of the cost that nobody's hash has is made
// up for: 2^n + 2^n + 2^(n+1) + ... + 2^(m-1) = 2^m.
void make_up_for(int cost, int wanted_cost, const std::string& password) {
  for (; cost < wanted_cost; ++cost) static_cast<void>(hash_password(password, cost));
}

}  // namespace

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
  const std::string& hash = found ? found->password_hash : nobodys_hash_;
  const bool right = verify_password(password, hash);
  if (!right) make_up_for(cost_of(hash), bcrypt_cost_, password);
  if (!found || !right) return fail(Errc::unauthorized, "wrong e-mail address or password");
  std::optional<std::string> rehash;
  if (cost_of(hash) < bcrypt_cost_) rehash = hash_password(password, bcrypt_cost_);
  auto connection = pool_.lease();
  UserStore users(*connection);
  auto user = users.note_login(*found, rehash) ? users.find(found->user_id) : std::nullopt;
  if (!user) return fail(Errc::unauthorized, "wrong e-mail address or password");
  return *std::move(user);
}

}  // namespace diary
