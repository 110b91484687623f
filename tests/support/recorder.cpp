// SPDX-License-Identifier: Apache-2.0
#include "support/recorder.hpp"

#include <boost/beast/http.hpp>
#include <boost/json/serialize.hpp>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <stdexcept>

#include "base/utf8.hpp"

namespace diary::support {
namespace {

namespace http = boost::beast::http;
namespace json = boost::json;

constexpr std::size_t max_body = 1UL << 20;
constexpr std::size_t max_file = 256UL << 20;

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned long three = 0;
    for (std::size_t j = i; j < i + 3; ++j)
      three = (three << 8) | (j < bytes.size() ? static_cast<unsigned char>(bytes[j]) : 0U);
    const std::size_t left = bytes.size() - i;
    text += digits[three >> 18];
    text += digits[(three >> 12) & 63U];
    text += left > 1 ? digits[(three >> 6) & 63U] : '=';
    text += left > 2 ? digits[three & 63U] : '=';
  }
  return text;
}

json::object to_json(const Message& message) {
  json::object headers;
  for (const auto& [name, value] : message.headers)
    headers[name] = is_utf8(value) ? value : base64(value);  // nobody looks into those
  const std::string_view kept = message.body.substr(0, max_body);
  json::object object{{"headers", std::move(headers)},
                      {"body_bytes", message.body.size() + (message.whole ? 0 : 1)},
                      {"kept_bytes", kept.size()}};
  if (is_utf8(kept)) {
    object["body"] = json::string_view(kept.data(), kept.size());
  } else {
    object["base64"] = base64(kept);
  }
  return object;
}

// The recording of this process, begun anew; nothing when none is wanted.
class Recording {
 public:
  explicit Recording(const char* path) : file_(path, std::ios::binary | std::ios::trunc) {
    if (!file_) throw std::runtime_error(std::string(path) + " cannot be written");
  }
  void add(const std::string& line) {
    const std::scoped_lock lock(mutex_);
    if (written_ > max_file) return;
    written_ += line.size() + 1;
    file_ << (written_ > max_file ? R"({"full":true})" : line) << '\n' << std::flush;
  }

 private:
  std::mutex mutex_;
  std::ofstream file_;
  std::size_t written_ = 0;
};

Recording* recording() {
  static const char* path = std::getenv("DIARY_EXCHANGES");
  if (path == nullptr) return nullptr;
  static Recording made(path);
  return &made;
}

template <bool is_request>
Message to_message(const http::message<is_request, http::string_body>& parsed, bool whole) {
  Message message{{}, parsed.body(), whole};
  for (const auto& field : parsed) {
    std::string name(field.name_string());
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    message.headers[name] = std::string(field.value());
  }
  return message;
}

// Feeds as much as the parser takes; returns how much that was.
template <class Parser>
std::size_t feed(Parser& parser, std::string_view bytes) {
  parser.eager(true);
  parser.body_limit(64UL << 20);  // what a header promises is made room for at once
  boost::system::error_code ec;
  std::size_t taken = 0;
  while (!ec && !parser.is_done() && taken < bytes.size())
    taken += parser.put(boost::asio::buffer(bytes.substr(taken)), ec);
  return taken;
}

}  // namespace

void record(const std::string& method, const std::string& target, const Message& request, unsigned status,
            const Message& answer) {
  if (recording() == nullptr || !is_utf8(target)) return;
  recording()->add(json::serialize(json::object{{"method", method},
                                                {"target", target},
                                                {"request", to_json(request)},
                                                {"status", status},
                                                {"response", to_json(answer)}}));
}

void record_raw(std::string_view sent, std::string_view received) {
  if (recording() == nullptr) return;
  http::request_parser<http::string_body> request;
  feed(request, sent);
  if (!request.is_header_done()) return;
  for (;;) {
    http::response_parser<http::string_body> answer;
    if (request.get().method() == http::verb::head) answer.skip(true);
    const std::size_t taken = feed(answer, received);
    if (!answer.is_header_done()) return;
    if (answer.get().result_int() >= 200) {
      record(std::string(request.get().method_string()), std::string(request.get().target()),
             to_message(request.get(), request.is_done()), answer.get().result_int(),
             to_message(answer.get(), answer.is_done()));
      return;
    }
    received.remove_prefix(taken);  // 100 Continue
  }
}

}  // namespace diary::support
