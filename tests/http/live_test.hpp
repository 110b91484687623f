// SPDX-License-Identifier: Apache-2.0
#pragma once

// A client of the live stream, on a socket of its own.

#include <fmt/format.h>

#include <map>

#include "http/api_test.hpp"

namespace diary::http::test {

struct LiveEvent {
  std::string name;  // empty: no event; a comment, or only an id
  std::string id;
  std::string data;
  std::string comment;
};

class LiveClient {
 public:
  explicit LiveClient(int port, const std::string& bbox, const std::string& last_event_id = {},
                      const std::string& from = "127.0.0.1", int receive_buffer = 0)
      : socket_(port, from, receive_buffer) {
    socket_.send("GET /api/v1/live/segments?bbox=" + bbox +
                 " HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n" +
                 (last_event_id.empty() ? "" : "Last-Event-ID: " + last_event_id + "\r\n") + "\r\n");
    header_ = socket_.read_until("\r\n\r\n");
  }

  [[nodiscard]] const std::string& header() const { return header_; }
  [[nodiscard]] int status() const { return header_.size() < 12 ? 0 : std::stoi(header_.substr(9, 3)); }
  // Of the last block that had one.
  [[nodiscard]] const std::string& last_id() const { return last_id_; }

  // The next block, whatever it is; nothing at the end, or when none comes.
  std::optional<LiveEvent> block(std::chrono::seconds patience = std::chrono::seconds{10}) {
    for (auto end = text_.find("\n\n"); end == std::string::npos; end = text_.find("\n\n"))
      if (!read_chunk(patience)) return std::nullopt;
    const auto end = text_.find("\n\n");
    LiveEvent event;
    for (std::size_t at = 0; at < end + 1;) {
      const auto line_end = text_.find('\n', at);
      const std::string line = text_.substr(at, line_end - at);
      at = line_end + 1;
      if (line.starts_with("event: ")) event.name = line.substr(7);
      if (line.starts_with("id: ")) event.id = last_id_ = line.substr(4);
      if (line.starts_with("data: ")) event.data += line.substr(6);
      if (line.starts_with(":")) event.comment = line;
      if (line.starts_with("retry: ")) retry_ = line.substr(7);
    }
    text_.erase(0, end + 2);
    return event;
  }
  // The next that has a name.
  std::optional<LiveEvent> event(std::chrono::seconds patience = std::chrono::seconds{10}) {
    while (true) {
      auto next = block(patience);
      if (!next || !next->name.empty()) return next;
    }
  }
  [[nodiscard]] const std::string& retry() const { return retry_; }
  [[nodiscard]] bool ended() const { return ended_; }  // as it should: with the last chunk
  support::RawSocket& socket() { return socket_; }

 private:
  bool read_chunk(std::chrono::seconds patience) {
    const std::string size = socket_.read_until("\r\n", patience);
    if (!size.ends_with("\r\n")) return false;
    std::size_t left = std::stoul(size, nullptr, 16);
    if (left == 0) ended_ = true;
    if (left == 0) return false;
    // Its bytes have no carriage return: what stands before one is all of it.
    const std::string bytes = socket_.read_until("\r\n", patience);
    if (!bytes.ends_with("\r\n")) return false;  // cut off
    EXPECT_EQ(bytes.size(), left + 2);
    text_ += bytes.substr(0, left);
    return true;
  }

  support::RawSocket socket_;
  std::string header_;
  std::string text_;
  std::string last_id_;
  std::string retry_;
  bool ended_ = false;
};

inline std::string box_around(double lng, double lat, double by = 0.01) {
  return fmt::format("{},{},{},{}", lng - by, lat - by, lng + by, lat + by);
}

inline json::object data_of(const LiveEvent& event) {
  return json::parse(event.data).as_object();
}

}  // namespace diary::http::test
