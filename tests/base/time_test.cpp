// SPDX-License-Identifier: Apache-2.0
#include "base/time.hpp"

#include <gtest/gtest.h>

namespace diary {
namespace {

TEST(Rfc3339, RoundTripsMicroseconds) {
  const auto time = parse_rfc3339("2026-02-28T23:59:59.123456Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(to_rfc3339(*time), "2026-02-28T23:59:59.123456Z");
}

TEST(Rfc3339, AppliesTheOffset) {
  EXPECT_EQ(to_rfc3339(parse_rfc3339("2026-03-01T01:30:00+02:00").value()), "2026-02-28T23:30:00Z");
  EXPECT_EQ(to_rfc3339(parse_rfc3339("2026-02-28T18:30:00-05:00").value()), "2026-02-28T23:30:00Z");
}

TEST(Rfc3339, CutsBeyondMicroseconds) {
  EXPECT_EQ(to_rfc3339(parse_rfc3339("2026-01-01T00:00:00.1234569Z").value()), "2026-01-01T00:00:00.123456Z");
}

TEST(Rfc3339, RefusesEverythingElse) {
  for (const char* text : {"", "2026", "2026-01-01", "2026-01-01T00:00:00", "2026-02-29T00:00:00Z",
                           "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
                           "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+24:00",
                           "2026-01-01T00:00:00Z ", "1969-12-31T23:59:59Z", "2026-01-01T00:00:00+1:00"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

}  // namespace
}  // namespace diary
