// SPDX-License-Identifier: Apache-2.0
#include "snapshot/digest.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace diary::snapshot {

Digest digest_of(std::string_view bytes) {
  // Fetched once: OpenSSL 3 looks the algorithm up anew with every EVP_sha256(), for longer than it hashes.
  static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  static thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                            &EVP_MD_CTX_free);
  std::array<unsigned char, EVP_MAX_MD_SIZE> full{};
  if (EVP_DigestInit_ex2(context.get(), sha256, nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), full.data(), nullptr) != 1)
    throw std::runtime_error("SHA-256 fails");
  Digest digest;
  std::copy_n(full.begin(), digest.size(), digest.begin());
  return digest;
}

void append_hex(std::string& out, const Digest& digest) {
  constexpr char digits[] = "0123456789abcdef";
  for (const unsigned char byte : digest) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
}

}  // namespace diary::snapshot
