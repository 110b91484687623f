// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>

#include "http/body.hpp"
#include "http/dispatch.hpp"

namespace diary::http {
namespace {

namespace beast = boost::beast;
namespace beast_http = boost::beast::http;
using tcp = asio::ip::tcp;

using Parser = beast_http::request_parser<beast_http::string_body>;
using Response = beast_http::response<beast_http::string_body>;

Response to_response(Reply reply, unsigned version, bool keep_alive) {
  Response response{static_cast<beast_http::status>(reply.status), version};
  response.set(beast_http::field::server, "diary");
  response.set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : reply.headers) response.set(name, value);
  if (!reply.body.empty()) response.set(beast_http::field::content_type, reply.content_type);
  response.body() = std::move(reply.body);
  response.keep_alive(keep_alive);
  response.prepare_payload();
  if (reply.status == 204 || reply.status == 304) response.erase(beast_http::field::content_length);
  return response;
}

// What a request that broke off or broke a limit is told; nothing when there is nobody left to tell.
std::optional<Unreadable> reply_to(const boost::system::error_code& ec) {
  if (ec == beast_http::error::body_limit)
    return Unreadable{413, "payload_too_large", "The body is too large", "the body is limited to 1 MiB"};
  if (ec == beast_http::error::header_limit || ec == beast_http::error::buffer_overflow)
    return Unreadable{431, "header_too_large", "The header is too large", "the header is limited to 16 KiB"};
  if (ec == beast::error::timeout) return std::nullopt;
  const bool is_http = ec.category() == make_error_code(beast_http::error::bad_method).category();
  if (is_http && ec != beast_http::error::end_of_stream && ec != beast_http::error::partial_message)
    return Unreadable{400, "malformed", "The request cannot be read",
                      "this is not HTTP/1.1: " + ec.message()};
  return std::nullopt;
}

// Closing with bytes unread resets the connection, and the peer may lose the answer with it: takes what still
// comes, for a while.
asio::awaitable<void> drain(beast::tcp_stream& stream) {
  std::array<char, std::size_t{16} * 1024> sink{};
  boost::system::error_code ec;
  stream.expires_after(limits::drain_time);
  for (std::size_t left = limits::max_drained_bytes; !ec && left > 0;) {
    const std::size_t n =
        co_await stream.async_read_some(asio::buffer(sink), asio::redirect_error(asio::use_awaitable, ec));
    left -= std::min(left, n);
  }
}

}  // namespace

struct Server::Connection {
  explicit Connection(tcp::socket socket) : stream(std::move(socket)) {}
  beast::tcp_stream stream;
  beast::flat_buffer buffer{limits::max_header_bytes + 64 * 1024};
  std::string address;
  std::atomic<bool> busy = false;  // a request is being answered
  bool unread = false;             // the peer may still be sending what was refused
};

Server::Server(asio::io_context& io, Site& site, const std::string& host, int port)
    : io_(io), site_(site), acceptor_(asio::make_strand(io)), port_(port) {
  const tcp::endpoint endpoint(asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host),
                               static_cast<unsigned short>(port));
  acceptor_.open(endpoint.protocol());
  acceptor_.set_option(asio::socket_base::reuse_address(true));
  acceptor_.bind(endpoint);
  acceptor_.listen(4096);
  port_ = acceptor_.local_endpoint().port();
}

bool Server::is_stopping() {
  const std::scoped_lock lock(mutex_);
  return stopping_;
}

void Server::start() {
  asio::co_spawn(acceptor_.get_executor(), accept(), asio::detached);
}

