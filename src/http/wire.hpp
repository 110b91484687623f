// SPDX-License-Identifier: Apache-2.0
#pragma once

// A connection's bytes, encrypted or not. Every operation ends at the deadline that was set last, which is a
// point in time: bytes that trickle in do not move it.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <memory>
#include <vector>

namespace diary::http {

namespace asio = boost::asio;

class TlsFiles;

class Wire {
 public:
  Wire() = default;
  virtual ~Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // What comes before the first request; false when there will be none.
  virtual asio::awaitable<bool> open() = 0;
  // 0 at the end, at the deadline, and when the connection broke.
  virtual asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) = 0;
  virtual asio::awaitable<bool> write(std::vector<asio::const_buffer> bytes) = 0;
  // Says that no more is to come.
  virtual asio::awaitable<void> finish() = 0;
  virtual boost::beast::tcp_stream& tcp() = 0;
};

[[nodiscard]] std::unique_ptr<Wire> make_plain_wire(asio::ip::tcp::socket socket);

}  // namespace diary::http
