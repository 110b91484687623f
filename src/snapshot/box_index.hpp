// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which of many small boxes meet a box. Packed: neighbours lie together in leaves of 32, sixteen leaves in a
// group, and a query is three loops over arrays; a leaf that lies in the box as a whole is taken without a
// look at what it holds. What comes later lies behind, unsorted, until the owner packs anew. Not thread-safe.

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "domain/segment_query.hpp"

namespace diary::snapshot {

// Half the memory of doubles; rounded outwards, so that a box never misses what it should hold.
struct Bounds {
  float west;
  float south;
  float east;
  float north;
  [[nodiscard]] bool meets(const Bounds& other) const {
    return (west <= other.east) & (east >= other.west) & (south <= other.north) & (north >= other.south);
  }
  void include(const Bounds& other);
};

[[nodiscard]] Bounds bounds_of(const BBox& box);

class BoxIndex {
 public:
  using Slot = std::uint32_t;
  struct Item {
    Bounds bounds;
    Slot slot;
  };

  BoxIndex() = default;
  explicit BoxIndex(std::vector<Item> items);

  void insert(const Item& item) { loose_.push_back(item); }
  void remove(Slot slot);
  // Whether so many are loose that packing anew pays.
  [[nodiscard]] bool is_untidy() const { return loose_.size() > least_untidy + slots_.size() / 64; }
  [[nodiscard]] std::vector<Item> items() const;
  // Around all items, and perhaps around some that are gone.
  [[nodiscard]] std::optional<Bounds> bounds() const;

  // Calls all_within(slots) for leaves that lie in the box as a whole, and near(bounds, slot) for each other
  // item whose bounds meet it.
  template <class AllWithin, class Near>
  void find(const BBox& box, AllWithin all_within, Near near) const {
    const Bounds wanted = bounds_of(box);
    for (std::size_t group = 0; group < groups_.size(); ++group) {
      if (!groups_[group].meets(wanted)) continue;
      const std::size_t end = std::min(leaves_.size(), (group + 1) * leaves_of_group);
      for (std::size_t leaf = group * leaves_of_group; leaf < end; ++leaf) {
        const Bounds& bounds = leaves_[leaf];
        if (!bounds.meets(wanted)) continue;
        const std::size_t from = leaf * items_of_leaf;
        const std::size_t to = std::min(slots_.size(), from + items_of_leaf);
        if (!has_gaps_[leaf] && bounds.west >= box.west && bounds.east <= box.east &&
            bounds.south >= box.south && bounds.north <= box.north) {
          all_within(std::span(slots_).subspan(from, to - from));
          continue;
        }
        for (std::uint32_t met = packed_[leaf].met_by(wanted); met != 0; met &= met - 1) {
          const auto i = static_cast<std::size_t>(std::countr_zero(met));
          if (slots_[from + i] != gone) near(packed_[leaf].item(i), slots_[from + i]);
        }
      }
    }
    for (const Item& item : loose_)
      if (item.bounds.meets(wanted)) near(item.bounds, item.slot);
  }

  // Calls look(slot) for each item whose bounds meet the box.
  template <class Look>
  void each(const BBox& box, Look look) const {
    find(
        box, [&](std::span<const Slot> slots) { std::ranges::for_each(slots, look); },
        [&](const Bounds&, Slot slot) { look(slot); });
  }

 private:
  static constexpr std::size_t items_of_leaf = 32;
  static constexpr std::size_t leaves_of_group = 16;
  static constexpr std::size_t least_untidy = 512;
  static constexpr Slot gone = 0xffffffff;

  // Edge by edge, so that four items are looked at in one go.
  class Leaf {
   public:
    Leaf();
    void put(std::size_t i, const Bounds& bounds);
    [[nodiscard]] Bounds item(std::size_t i) const {
      return {west_[i / 4][i % 4], south_[i / 4][i % 4], east_[i / 4][i % 4], north_[i / 4][i % 4]};
    }
    // A bit for each item that meets the box.
    [[nodiscard]] std::uint32_t met_by(const Bounds& box) const {
      Bits met{};
      Bits bit{1, 2, 4, 8};
      for (std::size_t i = 0; i < fours; ++i, bit <<= 4) {
        const auto meets = (west_[i] <= box.east) & (east_[i] >= box.west) & (south_[i] <= box.north) &
                           (north_[i] >= box.south);
        met |= reinterpret_cast<Bits>(meets) & bit;
      }
      return met[0] | met[1] | met[2] | met[3];
    }

   private:
    using Four = float __attribute__((vector_size(16)));
    using Bits = std::uint32_t __attribute__((vector_size(16)));
    static constexpr std::size_t fours = items_of_leaf / 4;
    using Edges = std::array<Four, fours>;
    Edges west_, south_, east_, north_;
  };

  std::vector<Leaf> packed_;  // bounds of items
  std::vector<Slot> slots_;   // theirs; gone: removed
  std::vector<Bounds> leaves_;
  std::vector<char> has_gaps_;  // of leaves: something of it was removed
  std::vector<Bounds> groups_;
  std::vector<Slot> places_;  // by slot: where in packed_, or none
  std::vector<Item> loose_;
};

}  // namespace diary::snapshot
