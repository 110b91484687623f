// SPDX-License-Identifier: Apache-2.0
#include "cli/signing.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace diary::cli {
namespace {

// The secret of the tokens: as configured, or made once and kept beside the cluster, for its owner's eyes
// only.
Result<std::string> token_secret(const Config& config, const Database& database) {
  if (!config.jwt_secret.empty()) return config.jwt_secret;
  if (!database.embedded())
    return fail(Errc::failed,
                "DIARY_JWT_SECRET (at least 32 bytes) or DIARY_JWT_KEY_FILE is required with a DATABASE_URL");
  const auto path = database.folder() / "jwt_secret";
  if (std::ifstream in(path); in) {
    std::string secret;
    in >> secret;
    if (secret.size() >= 32) return secret;
  }
  unsigned char bytes[32];
  if (RAND_bytes(bytes, sizeof bytes) != 1) return fail(Errc::failed, "no randomness for the tokens' secret");
  std::string secret;
  for (const unsigned char byte : bytes) secret += fmt::format("{:02x}", byte);
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0 || write(file, secret.data(), secret.size()) != static_cast<ssize_t>(secret.size()) ||
      fsync(file) != 0)
    return fail(Errc::failed, path.string() + " cannot be written");
  close(file);
  return secret;
}

Result<TokenKey> signing_key(const Config& config, const Database& database) {
  if (config.jwt_key_file.empty()) return token_secret(config, database).transform(secret_key);
  struct stat status{};
  if (stat(config.jwt_key_file.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0)
    spdlog::warn("everybody on this machine may read {}, and so sign tokens", config.jwt_key_file.string());
  return read_key_file(config.jwt_key_file);
}

}  // namespace

Result<Signing> open_signing(const Config& config, const Database& database) {
  auto key = signing_key(config, database);
  if (!key) return fail(std::move(key.error()));
  std::vector<TokenKey> former;
  if (!config.jwt_secret_old.empty()) former.push_back(secret_key(config.jwt_secret_old));
  std::string secret = key->signs;
  return Signing{Tokens(*std::move(key), config.jwt_expiry, std::move(former)), std::move(secret)};
}

}  // namespace diary::cli
