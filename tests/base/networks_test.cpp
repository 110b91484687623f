// SPDX-License-Identifier: Apache-2.0
#include "base/networks.hpp"

#include <gtest/gtest.h>

namespace diary {
namespace {

bool contain(const char* list, const char* address) {
  return Networks::parse(list).value().contain(IpAddress::parse(address).value());
}

TEST(IpAddress, StandsForOneHousehold) {
  const auto host = [](const char* text) { return IpAddress::parse(text).value().host(); };
  EXPECT_EQ(host("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(host("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(host("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(host("2001:db8:1:2:ffff::"), "2001:db8:1:2::/64");
  EXPECT_NE(host("2001:db8:1:2::1"), host("2001:db8:1:3::1"));
  EXPECT_EQ(host("::1"), "::/64");
}

TEST(IpAddress, RefusesWhatIsNone) {
  for (const char* text : {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "[::1]", "::1%lo",
                           ":::", "1.2.3.4:80", "localhost", "12345::", "1.2.3.4/8"})
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  EXPECT_FALSE(IpAddress::parse(std::string_view("1.2.3.4\0x", 9)));
  EXPECT_FALSE(IpAddress::parse(std::string(100'000, '1')));
}

TEST(Networks, Contain) {
  EXPECT_TRUE(contain("10.0.0.0/8", "10.255.255.255"));
  EXPECT_FALSE(contain("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(contain("192.0.2.128/25", "192.0.2.128"));
  EXPECT_FALSE(contain("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(contain("192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(contain("192.0.2.1", "192.0.2.2"));
  EXPECT_TRUE(contain("0.0.0.0/0", "8.8.8.8"));
  EXPECT_FALSE(contain("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(contain("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(contain("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(contain("::/0", "192.0.2.1")) << "everybody";
  EXPECT_TRUE(contain("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_TRUE(contain(" 10.0.0.1 ,\t::1,", "::1"));
  EXPECT_FALSE(contain("", "::1"));
}

TEST(Networks, NameWhatTheyRefuse) {
  for (const char* word : {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x", "::/129",
                           "proxy.example.org", "10.0.0/8", "10.0.0.0/8/8"}) {
    const auto made = Networks::parse("127.0.0.1, " + std::string(word));
    ASSERT_FALSE(made) << word;
    EXPECT_EQ(made.error().message, "\"" + std::string(word) + "\" is no address or network");
  }
  for (const char* word : {"10.0.0.1/8", "2001:db8::1/64", "0.0.0.1/0"})
    EXPECT_EQ(Networks::parse(word).error().message,
              "\"" + std::string(word) + "\" has bits set behind its prefix");
}

}  // namespace
}  // namespace diary
