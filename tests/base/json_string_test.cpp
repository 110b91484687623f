// SPDX-License-Identifier: Apache-2.0
// JSON strings are what Boost.JSON writes, and what it reads back.

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <random>

#include "base/log.hpp"

namespace diary::log {
namespace {

std::string json_of(std::string_view text) {
  std::string out = "before";
  append_json_string(out, text);
  return out.substr(6);
}

TEST(JsonString, EscapesWhatItMustAndNothingElse) {
  EXPECT_EQ(json_of(""), R"("")");
  EXPECT_EQ(json_of("Rua do \"Almada\""), R"("Rua do \"Almada\"")");
  EXPECT_EQ(json_of("a\\b/c"), R"("a\\b/c")");
  EXPECT_EQ(json_of(std::string_view("\0\b\t\n\v\f\r\x1f\x7f", 9)),
            "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\x7f\"");
  EXPECT_EQ(json_of("Praça \xF0\x9F\x9A\xB2"), "\"Praça \xF0\x9F\x9A\xB2\"");
}

TEST(JsonString, IsWhatBoostWritesOfAnyBytes) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 40, ' ');
    const unsigned most = round % 2 == 0 ? 256 : 48;  // half of them with many control characters
    for (char& c : text) c = static_cast<char>(random() % most);
    ASSERT_EQ(json_of(text), boost::json::serialize(boost::json::string(text)));
  }
}

TEST(JsonString, IsReadBack) {
  for (int c = 0; c < 128; ++c) {
    const std::string text = {'x', static_cast<char>(c), 'y'};
    EXPECT_EQ(boost::json::parse(json_of(text)).as_string(), text);
  }
}

}  // namespace
}  // namespace diary::log
