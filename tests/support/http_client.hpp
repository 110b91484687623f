// SPDX-License-Identifier: Apache-2.0
#pragma once

// A small HTTP/1.1 client on one kept-alive connection. Not thread-safe. Throws std::runtime_error when the
// server hangs up before a whole answer; the next request connects anew.

#include <boost/json/value.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace diary::support {

using Headers = std::map<std::string, std::string>;

struct Answer {
  unsigned status = 0;
  Headers headers;  // lower-case names
  std::string body;

  // Throws when the body is no JSON.
  [[nodiscard]] boost::json::object json() const;
  // A header's value; empty when absent.
  [[nodiscard]] std::string header(const std::string& lower_case_name) const;
};

class HttpClient {
 public:
  // `from`: the loopback address to call from, which the server counts by.
  explicit HttpClient(int port, std::string from = "127.0.0.1");
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) = delete;
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  Answer send(const std::string& method, const std::string& target, const std::string& body = {},
              const Headers& headers = {});
  Answer get(const std::string& target, const Headers& headers = {}) {
    return send("GET", target, {}, headers);
  }
  // As application/json.
  Answer post(const std::string& target, const boost::json::value& body, const Headers& headers = {});

  std::string token;  // goes along as Bearer when there is one

  // How many connections were made so far.
  [[nodiscard]] int connections() const { return connections_; }

 private:
  struct Link;
  std::unique_ptr<Link> link_;
  int port_;
  std::string from_;
  int connections_ = 0;
};

}  // namespace diary::support
