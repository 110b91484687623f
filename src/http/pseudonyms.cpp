// SPDX-License-Identifier: Apache-2.0
#include "http/pseudonyms.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace diary::http {
namespace {

using Bytes = std::array<unsigned char, 32>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;

// Knows its hash from the start: to name it with each key has OpenSSL look it up each time.
MacContext make_context() {
  EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  MacContext made(EVP_MAC_CTX_new(mac), &EVP_MAC_CTX_free);
  EVP_MAC_free(mac);
  char digest_name[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name, sizeof digest_name - 1),
      OSSL_PARAM_construct_end()};
  if (!made || EVP_MAC_CTX_set_params(made.get(), parameters) != 1) throw std::runtime_error("no HMAC");
  return made;
}

// One context for each thread, keyed anew each time.
Bytes hmac(const unsigned char* key, std::size_t key_size, std::string_view text) {
  static thread_local const MacContext context = make_context();
  Bytes out{};
  std::size_t size = 0;
  if (EVP_MAC_init(context.get(), key, key_size, nullptr) != 1 ||
      EVP_MAC_update(context.get(), reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1 ||
      EVP_MAC_final(context.get(), out.data(), &size, out.size()) != 1)
    throw std::runtime_error("HMAC failed");
  return out;
}

Pseudonyms::Name cut(const Bytes& bytes) {
  Pseudonyms::Name name{};
  std::copy_n(bytes.begin(), name.size(), name.begin());
  return name;
}

}  // namespace

Pseudonyms::Pseudonyms(std::string secret, std::chrono::seconds longest_window)
    : secret_(std::move(secret)), period_(std::max(longest_window, std::chrono::seconds{24 * 3600})) {
  if (!secret_.empty()) return;
  secret_.resize(32);
  if (RAND_bytes(reinterpret_cast<unsigned char*>(secret_.data()), static_cast<int>(secret_.size())) != 1)
    throw std::runtime_error("no randomness");
}

Pseudonyms::Key Pseudonyms::derive(std::int64_t period) const {
  return hmac(reinterpret_cast<const unsigned char*>(secret_.data()), secret_.size(),
              "names of those who call, period " + std::to_string(period));
}

Pseudonyms::Keys Pseudonyms::keys_of(std::int64_t period) {
  const std::scoped_lock lock(mutex_);
  if (keys_.period != period) keys_ = {period, derive(period), derive(period - 1)};
  return keys_;
}

Pseudonyms::Names Pseudonyms::of(std::string_view who, Clock::time_point at,
                                 std::chrono::milliseconds window) {
  const auto since_epoch = at.time_since_epoch();
  const std::int64_t period = since_epoch / period_;
  const Keys keys = keys_of(period);
  Names names{cut(hmac(keys.now.data(), keys.now.size(), who)), {}};
  // A bundle of hits may count a sixteenth longer than the window.
  if (since_epoch - period * period_ <= window + window / 8)
    names.before = cut(hmac(keys.before.data(), keys.before.size(), who));
  return names;
}

}  // namespace diary::http
