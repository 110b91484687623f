// SPDX-License-Identifier: Apache-2.0
#include "http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <boost/asio/ssl/context.hpp>
#include <string_view>

namespace diary::http {
namespace {

// Forward secrecy and authenticated encryption; those of TLS 1.3 are all of that kind.
constexpr const char* ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!PSK:!SHA1";
constexpr std::string_view protocol = "\x08http/1.1";

// A client that names protocols has to name ours: RFC 7301 wants an alert otherwise.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                    unsigned offered_length, void*) {
  unsigned char* match = nullptr;
  const int found =
      SSL_select_next_proto(&match, length, reinterpret_cast<const unsigned char*>(protocol.data()),
                            static_cast<unsigned>(protocol.size()), offered, offered_length);
  *chosen = match;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

std::string reason() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  const char* text = code == 0 ? nullptr : ERR_reason_error_string(code);
  return text == nullptr ? "it cannot be read" : text;
}

Result<std::shared_ptr<asio::ssl::context>> make_context(const std::string& certificate,
                                                         const std::string& key) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* raw = context->native_handle();
  ERR_clear_error();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);  // a connection that waits needs none
  SSL_CTX_set_alpn_select_cb(raw, &choose_protocol, nullptr);
  // A key with a passphrase is refused rather than asked for on the terminal.
  SSL_CTX_set_default_passwd_cb(raw, [](char*, int, int, void*) { return 0; });
  if (SSL_CTX_set_cipher_list(raw, ciphers) != 1) return fail(Errc::failed, "OpenSSL lacks ciphers");
  if (SSL_CTX_use_certificate_chain_file(raw, certificate.c_str()) != 1)
    return fail(Errc::failed, "the certificate " + certificate + ": " + reason());
  if (SSL_CTX_use_PrivateKey_file(raw, key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(raw) != 1)
    return fail(Errc::failed, "the key " + key + ": " + reason());
  return context;
}

}  // namespace

Result<std::shared_ptr<TlsFiles>> TlsFiles::open(const std::string& certificate, const std::string& key) {
  const std::shared_ptr<TlsFiles> files(new TlsFiles(certificate, key));
  files->stamp_ = files->stamp();
  auto context = make_context(certificate, key);
  if (!context) return fail(std::move(context.error()));
  files->context_ = std::move(*context);
  return files;
}

TlsFiles::Stamp TlsFiles::stamp() const {
  Stamp stamp{};
  std::size_t at = 0;
  for (const std::string& file : {certificate_, key_}) {
    struct stat found{};
    if (::stat(file.c_str(), &found) == 0) {
      stamp[at] = static_cast<std::int64_t>(found.st_ino);
      stamp[at + 1] = found.st_size;
      stamp[at + 2] = found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec;
    }
    at += 3;
  }
  return stamp;
}

void TlsFiles::reload(bool in_any_case) {
  const Stamp now = stamp();  // before reading: a change meanwhile is found the next time
  {
    const std::scoped_lock lock(mutex_);
    if (now == stamp_ && !in_any_case) return;
    stamp_ = now;
  }
  auto context = make_context(certificate_, key_);
  if (!context) {
    spdlog::error("the certificate stays as it was: {}", context.error().message);
    return;
  }
  spdlog::info("the certificate was read again");
  const std::scoped_lock lock(mutex_);
  context_ = std::move(*context);
}

std::shared_ptr<asio::ssl::context> TlsFiles::context() {
  const std::scoped_lock lock(mutex_);
  return context_;
}

}  // namespace diary::http
