// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/routes.hpp"

namespace diary::http {
namespace {

using tcp = asio::ip::tcp;

constexpr int backlog = 4096;  // connections that the kernel holds for us; cut to net.core.somaxconn
constexpr std::string_view no_room =
    "HTTP/1.1 503 Service Unavailable\r\nServer: diary\r\nRetry-After: 5\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

// A household's connections are bound together; a trusted proxy's are everybody's.
std::string counted_as(const Site& site, const std::string& address) {
  const auto parsed = IpAddress::parse(address.substr(0, address.find('%')));  // a link's zone follows
  if (!parsed) return address;
  return site.trusted_proxies.contain(*parsed) ? std::string{} : parsed->host();
}

}  // namespace

Server::Server(asio::io_context& io, Site& site, Options options)
    : io_(io),
      options_(std::move(options)),
      acceptor_(asio::make_strand(io)),
      port_(options_.port),
      connections_(options_.bounds),
      bodies_(options_.body_memory),
      terms_{site, connections_, bodies_, options_.patience} {
  const std::string& host = options_.host;
  const tcp::endpoint endpoint(asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host),
                               static_cast<unsigned short>(port_));
  static_cast<void>(routes());  // what is wrong with them is wrong before the first request
  acceptor_.open(endpoint.protocol());
  acceptor_.set_option(asio::socket_base::reuse_address(true));
  acceptor_.bind(endpoint);
  acceptor_.listen(backlog);
  port_ = acceptor_.local_endpoint().port();
}

void Server::start() {
  asio::co_spawn(acceptor_.get_executor(), accept(), asio::detached);
}

asio::awaitable<void> Server::accept() {
  while (acceptor_.is_open()) {
    boost::system::error_code ec;
    tcp::socket socket = co_await acceptor_.async_accept(asio::make_strand(io_),
                                                         asio::redirect_error(asio::use_awaitable, ec));
    if (!ec) {
      admit(std::move(socket));
    } else if (acceptor_.is_open()) {
      spdlog::warn("accept: {}", ec.message());  // out of descriptors: wait for some to come back
      asio::steady_timer pause(acceptor_.get_executor(), std::chrono::milliseconds{50});
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    }
  }
}

void Server::admit(tcp::socket socket) {
  boost::system::error_code ec;
  const auto peer = socket.remote_endpoint(ec);
  if (ec) return;  // it went at once
  static_cast<void>(socket.set_option(tcp::no_delay(true), ec));
  const std::string address = peer.address().to_string();
  auto wire =
      options_.tls ? make_tls_wire(std::move(socket), *options_.tls) : make_plain_wire(std::move(socket));
  auto session = std::make_shared<Session>(terms_, std::move(wire), address);
  auto hang_up = [weak = std::weak_ptr(session), executor = session->wire().tcp().get_executor()] {
    asio::post(executor, [weak] {
      if (const auto held = weak.lock()) held->wire().tcp().cancel();
    });
  };
  const auto id = connections_.admit(counted_as(terms_.site, address), std::move(hang_up));
  if (id == Connections::nobody) {
    // Few bytes into an empty socket: they go at once or not at all.
    auto& refused = session->wire().tcp().socket();
    refused.non_blocking(true, ec);
    if (!options_.tls) refused.write_some(asio::buffer(no_room), ec);
    return;
  }
  session->enter(id);
  asio::co_spawn(session->wire().tcp().get_executor(), serve(session), asio::detached);
}

asio::awaitable<void> Server::serve(std::shared_ptr<Session> session) {
  ++terms_.site.metrics.connections;
  try {
    co_await session->run();
  } catch (const std::exception& e) {
    spdlog::error("a connection ended badly: {}", e.what());
  }
  --terms_.site.metrics.connections;
  session->wire().tcp().close();
  connections_.leaves(session->id());
}

void Server::stop(std::chrono::seconds patience) {
  asio::post(acceptor_.get_executor(), [this] {
    boost::system::error_code ec;
    static_cast<void>(acceptor_.close(ec));
  });
  connections_.close();
  terms_.site.city.live().end();
  if (!connections_.wait_until_empty(patience))
    spdlog::warn("{} connections are cut off", connections_.size());
}

}  // namespace diary::http
