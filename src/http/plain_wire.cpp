// SPDX-License-Identifier: Apache-2.0
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_suffix.hpp>

#include "http/wire.hpp"

namespace diary::http {
namespace {

class PlainWire : public Wire {
 public:
  explicit PlainWire(asio::ip::tcp::socket socket) : stream_(std::move(socket)) {
    boost::system::error_code ec;
    static_cast<void>(stream_.socket().non_blocking(true, ec));
  }

  asio::awaitable<bool> open() override { co_return true; }

  asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) override {
    boost::system::error_code ec;
    co_return co_await stream_.async_read_some(into, asio::redirect_error(asio::use_awaitable, ec));
  }

  // At once if the kernel takes all of it, which is most often so: then nothing waits, and no clock runs.
  asio::awaitable<bool> write(std::vector<asio::const_buffer> bytes) override {
    boost::system::error_code ec;
    const std::size_t taken = stream_.socket().write_some(bytes, ec);
    if (ec && ec != asio::error::would_block) co_return false;
    const std::size_t left = asio::buffer_size(bytes) - taken;
    if (left == 0) co_return true;
    boost::beast::buffers_suffix<std::vector<asio::const_buffer>> rest(std::move(bytes));
    rest.consume(taken);
    co_await asio::async_write(stream_, rest, asio::redirect_error(asio::use_awaitable, ec));
    co_return !ec;
  }

  asio::awaitable<void> finish() override {
    boost::system::error_code ec;
    static_cast<void>(stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ec));
    co_return;
  }

  boost::beast::tcp_stream& tcp() override { return stream_; }

 private:
  boost::beast::tcp_stream stream_;
};

}  // namespace

std::unique_ptr<Wire> make_plain_wire(asio::ip::tcp::socket socket) {
  return std::make_unique<PlainWire>(std::move(socket));
}

}  // namespace diary::http
