// SPDX-License-Identifier: Apache-2.0
// Where a request begins and ends, and what stands in its first line: whatever two readers could take for two
// things is refused, the connection is closed, and nothing behind it is read as a request.
#include "http/wire_test.hpp"

namespace diary::http::test {
namespace {

const std::string get_alive = "GET /healthz HTTP/1.1\r\nHost: a\r\n";
const std::string post = "POST /healthz HTTP/1.1\r\nHost: a\r\n";
// Would be answered with a 404 and an id of its own if it were read.
const std::string next =
    "GET /smuggled HTTP/1.1\r\nHost: a\r\nX-Request-Id: smuggled\r\nConnection: close\r\n\r\n";

std::string repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

std::string ask(const std::string& bytes) {
  support::RawSocket socket(world().server.port());
  socket.send(bytes);
  return socket.read_all();
}

struct Row {
  const char* what;
  std::string bytes;
  int status;
};
void PrintTo(const Row& row, std::ostream* out) {
  *out << row.what;
}

class Refused : public testing::TestWithParam<Row> {};

TEST_P(Refused, WithOneAnswerAndTheEndOfTheConnection) {
  const Row& row = GetParam();
  const std::string answers = ask(row.bytes + next);
  EXPECT_EQ(statuses(answers), std::vector<int>{row.status}) << answers;
  EXPECT_NE(answers.find("\r\nConnection: close\r\n"), std::string::npos) << answers;
  EXPECT_NE(answers.find("application/problem+json"), std::string::npos) << answers;
  EXPECT_EQ(answers.find("smuggled"), std::string::npos) << answers;
}

INSTANTIATE_TEST_SUITE_P(
    Lengths, Refused,
    testing::Values(
        Row{"length and chunks", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400},
        Row{"chunks and length", post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            400},
        Row{"two lengths", post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400},
        Row{"the same length twice", post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
        Row{"a list of lengths", post + "Content-Length: 3, 3\r\n\r\nabc", 400},
        Row{"a negative length", post + "Content-Length: -1\r\n\r\n", 400},
        Row{"a plus", post + "Content-Length: +5\r\n\r\nabcde", 400},
        Row{"a hexadecimal length", post + "Content-Length: 0x5\r\n\r\nabcde", 400},
        Row{"a fraction", post + "Content-Length: 5.0\r\n\r\nabcde", 400},
        Row{"no digits", post + "Content-Length: \r\n\r\nabcde", 400},
        Row{"a length past 64 bits", post + "Content-Length: 18446744073709551621\r\n\r\nabcde", 400},
        Row{"a huge length", post + "Content-Length: 9223372036854775807\r\n\r\nabcde", 413},
        Row{"a length over the limit", post + "Content-Length: 1048577\r\n\r\n", 413},
        Row{"xchunked", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},
        Row{"chunked twice", post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400},
        Row{"two codings", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
        Row{"two coding lines",
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", 400},
        Row{"identity", post + "Transfer-Encoding: identity\r\n\r\n", 400},
        Row{"an empty coding", post + "Transfer-Encoding:\r\n\r\n", 400},
        Row{"a quoted coding", post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", 400},
        Row{"a coding with a form feed", post + "Transfer-Encoding: \fchunked\r\n\r\n0\r\n\r\n", 400},
        Row{"chunks in HTTP/1.0", "POST /healthz HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400}));

INSTANTIATE_TEST_SUITE_P(
    Chunks, Refused,
    testing::Values(
        Row{"a chunk size of letters", post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
        Row{"a negative chunk", post + "Transfer-Encoding: chunked\r\n\r\n-1\r\n", 400},
        Row{"a chunk with a plus", post + "Transfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n", 400},
        Row{"a chunk size in C", post + "Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n", 400},
        Row{"a chunk size past 64 bits",
            post + "Transfer-Encoding: chunked\r\n\r\n10000000000000001\r\na\r\n0\r\n\r\n", 400},
        Row{"a huge chunk", post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", 413},
        Row{"chunks over the limit in sum",
            post + "Transfer-Encoding: chunked\r\n\r\n" +
                repeat("8000\r\n" + std::string(0x8000, 'x') + "\r\n", 33),
            413},
        Row{"a chunk longer than it says", post + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
            400},
        Row{"a chunk ended by a line feed", post + "Transfer-Encoding: chunked\r\n\r\n1\na\n0\n\n", 400},
        Row{"a trailer that is no line", post + "Transfer-Encoding: chunked\r\n\r\n0\r\nbad trailer\r\n\r\n",
            400},
        Row{"a length as a trailer",
            post + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 99\r\n\r\n", 400},
        Row{"an endless chunk extension",
            post + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(40'000, 'x'), 400},
        Row{"an endless trailer",
            post + "Transfer-Encoding: chunked\r\n\r\n0\r\n" +
                repeat("X-Pad: " + std::string(1000, 'x') + "\r\n", 40),
            400}));

INSTANTIATE_TEST_SUITE_P(
    Lines, Refused,
    testing::Values(
        Row{"a folded line", get_alive + "X-A: b\r\n c\r\n\r\n", 400},
        Row{"a line folded with a tab", get_alive + "X-A: b\r\n\tc\r\n\r\n", 400},
        Row{"a folded first line", "GET /healthz HTTP/1.1\r\n Host: a\r\n\r\n", 400},
        Row{"line feeds alone", "GET /healthz HTTP/1.1\nHost: a\n\n", 400},
        Row{"one line feed alone", get_alive + "X-A: b\nX-B: c\r\n\r\n", 400},
        Row{"a carriage return alone", get_alive + "X-A: b\rX-B: c\r\n\r\n", 400},
        Row{"a space before the colon", get_alive + "X-A : b\r\n\r\n", 400},
        Row{"a length with a space before the colon", post + "Content-Length : 5\r\n\r\nabcde", 400},
        Row{"no colon", get_alive + "bad header\r\n\r\n", 400},
        Row{"no name", get_alive + ": b\r\n\r\n", 400},
        Row{"NUL in a value", get_alive + std::string("X-A: b\0c\r\n\r\n", 12), 400},
        Row{"NUL in a name", get_alive + std::string("X\0A: b\r\n\r\n", 10), 400},
        Row{"DEL in a value", get_alive + "X-A: b\x7f\r\n\r\n", 400},
        Row{"no Host", "GET /healthz HTTP/1.1\r\n\r\n", 400},
        Row{"two Hosts", get_alive + "Host: b\r\n\r\n", 400},
        Row{"the same Host twice", get_alive + "host: a\r\n\r\n", 400},
        Row{"a Host that is a list", "GET /healthz HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
        Row{"a Host with a path", "GET /healthz HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
        Row{"a Host with a name", "GET /healthz HTTP/1.1\r\nHost: me@a\r\n\r\n", 400},
        Row{"101 fields", get_alive + repeat("X-A: b\r\n", 100) + "\r\n", 431},
        Row{"a header over 16 KiB", get_alive + "X-Pad: " + std::string(17 * 1024, 'x') + "\r\n\r\n", 431},
        Row{"many fields over 16 KiB",
            get_alive + repeat("X-A: " + std::string(200, 'x') + "\r\n", 90) + "\r\n", 431},
        Row{"a request line over 8 KiB", "GET /" + std::string(8192, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n",
            414},
        Row{"an endless request line", "GET /" + std::string(100'000, 'x'), 414},
        Row{"two spaces", "GET  /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Row{"a space in the target", "GET /heal thz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Row{"no version", "GET /healthz\r\n\r\n", 400},
        Row{"HTTP/2.0", "GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n", 400},
        Row{"HTTP/1.2", "GET /healthz HTTP/1.2\r\nHost: a\r\n\r\n", 400},
        Row{"http/1.1", "GET /healthz http/1.1\r\nHost: a\r\n\r\n", 400},
        Row{"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
        Row{"TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 9), 400},
        Row{"three empty lines", "\r\n\r\n\r\n" + get_alive + "\r\n", 400},
        Row{"an expectation", post + "Expect: 200-ok\r\nContent-Length: 5\r\n\r\nabcde", 417}));

class Answered : public testing::TestWithParam<Row> {};

TEST_P(Answered, AndTheNextRequestAsWell) {
  const Row& row = GetParam();
  const std::string answers = ask(row.bytes + next);
  EXPECT_EQ(statuses(answers), (std::vector<int>{row.status, 404})) << answers;
}

INSTANTIATE_TEST_SUITE_P(
    Framing, Answered,
    testing::Values(
        Row{"an empty line before", "\r\n" + get_alive + "\r\n", 200},
        Row{"100 fields", get_alive + repeat("X-A: b\r\n", 99) + "\r\n", 200},
        Row{"a header just under 16 KiB",
            get_alive + "X-Pad: " + std::string(16 * 1024 - 60, 'x') + "\r\n\r\n", 200},
        Row{"a request line just under 8 KiB",
            "GET /" + std::string(8192 - 20, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", 404},
        Row{"an empty Host", "GET /healthz HTTP/1.1\r\nHost:\r\n\r\n", 200},
        Row{"a Host of numbers", "GET /healthz HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 200},
        Row{"a body with GET", get_alive + "Content-Length: 5\r\n\r\nabcde", 200},
        Row{"a length of many zeros", post + "Content-Length: 0000000005\r\n\r\nabcde", 405},
        Row{"no length", post + "\r\n", 405},
        Row{"chunks with extensions and a trailer",
            post + "Transfer-Encoding: chunked\r\n\r\n1;a=b;c=\"d\"\r\nx\r\n0;e\r\nX-Request-Id: "
                   "smuggled\r\n\r\n",
            405},
        Row{"Chunked", post + "transfer-encoding:Chunked\t\r\n\r\n0\r\n\r\n", 405},
        Row{"an upgrade that nobody makes",
            get_alive +
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
            200},
        Row{"a websocket", get_alive + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 200},
        Row{"HTTP/1.0 that stays", "GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200}));

struct TargetRow {
  const char* target;
  int status;
};
void PrintTo(const TargetRow& row, std::ostream* out) {
  *out << std::string(row.target).substr(0, 60);
}

class Targets : public testing::TestWithParam<TargetRow> {};

TEST_P(Targets, AreAnswered) {
  const auto& [target, status] = GetParam();
  const std::string answers =
      ask("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(statuses(answers), std::vector<int>{status}) << answers;
}

INSTANTIATE_TEST_SUITE_P(
    Paths, Targets,
    testing::Values(TargetRow{"/healthz", 200}, TargetRow{"//healthz", 404}, TargetRow{"/healthz/", 404},
                    TargetRow{"/healthz//", 404}, TargetRow{"/./healthz", 400},
                    TargetRow{"/x/../healthz", 400}, TargetRow{"/..", 400}, TargetRow{"/%2e%2e/healthz", 400},
                    TargetRow{"/%2E/healthz", 400}, TargetRow{"/.%2e/etc/passwd", 400},
                    TargetRow{"/...", 404}, TargetRow{"/api/v1/diary/segments/..%2f..%2fhealthz", 404},
                    TargetRow{"/api/v1/diary/segments/a%2fb", 404},
                    TargetRow{"/api%2fv1/diary/segments", 404}, TargetRow{"/%68ealthz", 200},
                    TargetRow{"/healthz%00", 400}, TargetRow{"/healthz?a=%00", 400},
                    TargetRow{"/%c0%ae%c0%ae/", 400}, TargetRow{"/%e0%80%af", 400},
                    TargetRow{"/%ed%a0%80", 400}, TargetRow{"/%ff", 400}, TargetRow{"/a\\b", 400},
                    TargetRow{"/a%5cb", 404}, TargetRow{"/%zz", 400}, TargetRow{"/%", 400},
                    TargetRow{"/healthz?%", 400}, TargetRow{"/healthz#a", 400},
                    TargetRow{"/healthz?a#b", 400}, TargetRow{"/\xc3\xa4", 400}, TargetRow{"/%c3%a4", 404},
                    TargetRow{"/a%0d%0aX-Evil:%201", 404}, TargetRow{"/healthz?", 200},
                    TargetRow{"/healthz?a=b&a=c&&=", 200}, TargetRow{"*", 400}, TargetRow{"healthz", 400},
                    TargetRow{"a:443", 400}));

INSTANTIATE_TEST_SUITE_P(
    AbsoluteForms, Targets,
    testing::Values(TargetRow{"http://a/healthz", 200}, TargetRow{"HTTPS://a.example:8443/healthz?x=1", 200},
                    TargetRow{"http://[::1]/healthz", 200}, TargetRow{"http://a", 200},
                    TargetRow{"http://a?x=1", 200}, TargetRow{"http://a/../healthz", 400},
                    TargetRow{"http:///healthz", 400}, TargetRow{"http://me:secret@a/healthz", 400},
                    TargetRow{"http://a/healthz#b", 400}, TargetRow{"ftp://a/healthz", 400},
                    TargetRow{"http:/healthz", 400}, TargetRow{"http://[", 400},
                    TargetRow{"://a/healthz", 400}));

TEST(Framing, TheServerAsAWholeHasOptions) {
  const auto answer = ask("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(statuses(answer), std::vector<int>{204}) << answer;
  EXPECT_NE(answer.find("\r\nAllow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"), std::string::npos);
  EXPECT_NE(answer.find("\r\nX-RateLimit-Limit: "), std::string::npos);
}

TEST(Framing, ParametersEndAtAHundred) {
  const auto get = [](int parameters) {
    std::string target = "/healthz?a";
    for (int i = 1; i < parameters; ++i) target += "&a";
    return statuses(ask("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  };
  EXPECT_EQ(get(100), std::vector<int>{200});
  EXPECT_EQ(get(101), std::vector<int>{400});
  EXPECT_EQ(get(3000), std::vector<int>{400});
}

TEST(Framing, NothingThatIsEchoedSplitsTheResponse) {
  for (const std::string& target : {std::string("/a%0d%0aSet-Cookie:%20a=b"),
                                    std::string("/api/v1/diary/segments?cursor=1%0d%0aSet-Cookie:a"),
                                    std::string("/api/v1/diary/segments/%0d%0aSet-Cookie:a")}) {
    const auto answer =
        ask("GET " + target +
            " HTTP/1.1\r\nHost: a\r\nX-Request-Id: a%0d%0aSet-Cookie:a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(statuses(answer).size(), 1U) << answer;
    EXPECT_EQ(answer.find("\nSet-Cookie"), std::string::npos) << answer;
  }
}

TEST(Framing, HeadersComeInPiecesOfAnySize) {
  const std::string request = get_alive + "X-A: b\r\nConnection: close\r\n\r\n";
  support::RawSocket socket(world().server.port());
  for (const char c : request) socket.send(std::string_view(&c, 1));
  EXPECT_EQ(statuses(socket.read_all()), std::vector<int>{200});
}

TEST(Framing, ManyRequestsOfAllKindsInOnePacket) {
  std::string all;
  std::vector<int> expected;
  for (int i = 0; i < 20; ++i) {
    all += get_alive + "\r\n" + post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" +
           "HEAD /nothing HTTP/1.1\r\nHost: a\r\n\r\n" + "OPTIONS /healthz HTTP/1.1\r\nHost: a\r\n\r\n" +
           post + "Content-Length: 3\r\n\r\nabc";
    expected.insert(expected.end(), {200, 405, 404, 204, 405});
  }
  expected.push_back(404);
  EXPECT_EQ(statuses(ask(all + next)), expected);
}

TEST(Framing, NothingIsAnsweredBehindAClose) {
  EXPECT_EQ(statuses(ask(get_alive + "Connection: close\r\n\r\n" + next)), std::vector<int>{200});
  EXPECT_EQ(statuses(ask("GET /healthz HTTP/1.0\r\n\r\n" + next)), std::vector<int>{200});
}

}  // namespace
}  // namespace diary::http::test
