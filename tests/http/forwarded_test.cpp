// SPDX-License-Identifier: Apache-2.0
#include "http/forwarded.hpp"

#include <gtest/gtest.h>

#include <random>

namespace diary::http {
namespace {

const Networks proxies = Networks::parse("127.0.0.1, 10.0.0.0/8 2001:db8:1::/48").value();

Origin origin(const char* peer, const ForwardedHeaders& headers, const Networks& trusted = proxies) {
  return find_origin(IpAddress::parse(peer).value(), trusted, headers);
}
std::string host(const ForwardedHeaders& headers) {
  return origin("127.0.0.1", headers).address.host();
}
std::string by_forwarded(std::string_view text) {
  return host({text, {}, {}});
}
std::string by_x_forwarded_for(std::string_view text) {
  return host({{}, text, {}});
}

TEST(Forwarded, IsNotBelievedFromAnyone) {
  for (const char* peer : {"192.0.2.1", "2001:db8:2::1", "128.0.0.1"}) {
    const auto found = origin(peer, {"for=203.0.113.9;proto=https", "203.0.113.9", "https"});
    EXPECT_EQ(found.address, IpAddress::parse(peer));
    EXPECT_FALSE(found.https);
  }
  EXPECT_EQ(origin("127.0.0.1", {{}, "203.0.113.9", {}}, Networks{}).address.host(), "127.0.0.1");
}

TEST(Forwarded, OfOneProxy) {
  EXPECT_EQ(by_x_forwarded_for("203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(by_forwarded("for=203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(host({}), "127.0.0.1");
  EXPECT_EQ(origin("::ffff:127.0.0.1", {{}, "203.0.113.9", {}}).address.host(), "203.0.113.9");
  EXPECT_EQ(origin("2001:db8:1::5", {{}, "203.0.113.9", {}}).address.host(), "203.0.113.9");
}

TEST(Forwarded, TheRightmostThatIsNotTrusted) {
  EXPECT_EQ(by_x_forwarded_for("1.1.1.1, 203.0.113.9"), "203.0.113.9") << "the left is the client's word";
  EXPECT_EQ(by_x_forwarded_for("1.1.1.1, 203.0.113.9, 10.0.0.1,10.2.3.4"), "203.0.113.9");
  EXPECT_EQ(by_forwarded("for=1.1.1.1, for=203.0.113.9;by=10.0.0.1, for=10.0.0.1"), "203.0.113.9");
  EXPECT_EQ(by_x_forwarded_for("10.0.0.9, 10.0.0.1"), "10.0.0.9") << "all are trusted";
}

TEST(Forwarded, Ports) {
  EXPECT_EQ(by_x_forwarded_for("203.0.113.9:1234"), "203.0.113.9");
  EXPECT_EQ(by_x_forwarded_for("[2001:db8:2:3::4]:443"), "2001:db8:2:3::/64");
  EXPECT_EQ(by_x_forwarded_for("2001:db8:2:3::4"), "2001:db8:2:3::/64");
  EXPECT_EQ(by_forwarded("for=\"203.0.113.9:1234\""), "203.0.113.9");
  EXPECT_EQ(by_forwarded("For=\"[2001:db8:2:3::4]:_port\";proto=http"), "2001:db8:2:3::/64");
}

TEST(Forwarded, WhoHidesCountsAsWhoWroteIt) {
  for (const char* hidden : {"for=unknown", "for=_hidden", "for=\"_x:80\"", "for=Unknown", "proto=http"}) {
    EXPECT_EQ(by_forwarded(hidden), "127.0.0.1") << hidden;
    EXPECT_EQ(by_forwarded(std::string("for=1.1.1.1, ") + hidden + ", for=10.0.0.1"), "10.0.0.1") << hidden;
  }
  EXPECT_EQ(by_x_forwarded_for("1.1.1.1, unknown"), "127.0.0.1");
}

TEST(Forwarded, WhatCannotBeReadIsThePeers) {
  for (const char* text :
       {"nonsense", "203.0.113.9.1", "203.0.113.9, ", ",", "1.1.1.1 2.2.2.2", "203.0.113.9:", "203.0.113.9:x",
        "203.0.113.9:123456", "[203.0.113.9]", "[2001:db8::1", "2001:db8::1]", "300.1.1.1", "127.1",
        "203.0.113.9%eth0", "for=203.0.113.9", "1.1.1.1, nonsense, 10.0.0.1"})
    EXPECT_EQ(by_x_forwarded_for(text), "127.0.0.1") << text;
  for (const char* text :
       {"203.0.113.9", "for", "for=", "=203.0.113.9", "for =203.0.113.9", "for= 203.0.113.9",
        "for=203.0.113.9:1234", "for=2001:db8::1", "for=\"2001:db8::1\"", "for=\"203.0.113.9",
        "for=\"203.0.113.9\\", "for=203.0.113.9;for=1.1.1.1", "for=203.0.113.9 proto=http", "f@r=1.1.1.1",
        "for=203.0.113.9;proto=http;proto=https", "for=\"\""})
    EXPECT_EQ(by_forwarded(text), "127.0.0.1") << text;
}

TEST(Forwarded, QuotedPairsAreRead) {
  EXPECT_EQ(by_forwarded(R"(for="203.0\.113.9";host="a,b;c\"d")"), "203.0.113.9");
}

TEST(Forwarded, TwoThatContradictAreThePeers) {
  // A proxy that writes one and passes the other on lets its clients write it.
  EXPECT_EQ(host({"for=203.0.113.9", "203.0.113.9", {}}), "203.0.113.9");
  EXPECT_EQ(host({"for=1.1.1.1", "203.0.113.9", {}}), "127.0.0.1");
  EXPECT_EQ(host({"nonsense", "203.0.113.9", {}}), "127.0.0.1");
  EXPECT_EQ(host({"for=203.0.113.9", "nonsense", {}}), "127.0.0.1");
}

TEST(Forwarded, TheScheme) {
  const auto https = [](const ForwardedHeaders& headers) { return origin("127.0.0.1", headers).https; };
  EXPECT_TRUE(https({{}, {}, "https"}));
  EXPECT_EQ(host({{}, {}, "https"}), "127.0.0.1");
  EXPECT_TRUE(https({{}, "203.0.113.9", "HTTPS"}));
  EXPECT_FALSE(https({{}, "203.0.113.9", "http"}));
  EXPECT_FALSE(https({{}, "203.0.113.9", {}}));
  EXPECT_FALSE(https({{}, "203.0.113.9", "ht tps"}));
  EXPECT_TRUE(https({{}, "203.0.113.9, 10.0.0.1", "https, http"}));
  EXPECT_FALSE(https({{}, "203.0.113.9, 10.0.0.1", "http, https"}));
  EXPECT_FALSE(https({{}, "1.1.1.1, 203.0.113.9", "https, http"})) << "the left is the client's word";
  EXPECT_TRUE(https({"for=203.0.113.9;proto=https", {}, {}}));
  EXPECT_FALSE(https({"for=203.0.113.9;proto=https", {}, "http"}));
  EXPECT_FALSE(https({"for=1.1.1.1;proto=https, for=203.0.113.9;proto=http", {}, {}}));
}

TEST(Forwarded, NothingBreaksIt) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::string_view pieces[] = {"for",   "=",     ";",       ",",    "\"",      "\\", "[",
                                     "]",     ":",     "_",       "1",    "::1",     " ",  "\t",
                                     "proto", "https", "unknown", "\xff", "10.0.0.1"};
  for (int i = 0; i < 20'000; ++i) {
    std::string texts[3];
    for (std::string& text : texts)
      for (auto n = random() % 12; n > 0; --n) text += pieces[random() % std::size(pieces)];
    const auto outside = origin("192.0.2.1", {texts[0], texts[1], texts[2]});
    ASSERT_EQ(outside.address.host(), "192.0.2.1");
    static_cast<void>(origin("10.0.0.7", {texts[0], texts[1], texts[2]}));
  }
}

}  // namespace
}  // namespace diary::http
