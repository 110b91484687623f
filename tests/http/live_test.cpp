// SPDX-License-Identifier: Apache-2.0
// Live events over real sockets: that they come, in time and with nothing left out, and that nobody who
// listens costs the others anything.
#include "http/live_test.hpp"

#include <thread>

#include "support/process.hpp"
#include "support/ran.hpp"

namespace diary::http::test {
namespace {

const std::string path = "/api/v1/live/segments";
const std::string all_over = "-180,-90,180,90";

void rate(World& at, const Person& person, const std::string& segment, int rating = 5) {
  const auto answer = at.client(person).post("/api/v1/diary/ratings", rating_of(segment, rating));
  ASSERT_EQ(answer.status, 201U) << answer.body;
}

// Past the API, as another program would.
void rate_in_database(World& at, const std::string& user_id, const std::string& segment) {
  at.owner.exec("INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ($1, $2, 5)",
                {segment, user_id});
}

// No transaction is under way in the whole cluster: until one ends, tokens reach back to its beginning, and
// more is told again. A server that was just started makes its reports.
void wait_until_quiet(pg::Connection& connection) {
  ASSERT_TRUE(support::eventually([&] {
    return connection.exec("SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL").str(0, 0) ==
           "0";
  }));
}

double metric(World& at, const std::string& name) {
  const auto page = at.client().get("/metrics").body;
  const auto found = page.find('\n' + name + ' ');
  return found == std::string::npos ? -1 : std::stod(page.substr(found + name.size() + 2));
}

TEST(Live, BeginsWithWhatAClientNeeds) {
  LiveClient client(world().server.port(), box_around(70, 10));
  EXPECT_EQ(client.status(), 200) << client.header();
  for (const char* line :
       {"Content-Type: text/event-stream\r\n", "Transfer-Encoding: chunked\r\n",
        "Cache-Control: no-store\r\n", "X-Accel-Buffering: no\r\n", "X-Request-Id: ", "X-RateLimit-Limit: ",
        "X-RateLimit-Remaining: ", "X-Content-Type-Options: nosniff\r\n"})
    EXPECT_NE(client.header().find(line), std::string::npos) << line << client.header();
  EXPECT_EQ(client.header().find("Content-Length"), std::string::npos);
  EXPECT_EQ(client.header().find("ETag"), std::string::npos);
  const auto first = client.block();
  ASSERT_TRUE(first);
  EXPECT_EQ(client.retry(), "3000");
  EXPECT_NE(first->id, "");
}

TEST(Live, TellsARatingWithinASecond) {
  const auto street = world().segment(70, 20);
  const auto person = world().person();
  world().settle();
  LiveClient client(world().server.port(), box_around(70, 20));
  ASSERT_TRUE(client.block());
  const auto begun = std::chrono::steady_clock::now();
  rate(world(), person, street);
  const auto event = client.event();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{1});
  ASSERT_TRUE(event);
  EXPECT_EQ(event->name, "segment");
  EXPECT_NE(event->id, "");
  const auto told = data_of(*event);
  const auto segment = world().client().get("/api/v1/diary/segments/" + street).json();
  EXPECT_EQ(members(told), (std::set<std::string>{"segment_id", "decayed_mean", "n_eff", "confidence",
                                                  "delta_30d", "top_tags", "last_updated"}));
  for (const auto& member : told) EXPECT_EQ(member.value(), segment.at(member.key())) << member.key();
}

TEST(Live, TellsWhatIsWrittenStraightToTheDatabase) {
  const auto street = world().segment(70, 21);
  const auto person = world().person();
  world().settle();
  LiveClient client(world().server.port(), box_around(70, 21));
  ASSERT_TRUE(client.block());
  for (int i = 0; i < 3; ++i) {
    rate_in_database(world(), world().person().user_id, street);
    const auto begun = std::chrono::steady_clock::now();
    const auto event = client.event();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{1});
    ASSERT_TRUE(event);
    EXPECT_EQ(data_of(*event).at("n_eff"), i + 1);
  }
  world().owner.exec("DELETE FROM diary.segments WHERE segment_id = $1", {street});
  const auto gone = client.event();
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->name, "gone");
  EXPECT_EQ(text_of(data_of(*gone).at("segment_id")), street);
}

