// SPDX-License-Identifier: Apache-2.0
#pragma once

// Access tokens: JWT, HS256 only. "alg: none", another algorithm, a bad signature, an expired or future
// token: all are nobody.

#include <chrono>
#include <optional>
#include <string>

#include "domain/user.hpp"

namespace diary {

class Tokens {
 public:
  Tokens(std::string secret, std::chrono::seconds expiry) : secret_(std::move(secret)), expiry_(expiry) {}

  [[nodiscard]] std::string issue(const User& user) const;
  [[nodiscard]] std::optional<Caller> verify(const std::string& token) const;
  [[nodiscard]] std::chrono::seconds expiry() const { return expiry_; }

 private:
  std::string secret_;
  std::chrono::seconds expiry_;
};

}  // namespace diary
