// SPDX-License-Identifier: Apache-2.0
#include "app/routing.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace diary {
namespace {

TEST(ThinnedCurve, KeepsAllThereIsRoomFor) {
  EXPECT_TRUE(thinned(0, 200).empty());
  EXPECT_EQ(thinned(1, 200), (std::vector<std::size_t>{0}));
  const auto all = thinned(200, 200);
  ASSERT_EQ(all.size(), 200U);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], i);
}

TEST(ThinnedCurve, KeepsBothEndsAndEvenSteps) {
  for (const std::size_t total : {201U, 399U, 400U, 1'000U, 12'345U}) {
    const auto kept = thinned(total, 200);
    ASSERT_EQ(kept.size(), 200U) << total;
    EXPECT_EQ(kept.front(), 0U);
    EXPECT_EQ(kept.back(), total - 1);
    std::size_t least = total;
    std::size_t most = 0;
    for (std::size_t i = 1; i < kept.size(); ++i) {
      least = std::min(least, kept[i] - kept[i - 1]);
      most = std::max(most, kept[i] - kept[i - 1]);
    }
    EXPECT_GE(least, 1U) << "none twice, of " << total;
    EXPECT_LE(most, least + 1) << total;
  }
}

}  // namespace
}  // namespace diary
