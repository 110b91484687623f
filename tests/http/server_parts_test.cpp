// SPDX-License-Identifier: Apache-2.0
// What the server is made of, without a socket.
#include <gtest/gtest.h>

#include <random>

#include "http/connections.hpp"
#include "http/header_scan.hpp"
#include "http/memory_budget.hpp"
#include "http/response.hpp"
#include "http/target.hpp"

namespace diary::http {
namespace {

struct Told {
  std::vector<int> order;
  std::function<void()> of(int who) {
    return [this, who] { order.push_back(who); };
  }
};

TEST(Connections, MakeRoomForTheNext) {
  Told told;
  Connections connections({3, 2});
  const auto a1 = connections.admit("a", told.of(1));
  const auto a2 = connections.admit("a", told.of(2));
  EXPECT_NE(connections.admit("a", told.of(3)), Connections::nobody);
  EXPECT_EQ(told.order, std::vector<int>{1});
  EXPECT_FALSE(connections.waits(a1));
  EXPECT_FALSE(connections.answers(a1)) << "it was told to go";
  EXPECT_TRUE(connections.answers(a2));
  EXPECT_NE(connections.admit("b", told.of(4)), Connections::nobody);
  EXPECT_NE(connections.admit("c", told.of(5)), Connections::nobody);
  EXPECT_EQ(told.order, (std::vector<int>{1, 3})) << "the oldest of all that wait";
  EXPECT_EQ(connections.size(), 3U);
  connections.leaves(a1);
  EXPECT_EQ(connections.size(), 3U) << "who was told to go was not counted any more";
}

TEST(Connections, KeepThoseWhoAreAnswered) {
  Told told;
  Connections connections({2, 0});
  const auto first = connections.admit("a", told.of(1));
  const auto second = connections.admit("a", told.of(2));
  EXPECT_TRUE(connections.answers(first));
  EXPECT_TRUE(connections.answers(second));
  EXPECT_EQ(connections.admit("b", told.of(3)), Connections::nobody);
  EXPECT_TRUE(connections.waits(first));
  EXPECT_NE(connections.admit("b", told.of(4)), Connections::nobody);
  EXPECT_EQ(told.order, std::vector<int>{1});
}

TEST(Connections, WaitFromTheirLastAnswerOn) {
  Told told;
  Connections connections({2, 0});
  const auto first = connections.admit("a", told.of(1));
  static_cast<void>(connections.admit("a", told.of(2)));
  EXPECT_TRUE(connections.answers(first));
  EXPECT_TRUE(connections.waits(first));
  static_cast<void>(connections.admit("a", told.of(3)));
  EXPECT_EQ(told.order, std::vector<int>{2});
}

TEST(Connections, CloseOnce) {
  Told told;
  Connections connections({5, 0});
  const auto busy = connections.admit("a", told.of(1));
  const auto idle = connections.admit("a", told.of(2));
  EXPECT_TRUE(connections.answers(busy));
  connections.close();
  EXPECT_EQ(told.order, std::vector<int>{2});
  EXPECT_FALSE(connections.waits(busy));
  EXPECT_EQ(connections.admit("a", told.of(3)), Connections::nobody);
  EXPECT_FALSE(connections.wait_until_empty(std::chrono::seconds{0}));
  connections.leaves(busy);
  connections.leaves(idle);
  EXPECT_TRUE(connections.wait_until_empty(std::chrono::seconds{0}));
}

TEST(Connections, OfNobodyAreBoundBySumAlone) {
  Told told;
  Connections connections({3, 1});
  for (int i = 1; i <= 3; ++i) EXPECT_NE(connections.admit("", told.of(i)), Connections::nobody);
  EXPECT_TRUE(told.order.empty());
  EXPECT_NE(connections.admit("", told.of(4)), Connections::nobody);
  EXPECT_EQ(told.order, std::vector<int>{1});
}

TEST(MemoryBudget, IsGivenBack) {
  MemoryBudget budget(100);
  MemoryBudget::Share kept(budget);
  EXPECT_TRUE(kept.take(40));
  {
    MemoryBudget::Share other(budget);
    EXPECT_FALSE(other.take(61));
    EXPECT_TRUE(other.take(60));
    EXPECT_FALSE(kept.take(1));
  }
  EXPECT_TRUE(kept.take(60));
  EXPECT_FALSE(kept.take(1));
}

TEST(ResponseHeader, IsOneHeaderWhateverItIsMadeOf) {
  Reply reply;
  reply.body = "{}";
  reply.headers.emplace_back("Location", "/a\r\nSet-Cookie: a=b\r\n\r\nHTTP/1.1 200 OK");
  reply.headers.emplace_back("X-B", std::string("a\0b\x7f", 4));
  const auto at = std::chrono::sys_days{std::chrono::November / 6 / 1994} + std::chrono::hours{8} +
                  std::chrono::minutes{49} + std::chrono::milliseconds{37'999};
  EXPECT_EQ(response_header(reply, {}, at),
            "HTTP/1.1 200 OK\r\nServer: diary\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Location: /a  Set-Cookie: a=b    HTTP/1.1 200 OK\r\nX-B: a b \r\n"
            "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n");
}

TEST(ResponseHeader, SaysHowLongAndWhetherMoreMayCome) {
  const auto has = [](const std::string& header, const char* line) {
    return header.find(std::string("\r\n") + line + "\r\n") != std::string::npos;
  };
  Reply reply;
  EXPECT_TRUE(has(response_header(reply, {}), "Content-Length: 0"));
  EXPECT_EQ(response_header(reply, {}).find("Connection"), std::string::npos);
  EXPECT_TRUE(has(response_header(reply, {.keep_alive = false}), "Connection: close"));
  EXPECT_TRUE(has(response_header(reply, {.is_old = true}), "Connection: keep-alive"));
  for (const unsigned status : {204U, 304U}) {
    reply.status = status;
    EXPECT_EQ(response_header(reply, {}).find("Content-Length"), std::string::npos);
  }
}

TEST(HeaderScan, FindsTheEndHoweverItComes) {
  const std::string bytes = "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nGET /next";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    HeaderScan scan;
    auto state = HeaderScan::State::more;
    for (std::size_t n = 0; state == HeaderScan::State::more && n < bytes.size();)
      state = scan.feed(std::string_view(bytes).substr(0, n = std::min(bytes.size(), n + step)));
    EXPECT_EQ(state, HeaderScan::State::complete) << step;
    EXPECT_EQ(bytes.substr(scan.begin(), scan.length()), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  }
}

std::string described(const std::optional<Target>& target) {
  if (!target) return "none";
  std::string all = target->path;
  for (const std::string& segment : target->segments) all += " [" + segment + "]";
  for (const auto& [name, value] : target->query) all += " (" + name + "|" + value + ")";
  return all;
}

TEST(ReadTarget, ReadsPlainOnesAsAllOthers) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  constexpr std::string_view letters = "//a1/.?&=-_,bcZ~%+:";
  for (int round = 0; round < 100'000; ++round) {
    std::string text = round % 4 == 0 ? "" : "/";
    const std::size_t kinds = round % 2 == 0 ? letters.size() : letters.size() - 4;  // half of them all plain
    for (std::size_t i = random() % 12; i-- > 0;) text += letters[random() % kinds];
    ASSERT_EQ(described(read_target(text)), described(read_any_target(text))) << text;
  }
  const std::string many = "/a?b" + std::string(limits::max_query_parameters, '&');
  EXPECT_EQ(described(read_target(many)), "none");
  EXPECT_EQ(described(read_target(many.substr(0, many.size() - 1))),
            described(read_any_target(many.substr(0, many.size() - 1))));
}

TEST(ReadTarget, Decodes) {
  const auto target = read_target("http://a:80/b%2Fc/d?e=%20f&g&e=h+i");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/b/c/d");
  EXPECT_EQ(target->segments, (std::vector<std::string>{"b/c", "d"}));
  EXPECT_EQ(target->query,
            (std::vector<std::pair<std::string, std::string>>{{"e", " f"}, {"g", ""}, {"e", "h i"}}));
}

}  // namespace
}  // namespace diary::http
