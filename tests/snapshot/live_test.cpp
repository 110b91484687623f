// SPDX-License-Identifier: Apache-2.0
// The log of changes: who hears what, what a token brings back, and that nothing in it grows.
#include "snapshot/live.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "snapshot/small_city.hpp"

namespace diary::snapshot {
namespace {

const Bounds here{0, 0, 1, 1};
const Bounds there{5, 5, 6, 6};

Live::Change change(const std::string& id, const Bounds& bounds, const std::string& data = "{}",
                    bool gone = false) {
  return {{id, bounds, gone}, data};
}

std::string taken(LiveReader& reader, LiveReader::Taken expected = LiveReader::Taken::all) {
  LiveReader::Pieces pieces;
  EXPECT_EQ(reader.take(pieces, 1 << 20), expected);
  std::string text;
  for (const auto& piece : pieces) text += *piece;
  return text;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

class Log : public testing::Test {
 protected:
  Log() { live->restart("abc", {100, 101}, 0); }
  // As the feed does: what one poll found, and where it stands then.
  void round(std::vector<Live::Change> changes, std::uint64_t xid) {
    live->publish(std::move(changes), xid);
    live->reached({xid, xid + 1});
  }
  std::shared_ptr<Live> live = std::make_shared<Live>(Live::Options{.events = 50, .bytes = 1 << 20});
};

TEST_F(Log, TellsWhatLiesInTheBox) {
  const auto reader = live->read(here);
  const auto other = live->read(there);
  round({change("a", here, R"({"n":1})"), change("b", there)}, 101);
  EXPECT_EQ(taken(*reader), "event: segment\nid: abc-65\ndata: {\"n\":1}\n\n");
  EXPECT_EQ(count(taken(*other), "event: segment"), 1U);
  EXPECT_EQ(taken(*reader), "");
  round({change("a", here, R"({"segment_id":"a"})", true)}, 102);
  EXPECT_EQ(taken(*reader), "event: gone\nid: abc-66\ndata: {\"segment_id\":\"a\"}\n\n");
}

TEST_F(Log, HoldsOnlyTheNewestOfASegment) {
  const auto reader = live->read(here);
  for (std::uint64_t i = 1; i <= 40; ++i) round({change("a", here, std::to_string(i))}, 100 + i);
  const auto text = taken(*reader);
  EXPECT_EQ(count(text, "event: segment"), 1U);
  EXPECT_NE(text.find("data: 40\n"), std::string::npos);
  EXPECT_LT(live->state().bytes, 100U);
}

// A street that moved out of the box: whoever saw it there learns where it is.
TEST_F(Log, TellsThoseWhereASegmentWas) {
  const auto reader = live->read(here);
  round({change("a", here)}, 101);
  round({change("a", there)}, 102);
  EXPECT_EQ(count(taken(*reader), "event: segment"), 1U);
}

TEST_F(Log, PassesAReaderBy) {
  const auto slow = live->read(here);
  for (std::uint64_t i = 1; i <= 60; ++i) round({change("s" + std::to_string(i), here)}, 100 + i);
  EXPECT_EQ(live->state().events, 50U);
  static_cast<void>(taken(*slow, LiveReader::Taken::late));
  EXPECT_EQ(live->state().dropped, 1U);
}

TEST_F(Log, IsBoundedInBytes) {
  auto small = std::make_shared<Live>(Live::Options{.events = 1000, .bytes = 10'000});
  small->restart("abc", {1, 2}, 0);
  for (std::uint64_t i = 1; i <= 100; ++i)
    small->publish({change("s" + std::to_string(i), here, std::string(1000, 'x'))}, i);
  EXPECT_LE(small->state().bytes, 10'000U);
  EXPECT_GE(small->state().events, 8U);
}

TEST_F(Log, GivesSoMuchAtOnce) {
  const auto reader = live->read(here);
  for (std::uint64_t i = 1; i <= 30; ++i)
    round({change("s" + std::to_string(i), here, std::string(100, 'x'))}, 100 + i);
  LiveReader::Pieces pieces;
  std::size_t rounds = 1;
  for (; reader->take(pieces, 500) == LiveReader::Taken::more; ++rounds) EXPECT_LE(pieces.size(), 5 * rounds);
  EXPECT_EQ(pieces.size(), 30U);
  EXPECT_GE(rounds, 6U);
}

TEST_F(Log, WakesThoseWhomItConcernsOnce) {
  const auto reader = live->read(here);
  const auto other = live->read(there);
  int woken = 0;
  int others = 0;
  reader->when_news([&] { ++woken; });
  other->when_news([&] { ++others; });
  round({change("a", here)}, 101);
  EXPECT_EQ(woken, 0) << "nobody waits yet: it is there for the first take()";
  EXPECT_EQ(count(taken(*reader), "event"), 1U);
  static_cast<void>(taken(*other));
  for (std::uint64_t i = 1; i <= 5; ++i) round({change("a", here)}, 110 + i);
  EXPECT_EQ(woken, 1) << "until it has taken what there is";
  static_cast<void>(taken(*reader));
  round({change("a", here)}, 120);
  EXPECT_EQ(woken, 2);
  EXPECT_EQ(others, 0);
}

TEST_F(Log, EndsAll) {
  const auto reader = live->read(here);
  int woken = 0;
  reader->when_news([&] { ++woken; });
  static_cast<void>(taken(*reader));
  live->end();
  EXPECT_EQ(woken, 1);
  static_cast<void>(taken(*reader, LiveReader::Taken::ended));
  static_cast<void>(taken(*live->read(here), LiveReader::Taken::ended));
}

TEST_F(Log, PlacesAreFreeAgain) {
  for (int i = 0; i < 100; ++i) {
    const auto one = live->read(here);
    const auto two = live->read(here);
    EXPECT_EQ(live->state().readers, 2U);
  }
  EXPECT_EQ(live->state().readers, 0U);
}

TEST_F(Log, GoesOnFromAToken) {
  round({change("a", here)}, 101);
  const std::string token = live->read(here)->token();
  round({change("b", here)}, 102);
  round({change("c", here), change("d", there)}, 103);
  const auto again = live->read(here);
  ASSERT_EQ(again->resume(*parse_live_token(token)), LiveReader::Resumed::from_log);
  const auto text = taken(*again);
  EXPECT_EQ(count(text, "event: segment"), 2U) << text;
}

TEST_F(Log, ATokenOfHalfABatchBringsAllOfIt) {
  const auto reader = live->read(here);
  round({change("a", here), change("b", here), change("c", here)}, 101);
  LiveReader::Pieces pieces;
  EXPECT_EQ(reader->take(pieces, 1), LiveReader::Taken::more);
  ASSERT_EQ(pieces.size(), 1U);
  const std::string& first = *pieces.front();
  const auto id = first.substr(first.find("id: ") + 4, first.find("\ndata") - first.find("id: ") - 4);
  const auto again = live->read(here);
  ASSERT_EQ(again->resume(*parse_live_token(id)), LiveReader::Resumed::from_log);
  EXPECT_EQ(count(taken(*again), "event: segment"), 3U);
}

TEST_F(Log, OldTokensAskTheCityAndRemovalsAreNotForgotten) {
  const std::string old = live->read(here)->token();
  round({change("x", here, "{}", true)}, 101);
  const std::string behind_removal = live->read(here)->token();
  for (std::uint64_t i = 1; i <= 60; ++i) round({change("s" + std::to_string(i), here)}, 101 + i);
  const auto reader = live->read(here);
  EXPECT_EQ(reader->resume(*parse_live_token(old)), LiveReader::Resumed::not_at_all);
  EXPECT_EQ(reader->resume(*parse_live_token(behind_removal)), LiveReader::Resumed::from_city);
  live->restart("abc", {200, 201}, 150);
  EXPECT_EQ(live->read(here)->resume({"abc", 150}), LiveReader::Resumed::not_at_all);
  EXPECT_EQ(live->read(here)->resume({"abc", 151}), LiveReader::Resumed::from_city);
  EXPECT_EQ(live->read(here)->resume({"abc", 201}), LiveReader::Resumed::from_log);
}

TEST_F(Log, AnotherHistoryIsToldToAll) {
  const auto reader = live->read(here);
  const std::string token = reader->token();
  live->restart("def", {10, 11}, 0);
  EXPECT_EQ(taken(*reader), "event: reset\nid: def-b\ndata: {}\n\n");
  EXPECT_EQ(live->read(here)->resume(*parse_live_token(token)), LiveReader::Resumed::not_at_all);
}

TEST_F(Log, HeartbeatsBringTheTokenToThoseWhoHaveAll) {
  const auto reader = live->read(here);
  EXPECT_EQ(reader->heartbeat(), ": heartbeat\nid: abc-65\n\n");
  round({change("a", there)}, 101);
  EXPECT_EQ(reader->heartbeat(), ": heartbeat\n\n");
  static_cast<void>(taken(*reader));
  EXPECT_EQ(reader->heartbeat(), ": heartbeat\nid: abc-66\n\n");
}

TEST(LiveToken, IsReadAsItIsWritten) {
  for (const std::uint64_t xid : {std::uint64_t{0}, std::uint64_t{3}, ~std::uint64_t{0}}) {
    const auto read = parse_live_token(to_text({"0123456789ab", xid}));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->history, "0123456789ab");
    EXPECT_EQ(read->from_xid, xid);
  }
  for (const std::string text :
       {"", "-", "a-", "-1", "a-g", "a--1", "a-1 ", " a-1", "A-1", "a-1-1", "a-0x1", "a-11111111111111111"})
    EXPECT_FALSE(parse_live_token(text)) << text;
  EXPECT_FALSE(parse_live_token(std::string(64, 'a') + "-1"));
}

// A database as the feed sees it: transactions that commit in another order than their numbers', several
// servers that look at their own times, and a client that is cut off again and again and goes to any of them.
// In the end it has the newest state of all.
TEST(LiveTokens, LeaveNothingOut) {
  const unsigned seed = std::random_device{}();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  for (int game = 0; game < 300; ++game) {
    struct Server {
      std::shared_ptr<Live> live = std::make_shared<Live>(Live::Options{.events = 12, .bytes = 1 << 20});
      std::map<std::string, std::pair<int, std::uint64_t>>
          city;  // state, and the transaction that changed it
      std::set<std::uint64_t> seen;
      std::uint64_t last = 0;
      bool loaded = false;
    };
    std::vector<Server> servers(2);
    std::uint64_t next = 10;
    std::map<std::uint64_t, std::pair<std::string, int>> open;       // transactions
    std::map<std::uint64_t, std::pair<std::string, int>> committed;  //
    std::map<std::string, std::pair<int, std::uint64_t>> rows;       // what the database says
    int states = 0;
    const auto oldest_open = [&] { return open.empty() ? next : open.begin()->first; };
    const auto look = [&](Server& server) {
      if (!server.loaded) {
        for (const auto& [id, row] : rows) server.last = std::max(server.last, row.second);
        server.city = rows;
        for (const auto& [xid, what] : committed) server.seen.insert(xid);
        server.live->restart("abc", {server.last, std::min(oldest_open(), server.last + 1)}, 0);
        server.loaded = true;
        return;
      }
      std::vector<Live::Change> changes;
      std::set<std::string> ids;
      for (const auto& [xid, what] : committed) {
        if (!server.seen.insert(xid).second) continue;
        ids.insert(what.first);
        server.last = std::max(server.last, xid);
      }
      for (const std::string& id : ids) {
        if (server.city[id] == rows[id]) continue;
        server.city[id] = rows[id];
        server.last = std::max(server.last, rows[id].second);
        changes.push_back(change(id, here, id + "=" + std::to_string(rows[id].first)));
      }
      server.live->publish(std::move(changes), server.last);
      server.live->reached({server.last, std::min(oldest_open(), server.last + 1)});
    };
    for (Server& server : servers) look(server);

    std::map<std::string, int> client;
    std::string token;
    std::size_t at = 0;
    std::unique_ptr<LiveReader> reader;
    const auto hear = [&](const std::string& text) {
      std::size_t begin = 0;
      for (std::size_t end = text.find('\n'); end != std::string::npos;
           begin = end + 1, end = text.find('\n', begin)) {
        const std::string line = text.substr(begin, end - begin);
        if (line.starts_with("id: ")) token = line.substr(4);
        if (line.starts_with("data: ")) {
          const auto equals = line.find('=');
          client[line.substr(6, equals - 6)] = std::stoi(line.substr(equals + 1));
        }
      }
    };
    const auto connect = [&] {
      at = random() % servers.size();
      Server& server = servers[at];
      reader = server.live->read(here);
      if (token.empty()) {
        for (const auto& [id, row] : server.city) client[id] = row.first;  // it reads what it shows
        token = reader->token();
        return;
      }
      const auto parsed = parse_live_token(token);
      const auto resumed = reader->resume(*parsed);
      ASSERT_NE(resumed, LiveReader::Resumed::not_at_all);
      if (resumed == LiveReader::Resumed::from_log) return;
      for (const auto& [id, row] : server.city)
        if (row.second >= parsed->from_xid) client[id] = row.first;
      token = reader->token();
    };
    connect();
    for (int step = 0; step < 200; ++step) {
      const auto dice = random() % 10;
      if (dice < 3) {
        const std::uint64_t xid = next++;
        open[xid] = {"s" + std::to_string(random() % 20), ++states};
      } else if (dice < 6 && !open.empty()) {
        auto which = open.begin();
        std::advance(which, static_cast<std::ptrdiff_t>(random() % open.size()));
        if (random() % 8 != 0) {  // the others are rolled back
          // Of one segment the row is that of whoever commits last: its lock is held until then.
          rows[which->second.first] = {which->second.second, which->first};
          committed.insert(*which);
        }
        open.erase(which);
      } else if (dice < 8) {
        look(servers[random() % servers.size()]);
      } else if (dice == 8) {
        LiveReader::Pieces pieces;
        const auto how = reader->take(pieces, 1 + random() % 60);
        for (const auto& piece : pieces) hear(*piece);
        if (how == LiveReader::Taken::late) connect();
        if (how == LiveReader::Taken::all && random() % 2 == 0) hear(reader->heartbeat());
      } else if (random() % 3 == 0) {
        if (random() % 3 == 0) {
          Server& server = servers[random() % servers.size()];
          if (&server != &servers[at]) {
            server = Server{};
            look(server);
          }
        }
        connect();
      }
      if (HasFatalFailure()) return;
    }
    for (Server& server : servers) look(server);
    LiveReader::Pieces pieces;
    if (reader->take(pieces, 1 << 20) == LiveReader::Taken::late) {
      connect();
      ASSERT_EQ(reader->take(pieces, 1 << 20), LiveReader::Taken::all);
    }
    for (const auto& piece : pieces) hear(*piece);
    for (const auto& [id, row] : rows) ASSERT_EQ(client[id], row.first) << "game " << game << ", " << id;
  }
}

TEST(LiveCrowd, MatchingIsCheap) {
  constexpr int readers = 10'000;
  constexpr int rounds = 13;    // about a second's
  constexpr int changes = 150;  // of each
  std::mt19937 random(7);
  std::uniform_real_distribution<float> place(0, 100);
  auto live = std::make_shared<Live>();
  live->restart("abc", {100, 101}, 0);
  std::vector<std::unique_ptr<LiveReader>> crowd;
  LiveReader::Pieces pieces;
  std::size_t woken = 0;
  for (int i = 0; i < readers; ++i) {
    const float x = place(random);
    const float y = place(random);
    crowd.push_back(live->read({x, y, x + 1, y + 1}));
    crowd.back()->when_news([&woken] { ++woken; });
    static_cast<void>(crowd.back()->take(pieces, 1));
  }
  const auto begun = std::chrono::steady_clock::now();
  for (int round = 0; round < rounds; ++round) {
    std::vector<Live::Change> batch;
    for (int i = 0; i < changes; ++i) {
      const float x = place(random);
      const float y = place(random);
      batch.push_back(change("s" + std::to_string(random() % 90'000), {x, y, x, y}, std::string(250, 'x')));
    }
    live->publish(std::move(batch), 200);
  }
  const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - begun;
  std::printf("%d changes to %d readers, of whom %zu were woken, in %.1f ms\n", rounds * changes, readers,
              woken, time.count());
  EXPECT_GT(woken, 100U);
  RecordProperty("ms", static_cast<int>(time.count()));
#if defined(NDEBUG)
  EXPECT_LT(time.count(), 100);
#endif
}

// Readers on their own threads beside the one who publishes; what the thread sanitizer says is part of it.
TEST(LiveThreads, AllHearTheLastState) {
  auto live = std::make_shared<Live>();
  live->restart("abc", {100, 101}, 0);
  std::atomic<bool> done = false;
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    auto reader = std::shared_ptr<LiveReader>(live->read(here));
    threads.emplace_back([&, reader] {
      std::string last;
      const auto rung = std::make_shared<std::atomic<int>>(0);
      reader->when_news([rung] { ++*rung; });
      for (bool ends = false; !ends;) {
        ends = done;
        LiveReader::Pieces pieces;
        while (reader->take(pieces, 1000) == LiveReader::Taken::more) {
        }
        if (!pieces.empty()) last = *pieces.back();
        static_cast<void>(live->read(there));
      }
      if (last.find("data: 2000\n") != std::string::npos) ++right;
    });
  }
  for (std::uint64_t i = 1; i <= 2000; ++i) {
    live->publish({change("s" + std::to_string(i % 7), here, std::to_string(i))}, 100 + i);
    live->reached({100 + i, 101 + i});
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 3);
}

}  // namespace
}  // namespace diary::snapshot
