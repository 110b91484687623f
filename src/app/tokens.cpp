// SPDX-License-Identifier: Apache-2.0
#include "app/tokens.hpp"

#include <jwt.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace diary {
namespace {

using Jwt = std::unique_ptr<jwt_t, decltype(&jwt_free)>;

constexpr std::size_t max_token_bytes = 4096;
constexpr long max_clock_skew_s = 60;

long seconds_now() {
  return static_cast<long>(
      std::chrono::duration_cast<std::chrono::seconds>(now().time_since_epoch()).count());
}

std::string grant(jwt_t* jwt, const char* name) {
  const char* value = jwt_get_grant(jwt, name);
  return value == nullptr ? "" : value;
}

}  // namespace

std::string Tokens::issue(const User& user) const {
  jwt_t* raw = nullptr;
  if (jwt_new(&raw) != 0) throw std::runtime_error("no memory for a token");
  const Jwt jwt(raw, &jwt_free);
  const long issued_at = seconds_now();
  bool fine = jwt_add_grant(raw, "sub", user.user_id.text().c_str()) == 0;
  fine = fine && jwt_add_grant(raw, "email", user.email.c_str()) == 0;
  fine = fine && jwt_add_grant(raw, "tier", user.tier.c_str()) == 0;
  fine = fine && jwt_add_grant_int(raw, "iat", issued_at) == 0;
  fine = fine && jwt_add_grant_int(raw, "exp", issued_at + expiry_.count()) == 0;
  fine = fine && jwt_add_grant(raw, "jti", Uuid::random().text().c_str()) == 0;
  fine = fine && jwt_set_alg(raw, JWT_ALG_HS256, reinterpret_cast<const unsigned char*>(secret_.data()),
                             static_cast<int>(secret_.size())) == 0;
  const std::unique_ptr<char, decltype(&std::free)> text(fine ? jwt_encode_str(raw) : nullptr, &std::free);
  if (!text) throw std::runtime_error("a token could not be made");
  return text.get();
}

std::optional<Caller> Tokens::verify(const std::string& token) const {
  if (token.size() > max_token_bytes) return std::nullopt;
  jwt_t* raw = nullptr;
  if (jwt_decode(&raw, token.c_str(), reinterpret_cast<const unsigned char*>(secret_.data()),
                 static_cast<int>(secret_.size())) != 0)
    return std::nullopt;
  const Jwt jwt(raw, &jwt_free);
  if (jwt_get_alg(raw) != JWT_ALG_HS256) return std::nullopt;
  const long at = seconds_now();
  const long expires = jwt_get_grant_int(raw, "exp");
  const long issued = jwt_get_grant_int(raw, "iat");
  if (expires <= at || issued <= 0 || issued > at + max_clock_skew_s) return std::nullopt;
  const auto user_id = Uuid::parse(grant(raw, "sub"));
  if (!user_id || grant(raw, "jti").empty()) return std::nullopt;
  return Caller{*user_id, grant(raw, "email"), grant(raw, "tier")};
}

}  // namespace diary
