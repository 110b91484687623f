// SPDX-License-Identifier: Apache-2.0
// The index finds what a look at every box finds, however its content came and went.
#include "snapshot/box_index.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace diary::snapshot {
namespace {

class Boxes {
 public:
  explicit Boxes(std::uint64_t seed) : random_(seed) {}

  [[nodiscard]] BBox box(double most) {
    const double west = pick(-1, 1);
    const double south = pick(-1, 1);
    return {west, south, west + pick(0, most), south + pick(0, most)};
  }
  void add(BoxIndex::Slot slot, const BBox& box) {
    const BoxIndex::Item item{bounds_of(box), slot};
    all_[slot] = item.bounds;
    index.insert(item);
  }
  void remove(BoxIndex::Slot slot) {
    all_.erase(slot);
    index.remove(slot);
  }
  void pack() { index = BoxIndex(index.items()); }
  // By the index, each once, and by looking at all; what the index says lies within does.
  void expect_same(const BBox& wanted) {
    std::multiset<BoxIndex::Slot> found;
    index.find(
        wanted,
        [&](std::span<const BoxIndex::Slot> slots) {
          for (const auto slot : slots) {
            const Bounds& bounds = all_.at(slot);
            EXPECT_TRUE(bounds.west >= wanted.west && bounds.east <= wanted.east &&
                        bounds.south >= wanted.south && bounds.north <= wanted.north);
            found.insert(slot);
          }
        },
        [&](const Bounds&, BoxIndex::Slot slot) { found.insert(slot); });
    std::multiset<BoxIndex::Slot> expected;
    for (const auto& [slot, bounds] : all_)
      if (bounds.meets(bounds_of(wanted))) expected.insert(slot);
    EXPECT_EQ(found, expected);
  }
  [[nodiscard]] double pick(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }

  BoxIndex index;

 private:
  std::mt19937_64 random_;
  std::map<BoxIndex::Slot, Bounds> all_;
};

TEST(BoxIndex, FindsWhatALookAtAllFinds) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  Boxes boxes(seed);
  const auto look = [&] {
    for (int i = 0; i < 60; ++i) boxes.expect_same(boxes.box(i % 3 == 0 ? 2 : 0.3));
    boxes.expect_same({-3, -3, 3, 3});
    boxes.expect_same({5, 5, 6, 6});
  };
  look();  // empty
  BoxIndex::Slot next = 0;
  for (const int count : {1, 31, 1, 700, 900, 3000}) {
    for (int i = 0; i < count; ++i) boxes.add(next++, boxes.box(0.02));
    look();
    boxes.pack();
    EXPECT_FALSE(boxes.index.is_untidy());
    look();
    for (int i = 0; i < 40; ++i) {  // packed ones go, and come elsewhere; some of those go again
      const auto slot = static_cast<BoxIndex::Slot>(boxes.pick(0, next));
      boxes.remove(slot);
      if (i % 2 == 0) boxes.add(slot, boxes.box(0.02));
      if (i % 4 == 0) boxes.remove(slot);
    }
    look();
  }
  for (BoxIndex::Slot slot = 0; slot < next; ++slot) boxes.remove(slot);
  look();
  EXPECT_TRUE(boxes.index.items().empty());
}

TEST(BoxIndex, IsUntidyAfterMuchHasCome) {
  Boxes boxes(1);
  int added = 0;
  for (; !boxes.index.is_untidy(); ++added) boxes.add(static_cast<BoxIndex::Slot>(added), boxes.box(0.1));
  EXPECT_GT(added, 100);
  EXPECT_LT(added, 2000);
  boxes.pack();
  EXPECT_FALSE(boxes.index.is_untidy());
}

}  // namespace
}  // namespace diary::snapshot
