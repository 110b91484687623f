// SPDX-License-Identifier: Apache-2.0
#include "domain/tags.hpp"

#include <gtest/gtest.h>

namespace diary {
namespace {

std::string times(int n, const std::string& text) {
  std::string out;
  for (int i = 0; i < n; ++i) out += text;
  return out;
}

TEST(NormalizeTag, TrimsAndLowers) {
  EXPECT_EQ(normalize_tag("  Well Lit\t"), "well lit");
  EXPECT_EQ(normalize_tag("ÀÉÎÕÜ"), "àéîõü");
  EXPECT_EQ(normalize_tag("ТЕМНО"), "темно");
  EXPECT_EQ(normalize_tag("ΑΘΗΝΑ"), "αθηνα");
  EXPECT_EQ(normalize_tag("街灯🚶"), "街灯🚶");
  EXPECT_EQ(normalize_tag("\xC2\xA0x\xC2\xA0"), "x");  // no-break spaces
}

TEST(NormalizeTag, IsItsOwnNormalForm) {
  for (const char* text : {"a", "well lit", "àéîõü", "街灯🚶", "ß", "ǆ"})
    EXPECT_EQ(normalize_tag(text), text);
}

TEST(NormalizeTag, CountsCodePointsAfterTrimming) {
  EXPECT_EQ(normalize_tag(times(50, "x")), times(50, "x"));
  EXPECT_FALSE(normalize_tag(times(51, "x")));
  EXPECT_EQ(normalize_tag(times(50, "🚶")), times(50, "🚶"));
  EXPECT_FALSE(normalize_tag(times(51, "🚶")));
  EXPECT_EQ(normalize_tag("   " + times(50, "é") + "   "), times(50, "é"));
}

TEST(NormalizeTag, RefusesWhatIsNoTag) {
  for (const std::string& text : {std::string(""), std::string("   "), std::string("a\nb"),
                                  std::string("a\0b", 3), std::string("\x7f"), std::string("a\x1b[31m")})
    EXPECT_FALSE(normalize_tag(text)) << text;
}

TEST(NormalizeTag, RefusesWhatIsNoUtf8) {
  for (const char* text : {"\xff", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                           "\xf8\x88\x80\x80\x80", "a\x80"})
    EXPECT_FALSE(normalize_tag(text)) << text;
}

}  // namespace
}  // namespace diary