asio::awaitable<void> Server::accept() {
  while (acceptor_.is_open()) {
    boost::system::error_code ec;
    tcp::socket socket = co_await acceptor_.async_accept(asio::make_strand(io_),
                                                         asio::redirect_error(asio::use_awaitable, ec));
    if (ec) {
      if (!acceptor_.is_open()) break;
      spdlog::warn("accept: {}", ec.message());  // out of descriptors: wait for some to come back
      asio::steady_timer pause(acceptor_.get_executor(), std::chrono::milliseconds{50});
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
      continue;
    }
    static_cast<void>(socket.set_option(tcp::no_delay(true), ec));
    auto connection = std::make_shared<Connection>(std::move(socket));
    connection->address = connection->stream.socket().remote_endpoint(ec).address().to_string();
    {
      const std::scoped_lock lock(mutex_);
      if (stopping_) break;
      connections_.insert(connection);
    }
    asio::co_spawn(connection->stream.get_executor(), serve(connection), asio::detached);
  }
}

asio::awaitable<void> Server::serve(std::shared_ptr<Connection> connection) {
  boost::system::error_code ec;
  try {
    while (!is_stopping() && co_await serve_one(*connection)) {
    }
    static_cast<void>(connection->stream.socket().shutdown(tcp::socket::shutdown_send, ec));
    if (connection->unread) co_await drain(connection->stream);
  } catch (const std::exception& e) {
    spdlog::error("a connection ended badly: {}", e.what());
  }
  connection->stream.close();
  const std::scoped_lock lock(mutex_);
  connections_.erase(connection);
  if (connections_.empty()) gone_.notify_all();
}

// Reads one request and answers it. False when the connection is to be closed.
asio::awaitable<bool> Server::serve_one(Connection& connection) {
  auto& stream = connection.stream;
  boost::system::error_code ec;
  auto token = asio::redirect_error(asio::use_awaitable, ec);
  Parser parser;
  parser.header_limit(limits::max_header_bytes);
  parser.body_limit(limits::max_body_bytes);
  stream.expires_after(limits::header_time);
  co_await beast_http::async_read_header(stream, connection.buffer, parser, token);
  if (!ec) {
    connection.busy = true;
    if (beast::iequals(parser.get()[beast_http::field::expect], "100-continue")) {
      const beast_http::response<beast_http::empty_body> go_on{beast_http::status::continue_, 11};
      co_await beast_http::async_write(stream, go_on, token);
    }
  }
  if (!ec) {
    stream.expires_after(limits::body_time);
    co_await beast_http::async_read(stream, connection.buffer, parser, token);
  }
  const bool was_read = !ec;
  const unsigned version = was_read ? parser.get().version() : 11;
  const bool keep_alive = was_read && parser.get().keep_alive();
  std::optional<Reply> reply;
  bool is_head = false;
  if (was_read) {
    is_head = parser.get().method() == beast_http::verb::head;
    const BodyWishes wishes = read_wishes(parser.get());
    stream.expires_never();
    reply = co_await dispatch(site_, parser.release(), connection.address);
    shape_body(*reply, wishes);
  } else if (const auto why = reply_to(ec)) {
    reply = unreadable(site_, connection.address, *why);
    connection.unread = true;
  }
  if (!reply) co_return false;
  Response response = to_response(std::move(*reply), version, keep_alive);
  stream.expires_after(limits::write_time);
  ec = {};
  if (is_head) {
    const beast_http::response<beast_http::empty_body> head{response.base()};
    co_await beast_http::async_write(stream, head, token);
  } else {
    co_await beast_http::async_write(stream, response, token);
  }
  connection.busy = false;
  co_return !ec && keep_alive;
}

void Server::stop(std::chrono::seconds patience) {
  asio::post(acceptor_.get_executor(), [this] {
    boost::system::error_code ec;
    static_cast<void>(acceptor_.close(ec));
  });
  std::unique_lock lock(mutex_);
  stopping_ = true;
  for (const auto& connection : connections_) {
    asio::post(connection->stream.get_executor(), [connection] {
      if (!connection->busy) connection->stream.cancel();
    });
  }
  gone_.wait_for(lock, patience, [this] { return connections_.empty(); });
}

}  // namespace diary::http
