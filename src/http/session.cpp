// SPDX-License-Identifier: Apache-2.0
#include "http/session.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/header_scan.hpp"
#include "http/live_stream.hpp"
#include "http/peer_watch.hpp"

namespace diary::http {
namespace {

namespace beast_http = boost::beast::http;

constexpr std::size_t first_piece = 512;  // what a connection that waits holds
constexpr std::size_t piece = std::size_t{16} * 1024;

Unreadable too_large() {
  return {413, "payload_too_large", "The body is too large", "the body is limited to 1 MiB"};
}

constexpr std::string_view chunk_end = "\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";

std::string chunk_size(std::size_t bytes) {
  return fmt::format("{:x}\r\n", bytes);
}

// What a stream waits for. On the connection's executor; rung from anywhere.
class Bell {
 public:
  explicit Bell(const asio::any_io_executor& executor) : timer_(executor) {}

  void ring() {
    has_rung_ = true;
    timer_.cancel();
  }
  // Whether it was rung since the last time, or is within so long.
  asio::awaitable<bool> rings_within(std::chrono::milliseconds time) {
    if (!has_rung_) {
      timer_.expires_after(time);
      boost::system::error_code ec;
      co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    }
    co_return std::exchange(has_rung_, false);
  }
  [[nodiscard]] asio::any_io_executor executor() { return timer_.get_executor(); }

