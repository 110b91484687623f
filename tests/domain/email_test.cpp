// SPDX-License-Identifier: Apache-2.0
#include "domain/email.hpp"

#include <gtest/gtest.h>

namespace diary {
namespace {

TEST(Email, HasOneFormWhateverTheCase) {
  EXPECT_EQ(normalize_email("Ann.Lee+Walks@Example.ORG"), "ann.lee+walks@example.org");
  EXPECT_EQ(normalize_email("ÄRZTIN@MÜNCHEN.example"), "ärztin@münchen.example");
  EXPECT_EQ(normalize_email("ИВАН@пример.РФ"), "иван@пример.рф");
  EXPECT_EQ(normalize_email("用户@例子.广告"), "用户@例子.广告");
  EXPECT_EQ(normalize_email("root@localhost"), "root@localhost");
}

TEST(Email, OthersAreNone) {
  for (const char* wrong : {"",
                            "@",
                            "a",
                            "a@",
                            "@example.org",
                            "a@b@example.org",
                            "a@nodot",
                            "a@.example.org",
                            "a@example.org.",
                            "a@example..org",
                            "a b@example.org",
                            " a@example.org",
                            "a@example.org\n",
                            "a\t@example.org",
                            "a\x7F@example.org",
                            "a\u0085@example.org",
                            "a\u00A0@example.org",
                            "a\u00AD@example.org",
                            "a\u200B@example.org",
                            "a\u202E@example.org",
                            "a\u2066@example.org",
                            "a\u3000@example.org",
                            "a\uFEFF@example.org",
                            "a\uFE0F@example.org",
                            "a\U000E0041@example.org",
                            "a\xFF@example.org",
                            "a\xC3@example.org",
                            "\xED\xA0\x80@example.org"})
    EXPECT_EQ(normalize_email(wrong), std::nullopt) << wrong;
}

TEST(Email, HasAtMost255Bytes) {
  const std::string host = "@example.org";
  EXPECT_TRUE(normalize_email(std::string(255 - host.size(), 'x') + host));
  EXPECT_FALSE(normalize_email(std::string(256 - host.size(), 'x') + host));
  std::string wide;
  while (wide.size() + 2 <= 255 - host.size()) wide += "é";
  EXPECT_TRUE(normalize_email(wide + host));
  EXPECT_FALSE(normalize_email(wide + "é" + host));
}

}  // namespace
}  // namespace diary
