// SPDX-License-Identifier: Apache-2.0
#pragma once

// The listening socket: lets connections in, as many as there is room for, and gives each a session of its
// own. Knows nothing of HTTP but how to say that there is no room.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "http/session.hpp"
#include "http/tls.hpp"

namespace diary::http {

class Server {
 public:
  struct Options {
    std::string host;
    int port = 0;  // 0 takes a free one
    Connections::Bounds bounds;
    Patience patience;
    std::size_t body_memory = 256UL * 1024 * 1024;
    std::shared_ptr<TlsFiles> tls;  // none: plain HTTP
  };

  // Binds and listens. Throws boost::system::system_error when it cannot.
  Server(asio::io_context& io, Site& site, Options options);

  [[nodiscard]] int port() const { return port_; }
  void start();

  // Stops accepting and closes idle connections; those with a request in flight finish it. Returns when all
  // are gone or `patience` is over. Call it from outside the io threads.
  void stop(std::chrono::seconds patience);

 private:
  asio::awaitable<void> accept();
  void admit(asio::ip::tcp::socket socket);
  asio::awaitable<void> serve(std::shared_ptr<Session> session);

  asio::io_context& io_;
  Options options_;
  asio::ip::tcp::acceptor acceptor_;
  int port_;
  Connections connections_;
  MemoryBudget bodies_;
  SessionTerms terms_;
};

}  // namespace diary::http
