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
constexpr long last_second = 253'402'300'799;  // of the year 9999: later ones overflow a Time

long seconds_of(Time time) {
  return static_cast<long>(std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
}

std::string grant(jwt_t* jwt, const char* name) {
  const char* value = jwt_get_grant(jwt, name);
  return value == nullptr ? "" : value;
}

jwt_alg_t alg_of(TokenAlgorithm algorithm) {
  switch (algorithm) {
    case TokenAlgorithm::hs256:
      return JWT_ALG_HS256;
    case TokenAlgorithm::rs256:
      return JWT_ALG_RS256;
    case TokenAlgorithm::es256:
      return JWT_ALG_ES256;
  }
  return JWT_ALG_INVAL;
}

// Null unless the token was signed with this key by this key's algorithm: the token's own word on its
// algorithm counts for nothing, or a public key would do as an HMAC's secret.
Jwt decode(const std::string& token, const TokenKey& key) {
  jwt_t* raw = nullptr;
  const bool signed_so =
      jwt_decode(&raw, token.c_str(), reinterpret_cast<const unsigned char*>(key.verifies.data()),
                 static_cast<int>(key.verifies.size())) == 0;
  Jwt jwt(signed_so ? raw : nullptr, &jwt_free);
  if (jwt && jwt_get_alg(jwt.get()) != alg_of(key.algorithm)) jwt.reset();
  return jwt;
}

std::optional<Caller> read_claims(jwt_t* jwt) {
  const long at = seconds_of(now());
  const long expires = jwt_get_grant_int(jwt, "exp");
  const long issued = jwt_get_grant_int(jwt, "iat");
  if (expires <= at || expires > last_second || issued <= 0 || issued > at + max_clock_skew_s ||
      jwt_get_grant_int(jwt, "nbf") > at + max_clock_skew_s)
    return std::nullopt;
  const auto user_id = Uuid::parse(grant(jwt, "sub"));
  std::string token_id = grant(jwt, "jti");
  if (!user_id || token_id.empty() || token_id.size() > limits::max_token_id) return std::nullopt;
  return Caller{.user_id = *user_id,
                .email = grant(jwt, "email"),
                .tier = grant(jwt, "tier"),
                .token_id = std::move(token_id),
                .issued_at = Time{std::chrono::seconds{issued}},
                .expires_at = Time{std::chrono::seconds{expires}}};
}

}  // namespace

Tokens::Tokens(TokenKey key, std::chrono::seconds expiry, std::vector<TokenKey> former)
    : keys_(std::move(former)), expiry_(expiry) {
  keys_.insert(keys_.begin(), std::move(key));
}

std::string Tokens::issue(const User& user) const {
  jwt_t* raw = nullptr;
  if (jwt_new(&raw) != 0) throw std::runtime_error("no memory for a token");
  const Jwt jwt(raw, &jwt_free);
  const TokenKey& key = keys_.front();
  const long issued_at = seconds_of(user.token_time);
  bool fine = jwt_add_grant(raw, "sub", user.user_id.text().c_str()) == 0;
  fine = fine && jwt_add_grant(raw, "email", user.email.c_str()) == 0;
  fine = fine && jwt_add_grant(raw, "tier", user.tier.c_str()) == 0;
  fine = fine && jwt_add_grant_int(raw, "iat", issued_at) == 0;
  fine = fine && jwt_add_grant_int(raw, "exp", issued_at + expiry_.count()) == 0;
  fine = fine && jwt_add_grant(raw, "jti", Uuid::random().text().c_str()) == 0;
  fine = fine &&
         jwt_set_alg(raw, alg_of(key.algorithm), reinterpret_cast<const unsigned char*>(key.signs.data()),
                     static_cast<int>(key.signs.size())) == 0;
  const std::unique_ptr<char, decltype(&std::free)> text(fine ? jwt_encode_str(raw) : nullptr, &std::free);
  if (!text) throw std::runtime_error("a token could not be made");
  return text.get();
}

std::optional<Caller> Tokens::verify(const std::string& token) const {
  if (token.size() > max_token_bytes) return std::nullopt;
  for (const TokenKey& key : keys_) {
    if (const Jwt jwt = decode(token, key)) return read_claims(jwt.get());
  }
  return std::nullopt;
}

}  // namespace diary
