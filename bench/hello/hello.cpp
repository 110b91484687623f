// SPDX-License-Identifier: Apache-2.0
// The HTTP library's own "hello": a connection's loop as in src/http/server.cpp, with its time limits, and
// behind it nothing but the same bytes for every request. What a server on this library could reach that had
// no work.
//
//   bench_hello FILE    sends the file's content; prints the address it listens on

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

constexpr std::chrono::seconds patience{30};

asio::awaitable<void> serve(beast::tcp_stream stream, const std::string& content) {
  beast::flat_buffer buffer;
  boost::system::error_code ec;
  auto token = asio::redirect_error(asio::use_awaitable, ec);
  while (true) {
    http::request_parser<http::string_body> parser;
    stream.expires_after(patience);
    co_await http::async_read(stream, buffer, parser, token);
    if (ec) co_return;
    http::response<http::string_body> response{http::status::ok, parser.get().version()};
    response.set(http::field::content_type, "application/json");
    response.body() = content;
    response.keep_alive(parser.get().keep_alive());
    response.prepare_payload();
    stream.expires_after(patience);
    co_await http::async_write(stream, response, token);
    if (ec) co_return;
  }
}

asio::awaitable<void> accept(tcp::acceptor& acceptor, asio::io_context& io, const std::string& content) {
  while (true) {
    auto socket = co_await acceptor.async_accept(asio::make_strand(io), asio::use_awaitable);
    socket.set_option(tcp::no_delay(true));
    beast::tcp_stream stream(std::move(socket));
    auto executor = stream.get_executor();
    asio::co_spawn(executor, serve(std::move(stream), content), asio::detached);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ifstream file(argv[1], std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  asio::io_context io(static_cast<int>(cores));
  tcp::acceptor acceptor(io, {asio::ip::make_address("127.0.0.1"), 0});
  asio::co_spawn(io, accept(acceptor, io, content), asio::detached);
  std::printf("listening on http://127.0.0.1:%d\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < cores; ++i) threads.emplace_back([&io] { io.run(); });
  for (std::thread& thread : threads) thread.join();
}