TEST(Live, TellsOnlyWhatLiesInTheBox) {
  const auto inside = world().segment(70, 30);
  const auto outside = world().segment(70.1, 30);
  const auto person = world().person();
  world().settle();
  LiveClient client(world().server.port(), box_around(70, 30));
  LiveClient all(world().server.port(), all_over);
  ASSERT_TRUE(client.block());
  ASSERT_TRUE(all.block());
  rate(world(), person, outside);
  rate(world(), person, inside);
  EXPECT_EQ(text_of(data_of(client.event().value()).at("segment_id")), inside);
  EXPECT_EQ(text_of(data_of(all.event().value()).at("segment_id")), outside);
  EXPECT_EQ(text_of(data_of(all.event().value()).at("segment_id")), inside);
}

TEST(Live, TellsOnEveryServer) {
  support::Served second(DIARY_BINARY, {"--database", world().way_in.server()}, world().way_in.environment());
  HttpClient there(second.port());
  ASSERT_TRUE(support::eventually([&] { return there.get("/readyz").status == 200U; }));
  wait_until_quiet(world().owner);
  const auto street = world().segment(70, 40);
  const auto person = world().person();
  world().settle();
  ASSERT_TRUE(
      support::eventually([&] { return there.get("/api/v1/diary/segments/" + street).status == 200U; }));
  LiveClient here(world().server.port(), box_around(70, 40));
  LiveClient other(second.port(), box_around(70, 40));
  ASSERT_TRUE(here.block());
  ASSERT_TRUE(other.block());
  const auto begun = std::chrono::steady_clock::now();
  rate(world(), person, street);
  const auto mine = here.event();
  const auto theirs = other.event();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{1});
  ASSERT_TRUE(mine && theirs);
  EXPECT_EQ(mine->data, theirs->data);
  // Each goes on where the other was left.
  const auto more = world().person();
  rate(world(), more, street);
  for (const int port : {world().server.port(), second.port()})
    for (const std::string& id : {mine->id, theirs->id}) {
      LiveClient again(port, box_around(70, 40), id);
      const auto event = again.event();
      ASSERT_TRUE(event);
      EXPECT_EQ(event->name, "segment") << id << " at " << port << ": " << event->id;
      bool is_newest = data_of(*event).at("n_eff") == 2;
      if (!is_newest) is_newest = data_of(again.event().value()).at("n_eff") == 2;
      EXPECT_TRUE(is_newest);
    }
}

TEST(Live, GoesOnWithoutAGap) {
  std::vector<std::string> streets;
  for (int i = 0; i < 5; ++i) streets.push_back(world().segment(70, 50));
  const auto person = world().person();
  world().settle();
  std::string id;
  {
    LiveClient client(world().server.port(), box_around(70, 50));
    ASSERT_TRUE(client.block());
    rate(world(), person, streets[0]);
    ASSERT_TRUE(client.event());
    id = client.last_id();
  }
  for (int i = 1; i < 5; ++i) rate(world(), person, streets[static_cast<std::size_t>(i)]);
  LiveClient again(world().server.port(), box_around(70, 50), id);
  std::set<std::string> told;
  while (told.size() < 4) {
    const auto event = again.event();
    ASSERT_TRUE(event) << "only " << told.size();
    ASSERT_EQ(event->name, "segment");
    if (text_of(data_of(*event).at("segment_id")) != streets[0])
      told.insert(text_of(data_of(*event).at("segment_id")));
  }
}

