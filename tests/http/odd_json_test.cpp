// SPDX-License-Identifier: Apache-2.0
// Bodies that are JSON in some reader's eyes: each through three calls, with its exact answer.
#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

struct Call {
  const char* path;
  std::string before;  // a good body, its last member left open
  std::string text_field;
};

const std::vector<Call>& calls() {
  static const std::vector<Call> made{
      {"/api/v1/diary/ratings", R"({"segment_id":"none","rating":3)", "comment"},
      {"/api/v1/diary/votes", R"({"segment_id":"none","action":"agree")", "segment_id"},
      {"/api/v1/auth/register", R"({"email":"a@example.org","password":"correct horse")", "display_name"}};
  return made;
}

class OddJson : public testing::TestWithParam<Call> {
 protected:
  static Person& person() {
    static Person made = world().person();
    return made;
  }
  Answer post(const std::string& body) {
    return client.send("POST", GetParam().path, body, {{"Content-Type", "application/json"}});
  }
  void expect_malformed(const std::string& body, std::size_t at) {
    const auto answer = post(body);
    expect_problem(answer, 400, "malformed");
    const auto detail = text_of(answer.json().at("detail"));
    EXPECT_TRUE(detail.starts_with("malformed JSON at byte " + std::to_string(at) + ":"))
        << body.substr(0, 100) << " -> " << detail;
  }
  // The good body with one more member.
  std::string with(const std::string& member) { return GetParam().before + "," + member + "}"; }
  HttpClient client = world().client(person());
};

TEST_P(OddJson, ThatIsNone) {
  const std::string good = GetParam().before;
  expect_malformed("", 0);
  expect_malformed(" \r\n\t", 4);
  expect_malformed("\xef\xbb\xbf" + good + "}", 0);
  expect_malformed(good, good.size());
  expect_malformed(good + "}}", good.size() + 1);
  expect_malformed(good + "} //", good.size() + 2);
  expect_malformed(good + ",}", good.size() + 1);
  expect_malformed("{\"a\":NaN}", 5);
  expect_malformed("{\"a\":Infinity}", 5);
  expect_malformed("{\"a\":+1}", 5);
  expect_malformed("{\"a\":.5}", 5);
  expect_malformed("{\"a\":01}", 6);
  expect_malformed("{a:1}", 1);
  expect_malformed("{\"a\":\"\xc0\xaf\"}", 6);
  expect_malformed("{\"a\":\"\xff\"}", 6);
  expect_malformed("{\"a\":\"x\ny\"}", 7);
  expect_malformed(std::string("{\"a\":\"x\0y\"}", 11), 7);
}

TEST_P(OddJson, WithHalfCharacters) {
  for (const char* half :
       {R"({"a":"\ud800"})", R"({"a":"\udc00"})", R"({"a":"\ud800\ud800"})", R"({"\ud800":1})"}) {
    const auto answer = post(half);
    expect_problem(answer, 400, "malformed");
    EXPECT_TRUE(text_of(answer.json().at("detail")).starts_with("malformed JSON at byte ")) << answer.body;
  }
}

TEST_P(OddJson, OfAnotherType) {
  for (const char* other : {"[]", "3", "null", "true", "\"text\"", "[{}]", "1e400"})
    expect_problem(post(other), 400, "validation_error", "body");
}

TEST_P(OddJson, ThatIsDeep) {
  const auto nested = [this](int depth) {
    return with("\"metadata\":" + std::string(static_cast<std::size_t>(depth), '[') +
                std::string(static_cast<std::size_t>(depth), ']'));
  };
  expect_problem(post(nested(14)), 400, "validation_error");
  expect_problem(post(nested(17)), 400, "malformed");
  expect_problem(post(nested(500'000)), 400, "malformed");
}

TEST_P(OddJson, ThatSaysThingsTwice) {
  const auto field = [this](const std::string& body) {
    const auto answer = post(body);
    expect_problem(answer, 400, "validation_error");
    return answer.json().contains("field") ? text_of(answer.json().at("field")) : answer.body;
  };
  EXPECT_EQ(field(with(R"("x":1,"x":1)")), "x");
  EXPECT_EQ(field(with(R"("x":1,"\u0078":2)")), "x") << "the same name, written otherwise";
  EXPECT_EQ(field(with(R"("metadata":{"source":"manual","source":"manual"})")), "source");
  EXPECT_EQ(field(with(R"("x":[{"a":1},{"a":1,"b":{"a":1},"a":2}])")), "a");
  const std::string name = calls()[2].path == GetParam().path ? "email" : "segment_id";
  EXPECT_EQ(field(with("\"" + name + "\":\"b\"")), name);
}

TEST_P(OddJson, WithNulInText) {
  const std::string& name = GetParam().text_field;
  std::string body = with("\"" + name + R"(":"a\u0000b")");
  if (name == "segment_id") body = R"({"action":"agree","segment_id":"a\u0000b"})";
  const auto answer = post(body);
  expect_problem(answer, 400, "validation_error", name);
  EXPECT_NE(text_of(answer.json().at("detail")).find("U+0000"), std::string::npos) << answer.body;
}

TEST_P(OddJson, WithMuchText) {
  const std::string room(1024UL * 1024 - with("\"x\":\"\"").size(), 'x');
  expect_problem(post(with("\"x\":\"" + room + "\"")), 400, "validation_error", "x");
  expect_problem(post(with("\"x\":\"" + room + "x\"")), 413, "payload_too_large");
}

INSTANTIATE_TEST_SUITE_P(Calls, OddJson, testing::ValuesIn(calls()), [](const auto& row) {
  const std::string path = row.param.path;
  return path.substr(path.rfind('/') + 1);
});

TEST(OddNumbers, AreNoRatings) {
  auto client = world().client(world().person());
  const std::string digits(400, '9');
  for (const std::string& number : {std::string("1e400"),
                                    std::string("-1e400"),
                                    digits,
                                    "-" + digits,
                                    std::string("1.0"),
                                    std::string("3e0"),
                                    std::string("-0"),
                                    std::string("-0.0"),
                                    std::string("2.5"),
                                    std::string("1e-400"),
                                    std::string("9223372036854775808"),
                                    std::string("18446744073709551616"),
                                    std::string("4294967299"),
                                    std::string("0"),
                                    std::string("6"),
                                    std::string("-3"),
                                    std::string("\"3\""),
                                    std::string("true"),
                                    std::string("[3]"),
                                    std::string("{}")}) {
    const auto answer =
        client.send("POST", "/api/v1/diary/ratings", R"({"segment_id":"none","rating":)" + number + "}",
                    {{"Content-Type", "application/json"}});
    SCOPED_TRACE(number.substr(0, 40));
    expect_problem(answer, 400, "validation_error", "rating");
  }
}

}  // namespace
}  // namespace diary::http::test
