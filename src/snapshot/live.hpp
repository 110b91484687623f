// SPDX-License-Identifier: Apache-2.0
#pragma once

// The last changes of the city as server-sent events, and who reads them as they come. One log for all: a
// reader is a place in it, so that one who is slow costs nothing, and is passed by in the end. An event holds
// a segment's state, and one whose segment changed again is empty: only the newest state is ever sent.
// Thread-safe; knows nothing of sockets.
//
// A token says from which transaction on its reader may have missed something: any server that follows the
// same history of the same database can go on from it, also when that server, or the database, was started
// anew. It may repeat what was sent, and leaves nothing out.

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "snapshot/box_index.hpp"
#include "snapshot/city.hpp"

namespace diary::snapshot {

struct LiveToken {
  std::string history;         // of which database, and which of its histories
  std::uint64_t from_xid = 0;  // what transactions from here on changed may be missing
};

// Nothing for what is none.
[[nodiscard]] std::optional<LiveToken> parse_live_token(std::string_view text);
[[nodiscard]] std::string to_text(const LiveToken& token);

// `data` on one line.
void append_event(std::string& out, std::string_view name, std::string_view id, std::string_view data);

class LiveReader;

class Live : public std::enable_shared_from_this<Live> {
 public:
  struct Options {
    std::size_t events = 32'768;
    std::size_t bytes = 16UL * 1024 * 1024;
  };
  explicit Live(const Options& options) : options_(options) {}
  Live() : Live(Options{}) {}

  // A reader of what lies in the box, from now on.
  [[nodiscard]] std::unique_ptr<LiveReader> read(const Bounds& box);

  // Sends all readers away, and those to come.
  void end();

  struct State {
    std::size_t readers = 0;
    std::size_t events = 0;  // in the log
    std::size_t bytes = 0;
    std::uint64_t published = 0;
    std::uint64_t dropped = 0;  // readers that were too slow
  };
  [[nodiscard]] State state();
  void note_dropped() { ++dropped_; }

  // From here on, for the one thread that follows the database.

  struct Point {
    std::uint64_t last_xid = 0;  // no change that was applied is of a later transaction
    std::uint64_t from_xid = 0;  // changes that were not applied are of this one or later ones
  };
  // The city was read anew. `last_gone`: the last transaction that removed a segment.
  void restart(std::string history, const Point& point, std::uint64_t last_gone);

  struct Change {
    CityChange what;
    std::string data;
  };
  // Changes that the city shows by now, of transactions up to `last_xid`.
  void publish(std::vector<Change> changes, std::uint64_t last_xid);
  // All up to here was published.
  void reached(const Point& point);

 private:
  friend class LiveReader;
  using Place = std::uint64_t;
  using Wake = std::shared_ptr<const std::function<void()>>;
  struct Event {
    Bounds bounds;
    std::shared_ptr<const std::string> bytes;  // none: its segment's state is told by a later one
    std::uint64_t last_xid;                    // of all up to this one
    std::string segment_id;
    bool gone;
  };
  struct Seat {
    Bounds box{};
    bool is_told = true;  // that there is news; or nobody sits there
    Wake wake;
  };

  void add(Event event);
  void drop_first();
  [[nodiscard]] Place end_of_log() const { return first_ + log_.size(); }
  [[nodiscard]] std::string token_text() const { return to_text({history_, from_xid_}); }
  [[nodiscard]] std::vector<Wake> to_be_woken(Place from);

  const Options options_;
  std::mutex mutex_;
  std::deque<Event> log_;
  Place first_ = 0;  // of the log's events
  std::size_t bytes_ = 0;
  std::unordered_map<std::string_view, Place> latest_;  // by ids that lie in the log
  std::string history_;
  std::uint64_t last_xid_ = 0;
  std::uint64_t from_xid_ = 0;
  std::uint64_t before_log_ = 0;  // last_xid of all that is not in the log any more
  std::uint64_t last_gone_ = 0;   // the last removal that is not in the log
  std::vector<Seat> seats_;
  std::vector<std::size_t> free_seats_;
  bool ended_ = false;
  std::uint64_t published_ = 0;
  std::atomic<std::uint64_t> dropped_ = 0;
};

// One who reads; on one thread at a time.
class LiveReader {
 public:
  using Pieces = std::vector<std::shared_ptr<const std::string>>;

  ~LiveReader();
  LiveReader(const LiveReader&) = delete;
  LiveReader& operator=(const LiveReader&) = delete;

  // The token of the place where it stands, for a reader to whom nothing was sent yet.
  [[nodiscard]] const std::string& token() const { return token_; }

  enum class Resumed {
    from_log,   // what was missed comes from take()
    from_city,  // it is what City::changed_since() says, and no removal
    not_at_all  // the token is of another history, or too old
  };
  [[nodiscard]] Resumed resume(const LiveToken& token);

  // Is called, on any thread and once, when there is something to take, after a take() that found nothing
  // more.
  void when_news(std::function<void()> wake);

  enum class Taken {
    more,   // there is more
    all,    //
    late,   // the log has gone past the reader
    ended,  // the server stops
  };
  [[nodiscard]] Taken take(Pieces& pieces, std::size_t most_bytes);

  // A comment, with the token when all is taken.
  [[nodiscard]] std::string heartbeat();

 private:
  friend class Live;
  LiveReader(std::shared_ptr<Live> live, std::size_t seat, Live::Place at, std::string token)
      : live_(std::move(live)), seat_(seat), at_(at), token_(std::move(token)) {}

  std::shared_ptr<Live> live_;
  std::size_t seat_;
  Live::Place at_;
  std::string token_;
};

}  // namespace diary::snapshot
