// SPDX-License-Identifier: Apache-2.0
#include "snapshot/live.hpp"

#include <algorithm>
#include <charconv>

namespace diary::snapshot {
namespace {

constexpr std::size_t most_token_bytes = 64;
constexpr Bounds everywhere{-1000, -1000, 1000, 1000};

bool is_history_sign(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

std::optional<LiveToken> parse_live_token(std::string_view text) {
  if (text.size() > most_token_bytes) return std::nullopt;
  const auto dash = text.find('-');
  if (dash == std::string_view::npos || dash == 0) return std::nullopt;
  LiveToken token{std::string(text.substr(0, dash)), 0};
  text.remove_prefix(dash + 1);
  const auto [rest, ec] = std::from_chars(text.data(), text.data() + text.size(), token.from_xid, 16);
  if (ec != std::errc{} || rest != text.data() + text.size() || text.empty()) return std::nullopt;
  if (!std::ranges::all_of(token.history, is_history_sign)) return std::nullopt;
  return token;
}

std::string to_text(const LiveToken& token) {
  std::string text = token.history + '-';
  char digits[16];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), token.from_xid, 16).ptr;
  text.append(std::begin(digits), end);
  return text;
}

void append_event(std::string& out, std::string_view name, std::string_view id, std::string_view data) {
  out += "event: ";
  out += name;
  out += "\nid: ";
  out += id;
  out += "\ndata: ";
  out += data;
  out += "\n\n";
}

std::unique_ptr<LiveReader> Live::read(const Bounds& box) {
  const std::scoped_lock lock(mutex_);
  std::size_t seat = seats_.size();
  if (free_seats_.empty()) {
    seats_.emplace_back();
  } else {
    seat = free_seats_.back();
    free_seats_.pop_back();
  }
  seats_[seat] = {box, true, nullptr};
  return std::unique_ptr<LiveReader>(new LiveReader(shared_from_this(), seat, end_of_log(), token_text()));
}

void Live::end() {
  std::vector<Wake> wakes;
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    for (const Seat& seat : seats_)
      if (seat.wake) wakes.push_back(seat.wake);
  }
  for (const Wake& wake : wakes) (*wake)();
}

Live::State Live::state() {
  const std::scoped_lock lock(mutex_);
  return {seats_.size() - free_seats_.size(), log_.size(), bytes_, published_, dropped_};
}

void Live::restart(std::string history, const Point& point, std::uint64_t last_gone) {
  std::vector<Wake> wakes;
  {
    const std::scoped_lock lock(mutex_);
    const bool is_first = history_.empty();
    while (!log_.empty()) drop_first();
    history_ = std::move(history);
    last_xid_ = before_log_ = point.last_xid;
    from_xid_ = point.from_xid;
    last_gone_ = last_gone;
    if (!is_first) {
      const Place from = end_of_log();
      std::string text;
      append_event(text, "reset", token_text(), "{}");
      add({everywhere, std::make_shared<const std::string>(std::move(text)), last_xid_, {}, false});
      wakes = to_be_woken(from);
    }
  }
  for (const Wake& wake : wakes) (*wake)();
}

void Live::publish(std::vector<Change> changes, std::uint64_t last_xid) {
  if (changes.empty()) return;
  std::vector<Wake> wakes;
  {
    const std::scoped_lock lock(mutex_);
    const Place from = end_of_log();
    last_xid_ = std::max(last_xid_, last_xid);
    // Whoever hears only some of what belongs together must hear all of it again: the token is the one from
    // before.
    const std::string token = token_text();
    for (Change& change : changes) {
      std::string text;
      text.reserve(change.data.size() + token.size() + 40);
      append_event(text, change.what.gone ? "gone" : "segment", token, change.data);
      add({change.what.bounds, std::make_shared<const std::string>(std::move(text)), last_xid_,
           std::move(change.what.segment_id), change.what.gone});
    }
    published_ += changes.size();
    wakes = to_be_woken(from);
  }
  for (const Wake& wake : wakes) (*wake)();
}

void Live::reached(const Point& point) {
  const std::scoped_lock lock(mutex_);
  last_xid_ = std::max(last_xid_, point.last_xid);
  from_xid_ = point.from_xid;
}

