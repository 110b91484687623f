// SPDX-License-Identifier: Apache-2.0
#include "support/token.hpp"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <array>
#include <boost/json/serialize.hpp>
#include <memory>
#include <stdexcept>
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

std::string signed_part(const boost::json::object& claims, const std::string& algorithm) {
  const boost::json::object header{{"alg", algorithm}, {"typ", "JWT"}};
  return base64url(boost::json::serialize(header)) + '.' + base64url(boost::json::serialize(claims));
}

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

std::string text_of(BIO* bio) {
  const char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

// r and s at full length, one after the other (RFC 7518), where OpenSSL has DER.
std::string flat_signature(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), &ECDSA_SIG_free);
  std::array<unsigned char, 64> flat{};
  BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), flat.data(), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), flat.data() + 32, 32);
  return {reinterpret_cast<const char*>(flat.data()), flat.size()};
}

}  // namespace

KeyPair make_key_pair(const std::string& kind) {
  const bool rsa = kind.starts_with("RSA ");
  const Key key(
      rsa ? EVP_RSA_gen(static_cast<unsigned>(std::stoi(kind.substr(4))))
          : (kind == "Ed25519" ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519") : EVP_EC_gen(kind.c_str())),
      &EVP_PKEY_free);
  if (!key) throw std::runtime_error("no key " + kind);
  const Bio secret(BIO_new(BIO_s_mem()), &BIO_free);
  const Bio open(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  PEM_write_bio_PUBKEY(open.get(), key.get());
  return {text_of(secret.get()), text_of(open.get())};
}

std::string make_token_with_key(const boost::json::object& claims, const std::string& private_pem,
                                const std::string& algorithm) {
  const Bio bio(BIO_new_mem_buf(private_pem.data(), static_cast<int>(private_pem.size())), &BIO_free);
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  const std::string text = signed_part(claims, algorithm);
  std::string signature(1024, '\0');
  std::size_t size = signature.size();
  if (!key || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1)
    throw std::runtime_error("the test's token could not be signed");
  signature.resize(size);
  const bool elliptic = EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_EC;
  return text + '.' + base64url(elliptic ? flat_signature(signature) : signature);
}

std::string make_token(const boost::json::object& claims, const std::string& secret,
                       const std::string& algorithm) {
  const std::string text = signed_part(claims, algorithm);
  if (algorithm == "none") return text + '.';
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  HMAC(algorithm == "HS512" ? EVP_sha512() : EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
  return text + '.' + base64url({reinterpret_cast<const char*>(mac.data()), size});
}

}  // namespace diary::support
