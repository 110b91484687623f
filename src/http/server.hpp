// SPDX-License-Identifier: Apache-2.0
#pragma once

// The listening socket and its connections: HTTP/1.1 over TCP, one coroutine a connection. Bounds what a peer
// can make it hold: header 16 KiB, body 1 MiB, time for each. Knows nothing of routes.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "http/site.hpp"

namespace diary::http {

namespace limits {
inline constexpr std::uint32_t max_header_bytes = 16 * 1024;
inline constexpr std::uint64_t max_body_bytes = 1024ULL * 1024;
inline constexpr std::chrono::seconds header_time{30};  // idle between requests included
inline constexpr std::chrono::seconds body_time{30};
inline constexpr std::chrono::seconds write_time{60};
inline constexpr std::chrono::seconds drain_time{2};  // after a refusal
inline constexpr std::size_t max_drained_bytes = 16UL * 1024 * 1024;
}  // namespace limits

class Server {
 public:
  // Binds and listens; port 0 takes a free one. Throws boost::system::system_error when it cannot.
  Server(asio::io_context& io, Site& site, const std::string& host, int port);

  [[nodiscard]] int port() const { return port_; }
  void start();

  // Stops accepting and closes idle connections; those with a request in flight finish it. Returns when all
  // are gone or `patience` is over. Call it from outside the io threads.
  void stop(std::chrono::seconds patience);

 private:
  struct Connection;
  asio::awaitable<void> accept();
  asio::awaitable<void> serve(std::shared_ptr<Connection> connection);
  asio::awaitable<bool> serve_one(Connection& connection);
  [[nodiscard]] bool is_stopping();

  asio::io_context& io_;
  Site& site_;
  asio::ip::tcp::acceptor acceptor_;
  int port_;
  std::mutex mutex_;
  std::condition_variable gone_;
  std::set<std::shared_ptr<Connection>> connections_;
  bool stopping_ = false;
};

}  // namespace diary::http
