// SPDX-License-Identifier: Apache-2.0
#include "http/handlers.hpp"
#include "http/live_stream.hpp"
#include "http/problem.hpp"
#include "http/query.hpp"

namespace diary::http {
namespace {

constexpr std::string_view hello = "retry: 3000\n";  // milliseconds, for whoever lost the stream
constexpr std::size_t most_missed = 1000;            // segments; past it a client is better off reading anew
constexpr std::chrono::seconds until_free{10};

Reply no_seat(LiveSeats::Refusal refusal, const Request& request) {
  if (refusal == LiveSeats::Refusal::address)
    return problem(Error{Errc::rate_limited, "too many live streams of one address", {}, until_free},
                   request);
  return problem(Error{Errc::unavailable, "too many live streams", {}, until_free}, request);
}

// What a client that comes back has missed, as far as take() does not tell it.
asio::awaitable<Result<std::string>> missed(Site& site, const BBox& box, const std::string& last_event_id,
                                            snapshot::LiveReader& reader) {
  using Resumed = snapshot::LiveReader::Resumed;
  std::string text;
  const auto token = snapshot::parse_live_token(last_event_id);
  const auto resumed = token ? reader.resume(*token) : Resumed::not_at_all;
  if (resumed == Resumed::from_log) co_return text;
  bool fits = false;
  if (resumed == Resumed::from_city) {
    std::vector<std::string> states;
    const auto look = [&]() -> Result<bool> {
      return site.city.city().changed_since(box, token->from_xid, most_missed, now(), states);
    };
    const auto looked = co_await site.tiles.run(look);
    if (!looked) co_return fail(looked.error());
    fits = *looked;
    for (const std::string& state : states) snapshot::append_event(text, "segment", last_event_id, state);
  }
  if (!fits) snapshot::append_event(text, "reset", reader.token(), "{}");
  text += "id: " + reader.token() + "\n\n";
  co_return text;
}

asio::awaitable<Reply> get_live_segments(Site& site, Request& request) {
  QueryReader query(request);
  query.require("bbox");
  const auto box = query.bbox("bbox");
  if (!query.fine()) co_return problem(query.error(), request);
  if (!site.city.city().loaded()) co_return not_loaded(request);
  auto refusal = LiveSeats::Refusal::none;
  auto seat = site.live_seats->take(request.address, refusal);
  if (!seat) co_return no_seat(refusal, request);
  auto reader = site.city.live().read(snapshot::bounds_of(*box));
  Reply reply;
  reply.content_type = "text/event-stream";
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.headers.emplace_back("X-Accel-Buffering", "no");
  reply.body = hello;
  if (request.last_event_id.empty()) {
    reply.body += "id: " + reader->token() + "\n\n";
  } else {
    const auto text = co_await missed(site, *box, request.last_event_id, *reader);
    if (!text) co_return problem(text.error(), request);
    reply.body += text->empty() ? "\n" : *text;
  }
  reply.stream = std::make_shared<LiveStream>(std::move(seat), std::move(reader), site.config.live_heartbeat);
  co_return reply;
}

}  // namespace

void add_live_routes(RouteTable& table) {
  table.add(Verb::get, "/api/v1/live/segments", get_live_segments, {.quota = Quota::map});
}

}  // namespace diary::http
