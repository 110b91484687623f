// SPDX-License-Identifier: Apache-2.0
#pragma once

// TLS for the server: a certificate with its key, read anew when the files change, and the wire that speaks
// with it. Versions 1.2 and 1.3 only, ALPN http/1.1.

#include <array>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.hpp"
#include "http/wire.hpp"

namespace boost::asio::ssl {
class context;
}

namespace diary::http {

class TlsFiles {
 public:
  // `certificate`: PEM, the server's first and then its chain. Errors name the file.
  [[nodiscard]] static Result<std::shared_ptr<TlsFiles>> open(const std::string& certificate,
                                                              const std::string& key);

  // Reads both files again when they are others than before, or in any case. What cannot be used is logged,
  // and the connections to come go on with what there was. Thread-safe.
  void reload(bool in_any_case);
  [[nodiscard]] std::shared_ptr<asio::ssl::context> context();

 private:
  using Stamp = std::array<std::int64_t, 6>;  // inode, size, time of each

  TlsFiles(std::string certificate, std::string key)
      : certificate_(std::move(certificate)), key_(std::move(key)) {}
  [[nodiscard]] Stamp stamp() const;

  std::string certificate_;
  std::string key_;
  Stamp stamp_{};
  std::mutex mutex_;
  std::shared_ptr<asio::ssl::context> context_;
};

[[nodiscard]] std::unique_ptr<Wire> make_tls_wire(asio::ip::tcp::socket socket, TlsFiles& files);

}  // namespace diary::http
