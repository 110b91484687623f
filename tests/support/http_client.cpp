// SPDX-License-Identifier: Apache-2.0
#include "support/http_client.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cctype>
#include <stdexcept>

#include "support/recorder.hpp"

namespace diary::support {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

constexpr std::uint64_t max_answer_bytes = 64ULL << 20;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

struct HttpClient::Link {
  asio::io_context io;
  tcp::socket socket{io};
  boost::beast::flat_buffer buffer;
};

boost::json::object Answer::json() const {
  return boost::json::parse(body).as_object();
}

std::string Answer::header(const std::string& lower_case_name) const {
  const auto it = headers.find(lower_case_name);
  return it == headers.end() ? std::string{} : it->second;
}

HttpClient::HttpClient(int port, std::string from) : port_(port), from_(std::move(from)) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;

Answer HttpClient::send(const std::string& method, const std::string& target, const std::string& body,
                        const Headers& headers) {
  http::request<http::string_body> request{http::verb::get, target, 11};
  request.method_string(method);
  request.set(http::field::host, "127.0.0.1");
  if (!token.empty()) request.set(http::field::authorization, "Bearer " + token);
  for (const auto& [name, value] : headers) request.set(name, value);
  request.body() = body;
  if (!body.empty() || method == "POST") request.prepare_payload();
  try {
    if (!link_) {
      link_ = std::make_unique<Link>();
      link_->socket.open(tcp::v4());
      link_->socket.bind({asio::ip::make_address(from_), 0});
      link_->socket.connect({asio::ip::make_address("127.0.0.1"), static_cast<unsigned short>(port_)});
      link_->socket.set_option(tcp::no_delay(true));
      ++connections_;
    }
    http::write(link_->socket, request);
    http::response_parser<http::string_body> parser;
    parser.body_limit(max_answer_bytes);
    if (method == "HEAD") parser.skip(true);
    http::read(link_->socket, link_->buffer, parser);
    auto response = parser.release();
    Answer answer{response.result_int(), {}, std::move(response.body())};
    for (const auto& field : response)
      answer.headers[lower(std::string(field.name_string()))] = std::string(field.value());
    if (!response.keep_alive()) link_.reset();
    Headers sent;
    for (const auto& field : request)
      sent[lower(std::string(field.name_string()))] = std::string(field.value());
    record(method, target, {sent, body}, answer.status, {answer.headers, answer.body});
    return answer;
  } catch (const boost::system::system_error& e) {
    link_.reset();
    throw std::runtime_error(method + " " + target + ": " + e.what());
  }
}

Answer HttpClient::post(const std::string& target, const boost::json::value& body, const Headers& headers) {
  Headers all = headers;
  all.emplace("Content-Type", "application/json");
  return send("POST", target, boost::json::serialize(body), all);
}

}  // namespace diary::support
