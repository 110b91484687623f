// SPDX-License-Identifier: Apache-2.0
#include "base/origins.hpp"

#include <gtest/gtest.h>

namespace diary {
namespace {

TEST(Origins, AreExact) {
  const auto some =
      Origins::parse("https://map.example.org, http://localhost:5173 http://[::1]:80801").value_or(Origins{});
  EXPECT_TRUE(some.none()) << "the last has a port that is none";
  const auto origins =
      Origins::parse("https://map.example.org, http://localhost:5173 http://[::1]:8080").value();
  for (const char* origin : {"https://map.example.org", "http://localhost:5173", "http://[::1]:8080"})
    EXPECT_TRUE(origins.contain(origin)) << origin;
  for (const char* origin :
       {"http://map.example.org", "https://map.example.org:8443", "https://example.org", "null", "",
        "https://map.example.org.evil.org", "https://MAP.example.org", "http://localhost"})
    EXPECT_FALSE(origins.contain(origin)) << origin;
  EXPECT_FALSE(origins.any());
  EXPECT_FALSE(origins.none());
}

TEST(Origins, NoneAndAny) {
  EXPECT_TRUE(Origins::parse("").value().none());
  EXPECT_TRUE(Origins::parse(" , ").value().none());
  const auto any = Origins::parse("*").value();
  EXPECT_TRUE(any.any());
  EXPECT_TRUE(any.contain("https://anything.example.org"));
}

TEST(Origins, NameWhatTheyRefuse) {
  for (const char* word :
       {"example.org", "https://", "https://a/", "https://a/path", "https://A.org", "ftp://a", "null",
        "https://a:443", "http://a:80", "https://a:0", "https://a:65536", "https://a:", "https://a:x",
        "https://a:080", "https://*.example.org", "https://u@a", "https://a?b"}) {
    const auto made = Origins::parse(word);
    ASSERT_FALSE(made) << word;
    EXPECT_NE(made.error().message.find("\"" + std::string(word) + "\""), std::string::npos);
  }
  EXPECT_FALSE(Origins::parse("*, https://a"));
}

}  // namespace
}  // namespace diary