TEST(Live, GoesOnAfterTheServerWasStartedAnew) {
  const support::TestDatabase database;
  const std::map<std::string, std::string> environment{{"DIARY_OWNER_URL", database.owner_conninfo()}};
  pg::Connection super(database.superuser_conninfo());
  auto server = std::make_unique<support::Served>(
      DIARY_BINARY, std::vector<std::string>{"--database", database.app_conninfo()}, environment);
  const auto ready = [&] {
    return support::eventually([&] { return HttpClient(server->port()).get("/readyz").status == 200U; });
  };
  ASSERT_TRUE(ready());
  super.exec(
      "INSERT INTO auth.users (user_id, email, password_hash) SELECT gen_random_uuid(), 'u' || n || "
      "'@x.org', 'x' FROM "
      "generate_series(1, 3) n");
  super.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT 's' || n, 'A', 10, "
      "ST_MakeLine(ST_SetSRID(ST_MakePoint(1, n * 0.001), 4326), ST_SetSRID(ST_MakePoint(1.0001, n * 0.001), "
      "4326)) "
      "FROM generate_series(1, 20) n");
  const auto rated = [&](const std::string& which, int user) {
    super.exec(fmt::format(
        "INSERT INTO diary.ratings (segment_id, user_id, rating) SELECT segment_id, user_id, 5 FROM "
        "diary.segments, auth.users WHERE email = 'u{}@x.org' AND segment_id {}",
        user, which));
  };
  rated("= 's1'", 1);
  rated("= 's2'", 1);
  wait_until_quiet(super);
  HttpClient http(server->port());
  ASSERT_TRUE(
      support::eventually([&] { return http.get("/api/v1/diary/segments/s2").json().at("n_eff") == 1; }));
  std::string before;
  {
    LiveClient client(server->port(), all_over);
    ASSERT_TRUE(client.block());
    before = client.last_id();
  }
  EXPECT_EQ(server->stop(), 0);
  rated("IN ('s3', 's5')", 2);
  server = std::make_unique<support::Served>(
      DIARY_BINARY, std::vector<std::string>{"--database", database.app_conninfo()}, environment);
  ASSERT_TRUE(ready());
  {
    LiveClient again(server->port(), all_over, before);
    std::set<std::string> told;
    while (!told.contains("s3") || !told.contains("s5")) {
      const auto event = again.event();
      ASSERT_TRUE(event);
      EXPECT_EQ(event->name, "segment");
      EXPECT_EQ(event->id, before) << "until all of it has come";
      told.insert(text_of(data_of(*event).at("segment_id")));
    }
    EXPECT_LT(told.size(), 20U);
    rated("= 's7'", 3);
    std::string last;
    while (last != "s7") last = text_of(data_of(again.event().value()).at("segment_id"));
    LiveClient elsewhere(server->port(), "5,5,6,6", before);
    ASSERT_TRUE(elsewhere.block());
    EXPECT_NE(elsewhere.last_id(), before);
  }
  // A street that went while nobody looked cannot be told.
  EXPECT_EQ(server->stop(), 0);
  super.exec("DELETE FROM diary.segments WHERE segment_id = 's20'");
  server = std::make_unique<support::Served>(
      DIARY_BINARY, std::vector<std::string>{"--database", database.app_conninfo()}, environment);
  ASSERT_TRUE(ready());
  LiveClient again(server->port(), all_over, before);
  EXPECT_EQ(again.event().value().name, "reset");
}

TEST(Live, MoreThanAThousandMissedAreAReset) {
  World made;
  made.owner.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT 's' || n, 'A', 10, "
      "ST_MakeLine(ST_SetSRID(ST_MakePoint(1, n * 0.001), 4326), ST_SetSRID(ST_MakePoint(1.0001, n * 0.001), "
      "4326)) "
      "FROM generate_series(1, 1001) n");
  // Its log does not reach back to before all of them.
  const support::Served second(DIARY_BINARY, {"--database", made.way_in.server()}, made.way_in.environment());
  ASSERT_TRUE(support::eventually([&] { return HttpClient(second.port()).get("/readyz").status == 200U; }));
  LiveClient first(second.port(), all_over);
  ASSERT_TRUE(first.block());
  const std::string old = first.last_id().substr(0, first.last_id().find('-')) + "-3";
  EXPECT_EQ(LiveClient(second.port(), "0,0,2,0.9999", old).event().value().name, "segment")
      << "999 are not too many";
  const auto event = LiveClient(second.port(), "0,0,2,2", old).event().value();
  EXPECT_EQ(event.name, "reset");
  EXPECT_EQ(event.data, "{}");
  EXPECT_NE(event.id, old);
}

TEST(Live, WhatIsNoTokenIsAReset) {
  const auto street = world().segment(70, 60);
  const auto person = world().person();
  world().settle();
  for (const std::string& id :
       {std::string("nonsense"), std::string("0123456789ab-1"), std::string("-"), std::string(900, 'a'),
        std::string("0123456789ab-ffffffffffffffffffff"), std::string("7")}) {
    LiveClient client(world().server.port(), box_around(70, 60), id);
    ASSERT_EQ(client.status(), 200) << client.header();
    const auto event = client.event();
    ASSERT_TRUE(event) << id;
    EXPECT_EQ(event->name, "reset") << id;
    EXPECT_NE(event->id, id);
    LiveClient again(world().server.port(), box_around(70, 60), event->id);
    ASSERT_TRUE(again.socket().send(""));
  }
  LiveClient client(world().server.port(), box_around(70, 60), "nonsense");
  ASSERT_TRUE(client.event());
  rate(world(), person, street);
  EXPECT_EQ(client.event().value().name, "segment") << "and it goes on";
}

