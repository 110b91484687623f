// SPDX-License-Identifier: Apache-2.0
// What passwords cost: the same work for everybody, beside the request threads, never too much of it at once.
// Servers of its own, with passwords dear enough to be measured.
#include <signal.h>

#include <algorithm>
#include <cctype>
#include <memory>

#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

std::string hash_of(const Person& person) {
  return world().one("SELECT password_hash FROM auth.users WHERE user_id = $1", {person.user_id});
}

support::Served served_at_cost(const char* cost) {
  auto environment = world().way_in.environment();
  environment["DIARY_BCRYPT_COST"] = cost;
  environment["DIARY_MAX_WAIT"] = "10m";  // what is bounded here is how many wait, not how long
  return support::Served(DIARY_BINARY, {"--database", world().way_in.server()}, environment);
}

Answer log_in(int port, const std::string& from, const std::string& email, const std::string& password) {
  return HttpClient(port, from).post(api::login, {{"email", email}, {"password", password}});
}

TEST(Passwords, AreHashedAnewWhenTheirCostWasRaised) {
  const auto person = world().person();
  EXPECT_TRUE(hash_of(person).starts_with("$2b$04$"));
  const auto dearer = served_at_cost("5");
  EXPECT_EQ(log_in(dearer.port(), "127.0.6.1", person.email, "wrong horse").status, 401U);
  EXPECT_TRUE(hash_of(person).starts_with("$2b$04$")) << "by the right one alone";
  EXPECT_EQ(log_in(dearer.port(), "127.0.6.1", person.email, "correct horse").status, 200U);
  const auto hash = hash_of(person);
  EXPECT_TRUE(hash.starts_with("$2b$05$"));
  EXPECT_EQ(log_in(dearer.port(), "127.0.6.1", person.email, "correct horse").status, 200U);
  EXPECT_EQ(hash_of(person), hash) << "once";
  EXPECT_EQ(world().client(person).get("/api/v1/me").status, 200U) << "tokens go on";
  EXPECT_EQ(log_in(world().server.port(), "127.0.6.1", person.email, "correct horse").status, 200U);
  EXPECT_EQ(hash_of(person), hash) << "never cheaper";
}

// Whoever measures learns not even whether there is an account. Without the work for nobody, the ratio is 50.
TEST(Passwords, AFailureTakesTheSameTimeWhoeverItIs) {
  const auto dear = served_at_cost("10");
  const auto person = world().person();  // hashed at cost 4
  const auto disabled = world().person();
  world().owner.exec("UPDATE auth.users SET is_active = false WHERE user_id = $1", {disabled.user_id});
  int from = 0;
  const auto median_s = [&](const std::string& email, const char* password) {
    std::vector<double> took;
    for (int i = 0; i < 7; ++i) {
      const auto begun = std::chrono::steady_clock::now();
      EXPECT_EQ(log_in(dear.port(), "127.0.7." + std::to_string(++from), email, password).status, 401U);
      took.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
    }
    std::ranges::nth_element(took, took.begin() + 3);
    return took[3];
  };
  const double known = median_s(person.email, "wrong horse");
  const double unknown = median_s("nobody@example.org", "wrong horse");
  const double inactive = median_s(disabled.email, "correct horse");
  for (const double ratio : {known / unknown, inactive / unknown}) {
    EXPECT_GT(ratio, 0.25);
    EXPECT_LT(ratio, 4);
  }
}

// Of a connection that is closed behind it.
Answer answer_of(const std::string& text) {
  Answer answer;
  const auto end = text.find("\r\n\r\n");
  if (!text.starts_with("HTTP/1.1 ") || end == std::string::npos) return answer;
  answer.status = static_cast<unsigned>(std::stoul(text.substr(9, 3)));
  answer.body = text.substr(end + 4);
  for (auto at = text.find("\r\n"); at < end; at = text.find("\r\n", at + 2)) {
    const auto colon = text.find(": ", at);
    std::string name = text.substr(at + 2, colon - at - 2);
    std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
    answer.headers[name] = text.substr(colon + 2, text.find("\r\n", colon) - colon - 2);
  }
  return answer;
}

// All of them have sent before the server reads the first: however slow the machine, the queue is full long
// before it is worked off.
TEST(Passwords, TooManyAtOnceAreToldToComeBack) {
  const auto dear = served_at_cost("11");
  const auto person = world().person();
  constexpr int at_once = 120;
  std::vector<std::unique_ptr<support::RawSocket>> sockets;
  kill(dear.pid(), SIGSTOP);
  for (int i = 0; i < at_once; ++i) {
    const json::object credentials{{"email", std::to_string(i) + person.email}, {"password", "wrong horse"}};
    const std::string body = json::serialize(credentials);
    sockets.push_back(std::make_unique<support::RawSocket>(dear.port(), "127.0.8." + std::to_string(i + 1)));
    EXPECT_TRUE(sockets.back()->send(
        std::string("POST ") + api::login +
        " HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Type: application/json\r\n"
        "Content-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body));
  }
  kill(dear.pid(), SIGCONT);
  HttpClient other(dear.port(), "127.0.9.1");
  EXPECT_EQ(other.get("/healthz").status, 200U) << "the others go on";
  EXPECT_EQ(other.get("/api/v1/diary/segments").status, 200U);
  int judged = 0;
  int sent_away = 0;
  for (const auto& socket : sockets) {
    const Answer answer = answer_of(socket->read_all(std::chrono::minutes{5}));
    if (answer.status == 401) ++judged;
    if (answer.status != 503) continue;
    ++sent_away;
    expect_problem(answer, 503, "unavailable");
    EXPECT_EQ(answer.header("retry-after"), json::serialize(answer.json().at("retry_after")));
  }
  EXPECT_EQ(judged + sent_away, at_once);
  EXPECT_GE(judged, 64) << "what may wait";
  EXPECT_GT(sent_away, 0) << "and no more";
  EXPECT_EQ(log_in(dear.port(), "127.0.9.1", person.email, "correct horse").status, 200U)
      << "afterwards as before";
}

}  // namespace
}  // namespace diary::http::test