 private:
  asio::steady_timer timer_;
  bool has_rung_ = false;
};

// May be called when the stream is long gone.
std::function<void()> ring_of(const std::shared_ptr<Bell>& bell) {
  return [weak = std::weak_ptr(bell), executor = bell->executor()] {
    asio::post(executor, [weak] {
      if (const auto held = weak.lock()) held->ring();
    });
  };
}

Unreadable too_busy() {
  return {503, "unavailable", "Not now", "too many bodies are under way"};
}

}  // namespace

asio::awaitable<void> Session::run() {
  expires(terms_.patience.header);
  bool goes_on = co_await wire_->open();
  if (!goes_on) co_return;
  while (goes_on) goes_on = co_await serve_one();
  expires(limits::drain_time);
  co_await wire_->finish();
  if (unread_) co_await drain();
}

// False when the connection is to be closed.
asio::awaitable<bool> Session::serve_one() {
  Parser parser;
  MemoryBudget::Share share(terms_.bodies);
  const Read outcome = co_await read_request(parser, share);
  if (outcome == Read::gone) co_return false;
  if (outcome == Read::refused) co_return co_await refuse(*why_);
  ResponseTerms response{parser.get().keep_alive(), parser.get().version() == 10};
  const bool is_head = parser.get().method() == beast_http::verb::head;
  wire_->tcp().expires_never();
  PeerWatch watch(wire_->tcp().socket());
  const WatchPeer watch_peer = [&watch] { return watch.begin(); };
  Reply reply = co_await dispatch(terms_.site, parser.release(), address_, watch_peer);
  watch.end();
  if (reply.body.size() > limits::small_body && !share.take(reply.body.size()))
    reply = co_await unreadable(terms_.site, address_, too_busy());
  if (reply.stream && !is_head) {
    response.keep_alive = false;
    co_await stream(reply, response, share);
    co_return false;
  }
  response.keep_alive = response.keep_alive && !terms_.connections.closed();
  co_return co_await send(reply, response, is_head) && response.keep_alive;
}

asio::awaitable<bool> Session::refuse(const Unreadable& why) {
  unread_ = true;
  const Reply reply = co_await unreadable(terms_.site, address_, why);
  const ResponseTerms last{.keep_alive = false};
  co_await send(reply, last, false);
  co_return false;
}

Session::Read Session::refuse_later(Unreadable why) {
  why_ = std::move(why);
  return Read::refused;
}

asio::awaitable<Session::Read> Session::read_request(Parser& parser, MemoryBudget::Share& share) {
  Read outcome = co_await read_header(parser);
  if (outcome != Read::whole) co_return outcome;
  if (!terms_.connections.answers(id_)) co_return Read::gone;
  if (parser.is_done()) co_return Read::whole;
  expires(terms_.patience.body);
  outcome = co_await invite_body(parser);
  if (outcome != Read::whole) co_return outcome;
  // A trailer is no header: what comes behind a body changes nothing any more.
  const std::optional<beast_http::request_header<>> header =
      parser.chunked() ? std::optional(parser.get().base()) : std::nullopt;
  outcome = co_await read_body(parser, share);
  if (header) parser.get().base() = *header;
  co_return outcome;
}

asio::awaitable<Session::Read> Session::read_header(Parser& parser) {
  HeaderScan scan;
  bool has_begun = !received_.empty();
  expires(has_begun ? terms_.patience.header : terms_.patience.idle);
  HeaderScan::State state = scan.feed(received_);
  for (; state == HeaderScan::State::more; state = scan.feed(received_)) {
    if (!terms_.connections.waits(id_)) co_return Read::gone;
    if (!co_await receive(has_begun ? piece : first_piece)) co_return Read::gone;
    if (!has_begun) expires(terms_.patience.header);
    has_begun = true;
  }
  if (state == HeaderScan::State::refused) {
    // Somebody is being answered from here on; who was told to go meanwhile hears nothing more.
    co_return terms_.connections.answers(id_) ? refuse_later(scan.why()) : Read::gone;
  }
  parser.header_limit(static_cast<std::uint32_t>(limits::max_header_bytes + 1));
  parser.body_limit(limits::max_body_bytes);
  boost::system::error_code ec;
  parser.put(asio::buffer(received_.data() + scan.begin(), scan.length()), ec);
  received_.erase(0, scan.begin() + scan.length());
  if (ec == beast_http::error::body_limit) co_return refuse_later(too_large());
  if (ec || !parser.is_header_done()) co_return refuse_later(no_http(ec ? ec.message() : "no header"));
  co_return Read::whole;
}

// For those who ask before they send a body.
asio::awaitable<Session::Read> Session::invite_body(const Parser& parser) {
  const auto expect = parser.get()[beast_http::field::expect];
  if (expect.empty() || parser.get().version() < 11) co_return Read::whole;
  if (!boost::beast::iequals(expect, "100-continue"))
    co_return refuse_later(
        {417, "expectation_failed", "That cannot be expected", "the one expectation is 100-continue"});
  if (!received_.empty()) co_return Read::whole;  // they did not wait
  static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  std::vector<asio::const_buffer> bytes{asio::buffer(go_on)};
  co_return co_await wire_->write(std::move(bytes)) ? Read::whole : Read::gone;
}

asio::awaitable<Session::Read> Session::read_body(Parser& parser, MemoryBudget::Share& share) {
  parser.eager(true);
  boost::system::error_code ec = beast_http::error::need_more;
  while (true) {
    if (!received_.empty()) {
      const std::size_t used = parser.put(asio::buffer(received_), ec);
      received_.erase(0, used);
    }
    if (ec == beast_http::error::body_limit) co_return refuse_later(too_large());
    if (ec && ec != beast_http::error::need_more) co_return refuse_later(no_http(ec.message()));
    if (parser.is_done()) co_return Read::whole;
    if (received_.size() >= piece) co_return refuse_later(no_http("a chunk's header or trailer over 16 KiB"));
    if (parser.get().body().size() >= limits::small_body && !share.take(piece))
      co_return refuse_later(too_busy());
    if (!co_await receive(piece)) co_return Read::gone;
  }
}

asio::awaitable<bool> Session::send(const Reply& reply, ResponseTerms response, bool is_head) {
  const std::string header = response_header(reply, response);
  std::vector<asio::const_buffer> bytes{asio::buffer(header)};
  if (!is_head && !reply.body.empty()) bytes.push_back(asio::buffer(reply.body));
  expires(terms_.patience.write);
  co_return co_await wire_->write(std::move(bytes));
}

// As long as the peer is there and takes what comes, and the server goes on. Whatever waits for a slow peer
// lies in the log that all share; of its own there is what is being written.
asio::awaitable<void> Session::stream(Reply& reply, ResponseTerms response, MemoryBudget::Share& share) {
  using Taken = snapshot::LiveReader::Taken;
  const bool is_chunked = !response.is_old;
  const std::shared_ptr<LiveStream> live = reply.stream;
  const auto patience = std::min(terms_.patience.write, limits::stream_write_time);
  {
    boost::system::error_code ec;
    static_cast<void>(
        wire_->tcp().socket().set_option(asio::socket_base::send_buffer_size(limits::stream_buffer), ec));
    const std::string header = response_header(reply, response);
    const std::string size = chunk_size(reply.body.size());
    std::vector<asio::const_buffer> bytes{asio::buffer(header)};
    if (is_chunked) bytes.push_back(asio::buffer(size));
    bytes.push_back(asio::buffer(reply.body));
    if (is_chunked) bytes.push_back(asio::buffer(chunk_end));
    expires(patience);
    const bool fine = co_await wire_->write(std::move(bytes));
    if (!fine) co_return;
    reply = {};
    share.give_back();
  }
  const auto bell = std::make_shared<Bell>(wire_->tcp().get_executor());
  live->reader().when_news(ring_of(bell));
  PeerWatch watch(wire_->tcp().socket());
  const auto gone = watch.begin(ring_of(bell));
  snapshot::LiveReader::Pieces pieces;
  bool goes_on = true;
  while (goes_on && !*gone) {
    const Taken taken = live->reader().take(pieces, limits::events_at_once);
    if (taken == Taken::late) {
      spdlog::debug("a live stream is too slow");
      break;
    }
    if (pieces.empty() && taken == Taken::all) {
      if (co_await bell->rings_within(live->heartbeat())) continue;
      pieces.push_back(std::make_shared<const std::string>(live->reader().heartbeat()));
    }
    const auto begun = std::chrono::steady_clock::now();
    if (!pieces.empty()) goes_on = co_await send_events(pieces, is_chunked);
    if (!goes_on && std::chrono::steady_clock::now() - begun >= patience)
      terms_.site.city.live().note_dropped();
    pieces.clear();
    if (taken == Taken::ended) break;
  }
  watch.end();
  if (!goes_on || *gone || !is_chunked) co_return;
  expires(limits::drain_time);
  std::vector<asio::const_buffer> last{asio::buffer(last_chunk)};
  co_await wire_->write(std::move(last));
}

asio::awaitable<bool> Session::send_events(const snapshot::LiveReader::Pieces& pieces, bool is_chunked) {
  std::size_t length = 0;
  for (const auto& piece : pieces) length += piece->size();
  const std::string size = chunk_size(length);
  std::vector<asio::const_buffer> bytes;
  bytes.reserve(pieces.size() + 2);
  if (is_chunked) bytes.push_back(asio::buffer(size));
  for (const auto& piece : pieces) bytes.push_back(asio::buffer(*piece));
  if (is_chunked) bytes.push_back(asio::buffer(chunk_end));
  expires(std::min(terms_.patience.write, limits::stream_write_time));
  const bool fine = co_await wire_->write(std::move(bytes));
  wire_->tcp().expires_never();
  co_return fine;
}

// Appends what comes next, at most so much; false when nothing comes any more.
asio::awaitable<bool> Session::receive(std::size_t most) {
  const std::size_t before = received_.size();
  if (before == 0) std::string().swap(received_);  // gives the memory back
  received_.resize(before + most);
  const std::size_t n = co_await wire_->read_some(asio::buffer(received_.data() + before, most));
  received_.resize(before + n);
  co_return n > 0;
}

// Closing with bytes unread resets the connection, and the peer may lose the answer with it: takes what still
// comes, for a while. Nobody looks at it: no need to decrypt.
asio::awaitable<void> Session::drain() {
  received_.resize(piece);
  boost::system::error_code ec;
  for (std::size_t left = limits::max_drained_bytes; !ec && left > 0;) {
    const std::size_t n = co_await wire_->tcp().async_read_some(
        asio::buffer(received_), asio::redirect_error(asio::use_awaitable, ec));
    left -= std::min(left, n);
  }
}

}  // namespace diary::http
