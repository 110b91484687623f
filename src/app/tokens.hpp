// SPDX-License-Identifier: Apache-2.0
#pragma once

// Access tokens (JWT). Each key goes with one algorithm: "alg: none", another one than the key's, a bad
// signature, an expired or future token, one without a jti: all are nobody. Whether a token was given up
// since is not known here.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "app/token_keys.hpp"
#include "domain/user.hpp"

namespace diary {

namespace limits {
inline constexpr std::size_t max_token_id = 100;  // bytes of a jti
}

class Tokens {
 public:
  // `former`: keys that tokens were signed with before; they are believed and sign no more.
  Tokens(TokenKey key, std::chrono::seconds expiry, std::vector<TokenKey> former = {});

  [[nodiscard]] std::string issue(const User& user) const;
  [[nodiscard]] std::optional<Caller> verify(const std::string& token) const;
  [[nodiscard]] std::chrono::seconds expiry() const { return expiry_; }

 private:
  std::vector<TokenKey> keys_;  // the first one signs
  std::chrono::seconds expiry_;
};

}  // namespace diary
