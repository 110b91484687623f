// SPDX-License-Identifier: Apache-2.0
// What is taken from the set is what sorting gives.
#include "snapshot/rank_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace diary::snapshot {
namespace {

std::vector<std::uint32_t> taken(const RankSet& set, std::size_t from, std::size_t skipped,
                                 std::size_t most) {
  std::vector<std::uint32_t> numbers;
  set.each(from, skipped, [&](std::uint32_t number) {
    numbers.push_back(number);
    return numbers.size() < most;
  });
  return numbers;
}

TEST(RankSet, HasNothingAtFirstAndAfterABeginning) {
  RankSet set;
  EXPECT_TRUE(taken(set, 0, 0, 10).empty());
  set.begin(1);
  set.add(0);
  EXPECT_EQ(taken(set, 0, 0, 10), std::vector<std::uint32_t>{0});
  set.begin(0);
  EXPECT_TRUE(taken(set, 0, 0, 10).empty());
  EXPECT_EQ(set.size(), 0U);
}

TEST(RankSet, TakesWhatSortingTakes) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  RankSet set;
  for (int round = 0; round < 2000; ++round) {
    const std::size_t bound = 1 + random() % (round % 2 == 0 ? 300 : 20'000);
    std::set<std::uint32_t> numbers;
    for (std::size_t i = random() % 600; i-- > 0;)
      numbers.insert(static_cast<std::uint32_t>(random() % bound));
    set.begin(bound);
    std::vector<std::uint32_t> shuffled(numbers.begin(), numbers.end());
    std::ranges::shuffle(shuffled, random);
    for (const std::uint32_t number : shuffled) set.add(number);
    ASSERT_EQ(set.size(), numbers.size());
    const std::size_t from = random() % 3 == 0 ? 0 : random() % (bound + 100);
    const std::size_t skipped = random() % 2 == 0 ? 0 : random() % 700;
    const std::size_t most = 1 + random() % 150;
    std::vector<std::uint32_t> expected;
    std::size_t left = skipped;
    for (auto it = numbers.lower_bound(static_cast<std::uint32_t>(from)); it != numbers.end(); ++it) {
      if (left > 0)
        --left;
      else if (expected.size() < most)
        expected.push_back(*it);
    }
    ASSERT_EQ(taken(set, from, skipped, most), expected) << bound << " " << from << " " << skipped;
  }
}

}  // namespace
}  // namespace diary::snapshot
