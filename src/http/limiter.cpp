// SPDX-License-Identifier: Apache-2.0
#include "http/limiter.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

namespace diary::http {

Limiter::Limiter(std::chrono::seconds window, std::size_t max_keys)
    : window_(window), max_keys_(max_keys), secret_(32, '\0') {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(secret_.data()), static_cast<int>(secret_.size())) != 1)
    throw std::runtime_error("no randomness");
}

Limiter::Digest Limiter::digest(const std::string& key) const {
  const std::string input = secret_ + key;
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  EVP_Digest(input.data(), input.size(), bytes.data(), nullptr, EVP_sha256(), nullptr);
  Digest value = 0;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

void Limiter::make_room(std::chrono::system_clock::time_point at) {
  if (windows_.size() < max_keys_) return;
  std::erase_if(windows_, [&](const auto& entry) { return entry.second.ends <= at; });
  // A flood of addresses: the least used half goes, so that those who knock most are still known.
  for (int least = 1; windows_.size() >= max_keys_; least *= 2)
    std::erase_if(windows_, [&](const auto& entry) { return entry.second.count <= least; });
}

Limiter::Verdict Limiter::hit(const std::string& key, int limit) {
  const auto at = std::chrono::system_clock::now();
  const Digest id = digest(key);
  const std::scoped_lock lock(mutex_);
  make_room(at);
  Window& window = windows_[id];
  if (window.ends <= at) window = {at + window_, 0};
  const bool allowed = window.count < limit;
  if (allowed) ++window.count;
  return {allowed, limit, std::max(0, limit - window.count), window.ends};
}

Limiter::Verdict Limiter::peek(const std::string& key, int limit) {
  const auto at = std::chrono::system_clock::now();
  const Digest id = digest(key);
  const std::scoped_lock lock(mutex_);
  const auto it = windows_.find(id);
  if (it == windows_.end() || it->second.ends <= at) return {true, limit, limit, at + window_};
  return {it->second.count < limit, limit, std::max(0, limit - it->second.count), it->second.ends};
}

void Limiter::forget(const std::string& key) {
  const Digest id = digest(key);
  const std::scoped_lock lock(mutex_);
  windows_.erase(id);
}

}  // namespace diary::http
