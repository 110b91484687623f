// SPDX-License-Identifier: Apache-2.0
#include "support/token.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <boost/json/serialize.hpp>
#include <string_view>

namespace diary::support {
namespace {

std::string base64url(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  unsigned bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    for (held += 8; held >= 6; held -= 6) text += digits[(bits >> (held - 6)) & 63U];
  }
  if (held > 0) text += digits[(bits << (6 - held)) & 63U];
  return text;
}

}  // namespace

std::string make_token(const boost::json::object& claims, const std::string& secret,
                       const std::string& algorithm) {
  const boost::json::object header{{"alg", algorithm}, {"typ", "JWT"}};
  const std::string text =
      base64url(boost::json::serialize(header)) + '.' + base64url(boost::json::serialize(claims));
  if (algorithm == "none") return text + '.';
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  HMAC(algorithm == "HS512" ? EVP_sha512() : EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
  return text + '.' + base64url({reinterpret_cast<const char*>(mac.data()), size});
}

}  // namespace diary::support