void Live::add(Event event) {
  const Place place = end_of_log();
  bytes_ += event.bytes->size();
  log_.push_back(std::move(event));
  Event& added = log_.back();
  if (!added.segment_id.empty()) {
    const auto before = latest_.find(added.segment_id);
    if (before != latest_.end()) {
      Event& old = log_[before->second - first_];
      // Who looked at the old place alone must learn of the new one.
      added.bounds.include(old.bounds);
      bytes_ -= old.bytes->size();
      old.bytes.reset();
      latest_.erase(before);  // its key lies in the old one
    }
    latest_.emplace(added.segment_id, place);
  }
  while (log_.size() > options_.events || (bytes_ > options_.bytes && log_.size() > 1)) drop_first();
}

void Live::drop_first() {
  const Event& first = log_.front();
  if (first.bytes) {
    bytes_ -= first.bytes->size();
    latest_.erase(first.segment_id);
  }
  before_log_ = first.last_xid;
  if (first.gone) last_gone_ = std::max(last_gone_, first.last_xid);
  log_.pop_front();
  ++first_;
}

// Those who wait, and whom something from `from` on concerns.
std::vector<Live::Wake> Live::to_be_woken(Place from) {
  std::vector<Wake> wakes;
  std::vector<Bounds> news;
  for (std::size_t i = from > first_ ? from - first_ : 0; i < log_.size(); ++i)
    if (log_[i].bytes) news.push_back(log_[i].bounds);
  // Each with each, in memory that lies together: a millisecond for 150 changes and 10,000 readers.
  for (Seat& seat : seats_) {
    if (seat.is_told) continue;
    for (const Bounds& bounds : news) {
      if (!bounds.meets(seat.box)) continue;
      seat.is_told = true;
      wakes.push_back(seat.wake);
      break;
    }
  }
  return wakes;
}

LiveReader::~LiveReader() {
  const std::scoped_lock lock(live_->mutex_);
  live_->seats_[seat_] = {};
  live_->free_seats_.push_back(seat_);
}

LiveReader::Resumed LiveReader::resume(const LiveToken& token) {
  const std::scoped_lock lock(live_->mutex_);
  if (token.history != live_->history_) return Resumed::not_at_all;
  if (token.from_xid > live_->before_log_) {
    const auto found = std::ranges::lower_bound(live_->log_, token.from_xid, {}, &Live::Event::last_xid);
    at_ = live_->first_ + static_cast<Live::Place>(found - live_->log_.begin());
    return Resumed::from_log;
  }
  return token.from_xid <= live_->last_gone_ ? Resumed::not_at_all : Resumed::from_city;
}

void LiveReader::when_news(std::function<void()> wake) {
  Live::Wake shared;
  if (wake) shared = std::make_shared<const std::function<void()>>(std::move(wake));
  const std::scoped_lock lock(live_->mutex_);
  live_->seats_[seat_].is_told = true;
  live_->seats_[seat_].wake = std::move(shared);
}

LiveReader::Taken LiveReader::take(Pieces& pieces, std::size_t most_bytes) {
  const std::scoped_lock lock(live_->mutex_);
  if (live_->ended_) return Taken::ended;
  if (at_ < live_->first_) {
    live_->note_dropped();
    return Taken::late;
  }
  Live::Seat& seat = live_->seats_[seat_];
  std::size_t bytes = 0;
  for (; at_ < live_->end_of_log(); ++at_) {
    const Live::Event& event = live_->log_[at_ - live_->first_];
    if (!event.bytes || !event.bounds.meets(seat.box)) continue;
    if (bytes >= most_bytes) return Taken::more;
    bytes += event.bytes->size();
    pieces.push_back(event.bytes);
  }
  seat.is_told = !seat.wake;
  return Taken::all;
}

std::string LiveReader::heartbeat() {
  const std::scoped_lock lock(live_->mutex_);
  if (at_ < live_->end_of_log()) return ": heartbeat\n\n";
  return ": heartbeat\nid: " + live_->token_text() + "\n\n";
}

}  // namespace diary::snapshot
