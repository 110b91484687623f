// SPDX-License-Identifier: Apache-2.0
#pragma once

// What access tokens are signed and held against: a secret (HS256), or the key of a PEM file (RS256, ES256).

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace diary {

enum class TokenAlgorithm { hs256, rs256, es256 };

struct TokenKey {
  TokenAlgorithm algorithm = TokenAlgorithm::hs256;
  std::string signs;     // the secret, or the private key as PEM
  std::string verifies;  // the secret, or the public key as PEM
};

[[nodiscard]] TokenKey secret_key(const std::string& secret);

// A private key without a passphrase: RSA of at least 2048 bits, or elliptic on P-256. Errors: failed, naming
// the file and what is wrong with it.
[[nodiscard]] Result<TokenKey> read_key_file(const std::filesystem::path& file);

}  // namespace diary
