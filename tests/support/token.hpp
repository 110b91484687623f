// SPDX-License-Identifier: Apache-2.0
#pragma once

// Access tokens made by hand (RFC 7519), right and wrong ones.

#include <boost/json/object.hpp>
#include <string>

namespace diary::support {

// Signed with HMAC and the digest that `algorithm` (HS256, HS512) asks for; unsigned for "none".
[[nodiscard]] std::string make_token(const boost::json::object& claims, const std::string& secret,
                                     const std::string& algorithm = "HS256");

// A key pair as PEM: "RSA 2048", "P-256" and the like.
struct KeyPair {
  std::string private_pem;
  std::string public_pem;
};
[[nodiscard]] KeyPair make_key_pair(const std::string& kind);

// Signed with an RSA key (RS256) or one on P-256 (ES256); `algorithm` is what the header says.
[[nodiscard]] std::string make_token_with_key(const boost::json::object& claims,
                                              const std::string& private_pem, const std::string& algorithm);

}  // namespace diary::support
