// SPDX-License-Identifier: Apache-2.0
#include "base/redis_url.hpp"

#include <gtest/gtest.h>

namespace diary {
namespace {

TEST(RedisUrl, Tcp) {
  const auto plain = parse_redis_url("redis://cache").value();
  EXPECT_EQ(plain.host, "cache");
  EXPECT_EQ(plain.port, 6379);
  EXPECT_EQ(plain.database, 0);
  EXPECT_TRUE(plain.password.empty());
  const auto full = parse_redis_url("redis://me:p%40ss%2Fword@10.0.0.1:6380/3").value();
  EXPECT_EQ(full.user, "me");
  EXPECT_EQ(full.password, "p@ss/word");
  EXPECT_EQ(full.host, "10.0.0.1");
  EXPECT_EQ(full.port, 6380);
  EXPECT_EQ(full.database, 3);
  EXPECT_EQ(parse_redis_url("redis://:secret@[::1]:1/").value().host, "::1");
  EXPECT_EQ(parse_redis_url("redis://:secret@h").value().password, "secret");
}

TEST(RedisUrl, Sockets) {
  const auto plain = parse_redis_url("unix:///run/redis/redis.sock").value();
  EXPECT_EQ(plain.socket, "/run/redis/redis.sock");
  const auto full = parse_redis_url("unix://:secret@/run/redis.sock?db=2").value();
  EXPECT_EQ(full.socket, "/run/redis.sock");
  EXPECT_EQ(full.password, "secret");
  EXPECT_EQ(full.database, 2);
}

TEST(RedisUrl, RefusesAndNeverRepeatsIt) {
  for (const char* text :
       {"redis", "redis://", "redis://:hush@", "redis://:hush@h:0", "redis://:hush@h:65536",
        "redis://:hush@h/x", "redis://:hush@h/-1", "redis://:hush@h/1/2", "redis://:hush@h?db=1",
        "redis://:hush@h#1", "http://:hush@h", "unix://:hush@", "unix://:hush@/", "unix://:hush@host/path",
        "unix://:hush@/p?db=x", "unix://:hush@/p?other=1", "rediss://:hush@h", "redis://hush@h",
        "redis://:hush@h:1x"}) {
    const auto url = parse_redis_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().message.find("hush"), std::string::npos) << url.error().message;
  }
  EXPECT_NE(parse_redis_url("rediss://h").error().message.find("TLS"), std::string::npos);
}

}  // namespace
}  // namespace diary