TEST(Live, OfAnotherDatabaseIsAReset) {
  World other;
  LiveClient there(other.server.port(), all_over);
  ASSERT_TRUE(there.block());
  const auto event = LiveClient(world().server.port(), box_around(70, 61), there.last_id()).event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->name, "reset");
}

TEST(Live, HeartbeatsComeByTheClock) {
  World made(Headers{{"DIARY_LIVE_HEARTBEAT", "1"}});
  LiveClient client(made.server.port(), all_over);
  ASSERT_TRUE(client.block());
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 2; ++i) {
    const auto beat = client.block();
    ASSERT_TRUE(beat);
    EXPECT_EQ(beat->comment, ": heartbeat");
    EXPECT_NE(beat->id, "");
  }
  EXPECT_GE(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds{1900});
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{6});
}

TEST(Live, RefusesWhatItCannotServe) {
  auto client = world().client();
  expect_problem(client.get(path), 400, "validation_error", "bbox");
  for (const char* bbox : {"1,2,3", "a,b,c,d", "3,0,1,1", "0,0,1,91", "nan,0,1,1", ""})
    expect_problem(client.get(path + "?bbox=" + bbox), 400, "validation_error", "bbox");
  expect_problem(client.get(path + "?bbox=0,0,1,1", {{"Authorization", "Bearer nonsense"}}), 401,
                 "unauthorized");
  expect_problem(client.post(path, json::object{}), 405, "method_not_allowed");
  EXPECT_EQ(client.send("OPTIONS", path).header("allow"), "GET, HEAD, OPTIONS");
  const auto head = client.send("HEAD", path + "?bbox=0,0,1,1");
  EXPECT_EQ(head.status, 200U);
  EXPECT_EQ(head.header("content-type"), "text/event-stream");
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(client.get("/healthz").status, 200U) << "and the connection goes on";
  EXPECT_EQ(client.connections(), 1);
}

TEST(Live, OldClientsGetItUntilTheConnectionEnds) {
  const auto street = world().segment(70, 70);
  const auto person = world().person();
  world().settle();
  support::RawSocket socket(world().server.port());
  socket.send("GET " + path + "?bbox=" + box_around(70, 70) + " HTTP/1.0\r\n\r\n");
  const auto header = socket.read_until("\r\n\r\n");
  EXPECT_EQ(header.find("Transfer-Encoding"), std::string::npos) << header;
  EXPECT_NE(header.find("Connection: close\r\n"), std::string::npos) << header;
  EXPECT_TRUE(socket.read_until("\n\n").starts_with("retry: 3000\nid: "));
  rate(world(), person, street);
  EXPECT_TRUE(socket.read_until("\n\n").starts_with("event: segment\nid: "));
}

TEST(Live, StreamsAreBoundedAndFreedAtOnce) {
  World made({{"DIARY_MAX_LIVE", "3"}, {"DIARY_MAX_LIVE_PER_ADDRESS", "2"}});
  const int port = made.server.port();
  auto first = std::make_unique<LiveClient>(port, all_over, "", "127.0.8.1");
  LiveClient second(port, all_over, "", "127.0.8.1");
  HttpClient same(port, "127.0.8.1");
  const auto refused = same.get(path + "?bbox=" + all_over);
  expect_problem(refused, 429, "rate_limit_exceeded");
  EXPECT_NE(refused.header("retry-after"), "");
  LiveClient third(port, all_over, "", "127.0.8.2");
  EXPECT_EQ(third.status(), 200);
  const auto full = HttpClient(port, "127.0.8.3").get(path + "?bbox=" + all_over);
  expect_problem(full, 503, "unavailable");
  EXPECT_NE(full.header("retry-after"), "");
  EXPECT_EQ(metric(made, "diary_live_streams"), 3);
  first.reset();
  EXPECT_TRUE(
      support::eventually([&] { return metric(made, "diary_live_streams") == 2; }, std::chrono::seconds{5}))
      << "long before the next heartbeat";
  EXPECT_EQ(LiveClient(port, all_over, "", "127.0.8.3").status(), 200);
}

