// SPDX-License-Identifier: Apache-2.0
// How many may be connected, how long each may take, and what is left of the rest: servers of their own with
// small figures.
#include <algorithm>
#include <csignal>
#include <fstream>
#include <thread>

#include "http/wire_test.hpp"
#include "support/process.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace diary::http::test {
namespace {

using support::RawSocket;
using Sockets = std::vector<std::unique_ptr<RawSocket>>;

constexpr const char* alive_end = "{\"status\":\"alive\"}";

bool is_served(RawSocket& socket) {
  socket.send(alive);
  return socket.read_until(alive_end).ends_with(alive_end);
}

Sockets connect(int port, int count, const std::string& from = "127.0.0.1") {
  Sockets made;
  for (int i = 0; i < count; ++i) {
    made.push_back(std::make_unique<RawSocket>(port, from));
    EXPECT_TRUE(is_served(*made.back())) << i;
  }
  return made;
}

class Bounds : public testing::Test {
 protected:
  static World& small() {
    static World made({{"DIARY_MAX_CONNECTIONS", "8"}, {"DIARY_MAX_CONNECTIONS_PER_ADDRESS", "3"}});
    return made;
  }
  static int port() { return small().server.port(); }
  // Begins a body and does not end it: is being answered, and so stays.
  static std::unique_ptr<RawSocket> busy(const std::string& from) {
    auto socket = std::make_unique<RawSocket>(port(), from);
    socket->send("POST /healthz HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    EXPECT_TRUE(socket->read_until("\r\n\r\n").starts_with("HTTP/1.1 100 "));
    return socket;
  }
};

// Which one began to wait first is up to the server's threads here; server_parts_test has the order.
std::ptrdiff_t served(const Sockets& sockets) {
  return std::ranges::count_if(sockets, [](const auto& socket) { return is_served(*socket); });
}

TEST_F(Bounds, AnIdleOneOfAnAddressMakesRoom) {
  Sockets three = connect(port(), 3, "127.0.4.1");
  EXPECT_TRUE(is_served(*three[0])) << "three is the bound";
  Sockets others = connect(port(), 3, "127.0.4.2");
  Sockets fourth = connect(port(), 1, "127.0.4.1");
  EXPECT_EQ(served(three), 2);
  EXPECT_EQ(served(others), 3) << "others are not concerned";
  EXPECT_EQ(served(fourth), 1);
}

TEST(BoundOfAll, AnIdleOneMakesRoom) {
  const World fresh({{"DIARY_MAX_CONNECTIONS", "8"}, {"DIARY_MAX_CONNECTIONS_PER_ADDRESS", "3"}});
  Sockets all(8);
  // The connection that asked whether the server is ready may still be counted, and wait since later than
  // ours: one of ours then goes for it and comes again, until all places are ours.
  EXPECT_TRUE(support::eventually([&] {
    bool all_stayed = true;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i] && is_served(*all[i])) continue;
      all[i] = std::make_unique<RawSocket>(fresh.server.port(), "127.0.5." + std::to_string(i + 1));
      all_stayed = false;
    }
    return all_stayed;
  }));
  RawSocket ninth(fresh.server.port(), "127.0.5.9");
  EXPECT_TRUE(is_served(ninth));
  EXPECT_EQ(served(all), 7);
}

TEST_F(Bounds, ThoseWhoAreAnsweredStay) {
  Sockets busy_ones;
  for (int i = 0; i < 3; ++i) busy_ones.push_back(busy("127.0.6.1"));
  RawSocket fourth(port(), "127.0.6.1");
  const std::string answer = fourth.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
  EXPECT_NE(answer.find("\r\nRetry-After: "), std::string::npos) << answer;
  EXPECT_EQ(served(connect(port(), 1, "127.0.6.2")), 1) << "others are not concerned";
  for (const auto& socket : busy_ones) {
    socket->send("abcde");
    EXPECT_TRUE(socket->read_until("\r\n\r\n").starts_with("HTTP/1.1 405 "));
  }
  // They have their answers a moment before the server counts them out.
  EXPECT_TRUE(support::eventually([] {
    RawSocket again(port(), "127.0.6.1");
    return is_served(again);
  })) << "there is room again";
}

TEST_F(Bounds, AHalfHeaderKeepsNoPlace) {
  RawSocket half(port(), "127.0.7.1");
  half.send("GET /heal");
  Sockets two = connect(port(), 2, "127.0.7.1");
  Sockets third = connect(port(), 1, "127.0.7.1");
  EXPECT_TRUE(half.hangs_up());
}

