// SPDX-License-Identifier: Apache-2.0
#include "app/token_keys.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>

namespace diary {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

constexpr int min_rsa_bits = 2048;
constexpr std::size_t max_file_bytes = 64UL * 1024;

// Without it OpenSSL would ask for a passphrase at the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

Key parse_private_key(const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr), &EVP_PKEY_free);
  ERR_clear_error();
  return key;
}

std::string public_pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()), &BIO_free);
  if (PEM_write_bio_PUBKEY(bio.get(), key) != 1) throw std::runtime_error("no public key");
  const char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

bool is_on_p256(EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(), &size) ==
             1 &&
         std::string_view(name.data(), size) == "prime256v1";
}

std::optional<TokenAlgorithm> algorithm_for(EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) >= min_rsa_bits)
    return TokenAlgorithm::rs256;
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC && is_on_p256(key)) return TokenAlgorithm::es256;
  return std::nullopt;
}

}  // namespace

TokenKey secret_key(const std::string& secret) {
  return {TokenAlgorithm::hs256, secret, secret};
}

Result<TokenKey> read_key_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string pem{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.is_open() || in.bad() || pem.empty()) return fail(Errc::failed, file.string() + " cannot be read");
  const Key key = pem.size() > max_file_bytes ? Key(nullptr, &EVP_PKEY_free) : parse_private_key(pem);
  if (!key)
    return fail(Errc::failed, file.string() + " holds no private key in PEM, or one with a passphrase");
  const auto algorithm = algorithm_for(key.get());
  if (!algorithm)
    return fail(Errc::failed,
                file.string() + " must hold an RSA key of at least 2048 bits, or an elliptic one on P-256");
  return TokenKey{*algorithm, std::move(pem), public_pem(key.get())};
}

}  // namespace diary