TEST(Live, ListenersAreNotSentAwayForNewcomers) {
  World made(Headers{{"DIARY_MAX_CONNECTIONS_PER_ADDRESS", "3"}});
  const auto street = made.segment(1, 1);
  const auto person = made.person();
  made.settle();
  LiveClient client(made.server.port(), all_over, "", "127.0.8.4");
  ASSERT_TRUE(client.block());
  std::vector<std::unique_ptr<HttpClient>> others;
  // One that has its answer waits a moment later only, as the server sees it: until then it is not sent away.
  const auto comes = [&] {
    others.push_back(std::make_unique<HttpClient>(made.server.port(), "127.0.8.4"));
    return others.back()->get("/healthz").status == 200U;
  };
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(support::eventually(comes)) << i;
  rate(made, person, street);
  ASSERT_TRUE(client.event());
}

TEST(Live, CountsAsOneRequest) {
  World strict(Headers{{"RATE_LIMIT_MAX_ANONYMOUS", "1"}});
  for (int i = 0; i < 10; ++i)
    ASSERT_EQ(LiveClient(strict.server.port(), all_over, "", "127.0.8.5").status(), 200);
  expect_problem(HttpClient(strict.server.port(), "127.0.8.5").get(path + "?bbox=" + all_over), 429,
                 "rate_limit_exceeded");
}

TEST(Live, EndsWithTheServer) {
  World made;
  std::vector<std::unique_ptr<LiveClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<LiveClient>(made.server.port(), all_over));
    ASSERT_TRUE(clients.back()->block());
  }
  const auto begun = std::chrono::steady_clock::now();
  std::thread stopping([&] { EXPECT_EQ(made.server.stop(), 0); });
  for (const auto& client : clients) {
    EXPECT_FALSE(client->event());
    EXPECT_TRUE(client->ended()) << "with the last chunk";
  }
  stopping.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{5});
}

TEST(Live, WhoReadsTooSlowlyIsCutOff) {
  constexpr int streets = 4000;
  World made(Headers{{"DIARY_WRITE_TIME", "1"}});
  made.owner.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT 's' || n, 'A', 10, "
      "ST_MakeLine(ST_SetSRID(ST_MakePoint(1, n * 0.0001), 4326), ST_SetSRID(ST_MakePoint(1.0001, n * "
      "0.0001), 4326)) "
      "FROM generate_series(1, $1::int) n",
      {streets});
  made.settle();
  std::vector<std::unique_ptr<LiveClient>> slow;
  for (int i = 0; i < 20; ++i)
    slow.push_back(std::make_unique<LiveClient>(made.server.port(), all_over, "", "127.0.0.1", 4096));
  LiveClient quick(made.server.port(), all_over);
  ASSERT_TRUE(quick.block());
  const long before = support::resident_kib(made.server.pid());
  std::atomic<bool> done = false;
  std::thread reading([&] {
    while (!done) static_cast<void>(quick.block(std::chrono::seconds{1}));
  });
  for (int round = 0; round < 10 && metric(made, "diary_live_dropped_total") < 20; ++round) {
    const auto person = made.person();
    made.owner.exec(
        "INSERT INTO diary.ratings (segment_id, user_id, rating) SELECT segment_id, $1::uuid, 4 FROM "
        "diary.segments",
        {person.user_id});
    made.settle();
  }
  EXPECT_TRUE(support::eventually([&] { return metric(made, "diary_live_dropped_total") >= 20; }));
  EXPECT_TRUE(support::eventually([&] { return metric(made, "diary_live_streams") == 1; }));
  const long after = support::resident_kib(made.server.pid());
  std::printf("%ld KiB more after %d events\n", after - before,
              static_cast<int>(metric(made, "diary_live_events_total")));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(after - before, 64 * 1024);
#endif
  const auto person = made.person();
  rate(made, person, "s1");
  done = true;
  reading.join();
  // Who was cut off comes back: what it missed is told, or that it is too much.
  const auto id = [&] {
    while (slow.front()->block(std::chrono::seconds{1})) {
    }
    return slow.front()->last_id();
  }();
  ASSERT_NE(id, "");
  LiveClient again(made.server.port(), all_over, id);
  EXPECT_TRUE(again.event());
}

TEST(Live, IsCounted) {
  LiveClient client(world().server.port(), box_around(70, 80));
  ASSERT_TRUE(client.block());
  EXPECT_GE(metric(world(), "diary_live_streams"), 1);
  for (const char* name : {"diary_live_events_total", "diary_live_dropped_total", "diary_live_log_bytes"})
    EXPECT_GE(metric(world(), name), 0) << name;
}

}  // namespace
}  // namespace diary::http::test
