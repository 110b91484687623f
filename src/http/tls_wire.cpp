// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "http/tls.hpp"

namespace diary::http {
namespace {

constexpr char handshake_record = 0x16;
constexpr std::string_view speak_tls =
    "HTTP/1.1 400 Bad Request\r\nServer: diary\r\nContent-Type: text/plain\r\nContent-Length: 22\r\n"
    "Connection: close\r\n\r\nthis port wants HTTPS\n";

class TlsWire : public Wire {
 public:
  TlsWire(asio::ip::tcp::socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {}

  asio::awaitable<bool> open() override {
    boost::system::error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    std::array<char, 512> first{};
    const std::size_t n = co_await tcp().async_read_some(asio::buffer(first), token);
    if (n == 0) co_return false;
    if (first[0] != handshake_record) {
      if (first[0] >= 'A' && first[0] <= 'Z') co_await tell_to_speak_tls();
      co_return false;
    }
    // The deadline is the caller's; renegotiation is off, so there is no second handshake.
    co_await stream_.async_handshake(asio::ssl::stream_base::server, asio::buffer(first.data(), n), token);
    is_open_ = !ec;
    co_return is_open_;
  }

  asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) override {
    boost::system::error_code ec;
    co_return co_await stream_.async_read_some(into, asio::redirect_error(asio::use_awaitable, ec));
  }

  asio::awaitable<bool> write(std::vector<asio::const_buffer> bytes) override {
    boost::system::error_code ec;
    co_await asio::async_write(stream_, bytes, asio::redirect_error(asio::use_awaitable, ec));
    co_return !ec;
  }

  // close_notify, and the peer's for as long as the deadline lets us wait: without it, an answer that ends
  // with the connection could have been cut short by anybody.
  asio::awaitable<void> finish() override {
    boost::system::error_code ec;
    if (is_open_) co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, ec));
    static_cast<void>(tcp().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ec));
  }

  boost::beast::tcp_stream& tcp() override { return stream_.next_layer(); }

 private:
  asio::awaitable<void> tell_to_speak_tls() {
    boost::system::error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    co_await asio::async_write(tcp(), asio::buffer(speak_tls), token);
    static_cast<void>(tcp().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ec));
    std::array<char, 512> sink{};
    for (ec = {}; !ec;) co_await tcp().async_read_some(asio::buffer(sink), token);  // until the deadline
  }

  asio::ssl::stream<boost::beast::tcp_stream> stream_;
  bool is_open_ = false;
};

}  // namespace

std::unique_ptr<Wire> make_tls_wire(asio::ip::tcp::socket socket, TlsFiles& files) {
  return std::make_unique<TlsWire>(std::move(socket), *files.context());
}

}  // namespace diary::http
