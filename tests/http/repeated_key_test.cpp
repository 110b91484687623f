// SPDX-License-Identifier: Apache-2.0
#include "http/repeated_key.hpp"

#include <gtest/gtest.h>

namespace diary::http {
namespace {

TEST(RepeatedKey, IsFoundWhereverItStands) {
  EXPECT_EQ(repeated_key(R"({"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]})"), std::nullopt);
  EXPECT_EQ(repeated_key(R"({"a":1,"A":2,"":3})"), std::nullopt);
  EXPECT_EQ(repeated_key(R"({"a":1,"a":1})"), "a");
  EXPECT_EQ(repeated_key(R"({"":1,"":1})"), "");
  EXPECT_EQ(repeated_key(R"({"a":{"b":1},"b":2,"c":[[{"d":1,"d":1}]]})"), "d");
  EXPECT_EQ(repeated_key(R"({"\u00e4":1,"ä":1})"), "ä");
  EXPECT_EQ(repeated_key("{\"" + std::string(100'000, 'k') + "\":1}"), std::nullopt);
  EXPECT_EQ(repeated_key("3"), std::nullopt);
}

}  // namespace
}  // namespace diary::http