class Deadlines : public testing::Test {
 protected:
  static World& hasty() {
    static World made({{"DIARY_IDLE_TIME", "3"},
                       {"DIARY_HEADER_TIME", "1"},
                       {"DIARY_BODY_TIME", "1"},
                       {"DIARY_WRITE_TIME", "1"},
                       {"DIARY_BODY_MEMORY_MB", "1"}});
    return made;
  }
  // Sends a byte now and then, as long as it is taken; how long that was.
  static std::chrono::milliseconds dribble(RawSocket& socket, const std::string& bytes) {
    const auto begun = std::chrono::steady_clock::now();
    for (const char c : bytes) {
      if (socket.hangs_up(std::chrono::seconds{1})) break;
      if (!socket.send(std::string_view(&c, 1))) break;
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  }
};

TEST_F(Deadlines, OfAHeaderThatTrickles) {
  RawSocket socket(hasty().server.port());
  socket.send("GET /healthz HTTP/1.1\r\n");
  EXPECT_LT(dribble(socket, "X-A: " + std::string(60, 'x')), std::chrono::seconds{30});
}

TEST_F(Deadlines, OfABodyThatTrickles) {
  RawSocket socket(hasty().server.port());
  socket.send("POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
  EXPECT_LT(dribble(socket, std::string(60, 'x')), std::chrono::seconds{30});
}

TEST_F(Deadlines, OfAConnectionThatIsSilent) {
  RawSocket never(hasty().server.port());
  RawSocket once(hasty().server.port());
  EXPECT_TRUE(is_served(once));
  EXPECT_TRUE(never.hangs_up());
  EXPECT_TRUE(once.hangs_up());
}

TEST_F(Deadlines, OfAnAnswerThatNobodyReads) {
  RawSocket socket(hasty().server.port());
  // Far more answers than the kernel's buffers hold.
  std::string all;
  for (int i = 0; i < 100; ++i) all += "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n";
  const auto begun = std::chrono::steady_clock::now();
  while (socket.send(all) && std::chrono::steady_clock::now() - begun < std::chrono::seconds{30}) {
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{30});
}

TEST_F(Deadlines, AndTheMemoryOfBodies) {
  const std::string most(1024UL * 1024, ' ');
  Sockets two;
  for (int i = 0; i < 2; ++i) {
    two.push_back(std::make_unique<RawSocket>(hasty().server.port()));
    two.back()->send("POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n");
    two.back()->send(std::string_view(most).substr(0, 600UL * 1024));
  }
  const std::string answer = two[1]->read_all();
  const std::string other = two[0]->read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ") || other.starts_with("HTTP/1.1 503 ")) << answer << other;
  RawSocket alone(hasty().server.port());
  EXPECT_TRUE(support::eventually([&] { return is_served(alone); }));
}

TEST(Crowd, TenThousandIdleConnectionsCostLittle) {
  constexpr int many = 10'000;
  const rlim_t files = support::raise_open_files();
  if (files < many + 200) GTEST_SKIP() << "only " << files << " open files are allowed";
  World made({{"DIARY_MAX_CONNECTIONS_PER_ADDRESS", "0"}, {"DIARY_IDLE_TIME", "10m"}});
  const int port = made.server.port();
  Sockets few = connect(port, 100);
  const long before = support::resident_kib(made.server.pid());
  Sockets crowd = connect(port, many - 200);
  const long after = support::resident_kib(made.server.pid());
  const long bytes = (after - before) * 1024 / (many - 200);
  RecordProperty("bytes_of_an_idle_connection", static_cast<int>(bytes));
  std::printf("%ld bytes for each of %d idle connections\n", bytes, many);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(bytes, 16 * 1024);
#endif
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(is_served(*few[0]));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{20});
  EXPECT_TRUE(is_served(*crowd.front()));
  EXPECT_TRUE(is_served(*crowd.back()));
  EXPECT_EQ(made.server.stop(), 0);
}

TEST(Stopping, FinishesWhatIsInFlight) {
  World made;
  const int port = made.server.port();
  Sockets idle = connect(port, 3);
  RawSocket slow(port);
  slow.send("POST /healthz HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_TRUE(slow.read_until("\r\n\r\n").starts_with("HTTP/1.1 100 "));
  std::thread stopping([&] { EXPECT_EQ(made.server.stop(), 0); });
  for (const auto& socket : idle) EXPECT_TRUE(socket->hangs_up());
  EXPECT_TRUE(support::eventually([&] {
    try {
      RawSocket late(port);
      return false;
    } catch (const std::system_error&) {
      return true;
    }
  })) << "new connections are refused";
  slow.send(std::string("abcde") + alive);
  const std::string answers = slow.read_all();
  stopping.join();
  EXPECT_TRUE(answers.starts_with("HTTP/1.1 405 ")) << answers;
  EXPECT_NE(answers.find("\r\nConnection: close\r\n"), std::string::npos) << answers;
  EXPECT_EQ(answers.find(alive_end), std::string::npos) << "what was pipelined behind it is not begun";
}

TEST(Stopping, DoesNotWaitForPostgresToRecover) {
  const support::TemporaryFolder folder;
  const std::string data = folder.path() / "data";
  {
    EXPECT_EQ(support::Served(DIARY_BINARY, {"--data", data}).stop(), 0);
  }
  std::ofstream(data + "/pg/recovery.signal") << "";
  std::ofstream(data + "/postgresql.local.conf") << "restore_command = 'sleep 300'\n";
  support::Program program({DIARY_BINARY, "serve", "--data", data, "--listen", "127.0.0.1:0"});
  std::string seen;
  for (std::string line = program.line(); !line.empty(); line = program.line()) {
    seen += line + '\n';
    if (line.find("waiting for PostgreSQL to start") != std::string::npos) break;
  }
  ASSERT_NE(seen.find("waiting for PostgreSQL to start"), std::string::npos) << seen;
  const auto begun = std::chrono::steady_clock::now();
  kill(program.pid(), SIGINT);
  EXPECT_EQ(program.wait(), 0) << seen;
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{30});
}

}  // namespace
}  // namespace diary::http::test
