// SPDX-License-Identifier: Apache-2.0
#pragma once

// One connection's life: requests are read one at a time, answered in order, each part within its time. Holds
// next to nothing while it waits for a request. Knows nothing of routes, nor whether the bytes are encrypted.

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>
#include <string>

#include "http/connections.hpp"
#include "http/dispatch.hpp"
#include "http/memory_budget.hpp"
#include "http/response.hpp"
#include "http/wire.hpp"

namespace diary::http {

namespace limits {
inline constexpr std::uint64_t max_body_bytes = 1024ULL * 1024;
inline constexpr std::chrono::seconds drain_time{2};  // after a refusal
inline constexpr std::size_t max_drained_bytes = 16UL * 1024 * 1024;
inline constexpr std::size_t small_body = 16UL * 1024;        // is not counted in the budget
inline constexpr std::size_t events_at_once = 16UL * 1024;    // of a stream, in bytes
inline constexpr std::chrono::seconds stream_write_time{10};  // at most, of these: slower is too slow
inline constexpr int stream_buffer = 64 * 1024;  // what the kernel holds for a peer that does not read
}  // namespace limits

// How long a peer may take; from the first byte to the last.
struct Patience {
  std::chrono::seconds idle{60};  // between requests
  std::chrono::seconds header{10};
  std::chrono::seconds body{30};
  std::chrono::seconds write{60};
};

// What the connections of a server share.
struct SessionTerms {
  Site& site;
  Connections& connections;
  MemoryBudget& bodies;
  Patience patience;
};

class Session {
 public:
  Session(SessionTerms& terms, std::unique_ptr<Wire> wire, std::string address)
      : terms_(terms), wire_(std::move(wire)), address_(std::move(address)) {}

  void enter(Connections::Id id) { id_ = id; }
  [[nodiscard]] Connections::Id id() const { return id_; }
  [[nodiscard]] Wire& wire() { return *wire_; }

  // Until the connection is closed.
  asio::awaitable<void> run();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  enum class Read { whole, refused, gone };

  asio::awaitable<bool> serve_one();
  asio::awaitable<bool> refuse(const Unreadable& why);
  asio::awaitable<Read> read_request(Parser& parser, MemoryBudget::Share& share);
  asio::awaitable<Read> read_header(Parser& parser);
  asio::awaitable<Read> invite_body(const Parser& parser);
  asio::awaitable<Read> read_body(Parser& parser, MemoryBudget::Share& share);
  asio::awaitable<bool> send(const Reply& reply, ResponseTerms response, bool is_head);
  asio::awaitable<void> stream(Reply& reply, ResponseTerms response, MemoryBudget::Share& share);
  asio::awaitable<bool> send_events(const snapshot::LiveReader::Pieces& pieces, bool is_chunked);
  asio::awaitable<bool> receive(std::size_t most);
  asio::awaitable<void> drain();
  Read refuse_later(Unreadable why);
  void expires(std::chrono::seconds after) { wire_->tcp().expires_after(after); }

  SessionTerms& terms_;
  std::unique_ptr<Wire> wire_;
  std::string address_;
  Connections::Id id_ = Connections::nobody;
  std::string received_;  // and not looked at; empty, and without memory, while the peer is silent
  std::optional<Unreadable> why_;
  bool unread_ = false;  // the peer may still be sending what was refused
};

}  // namespace diary::http
