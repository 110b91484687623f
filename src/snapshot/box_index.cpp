// SPDX-License-Identifier: Apache-2.0
#include "snapshot/box_index.hpp"

#include <cmath>
#include <limits>

namespace diary::snapshot {
namespace {

float below(double value) {
  const auto rounded = static_cast<float>(value);
  return static_cast<double>(rounded) <= value
             ? rounded
             : std::nextafter(rounded, -std::numeric_limits<float>::infinity());
}
float above(double value) {
  return -below(-value);
}

Bounds nothing() {
  constexpr float far = std::numeric_limits<float>::infinity();
  return {far, far, -far, -far};
}

float middle_lng(const BoxIndex::Item& item) {
  return item.bounds.west + item.bounds.east;
}
float middle_lat(const BoxIndex::Item& item) {
  return item.bounds.south + item.bounds.north;
}

// The bounds of each `count` that follow each other.
std::vector<Bounds> pack(std::span<const Bounds> inner, std::size_t count) {
  std::vector<Bounds> outer;
  outer.reserve(inner.size() / count + 1);
  for (std::size_t i = 0; i < inner.size(); ++i) {
    if (i % count == 0) outer.push_back(nothing());
    outer.back().include(inner[i]);
  }
  return outer;
}

}  // namespace

Bounds bounds_of(const BBox& box) {
  return {below(box.west), below(box.south), above(box.east), above(box.north)};
}

void Bounds::include(const Bounds& other) {
  west = std::min(west, other.west);
  south = std::min(south, other.south);
  east = std::max(east, other.east);
  north = std::max(north, other.north);
}

// Whoever has no item there meets no box.
BoxIndex::Leaf::Leaf() {
  for (std::size_t i = 0; i < items_of_leaf; ++i) put(i, nothing());
}

void BoxIndex::Leaf::put(std::size_t i, const Bounds& bounds) {
  west_[i / 4][i % 4] = bounds.west;
  south_[i / 4][i % 4] = bounds.south;
  east_[i / 4][i % 4] = bounds.east;
  north_[i / 4][i % 4] = bounds.north;
}

// Strips from south to north, as many as each has leaves, ordered within from west to east.
BoxIndex::BoxIndex(std::vector<Item> items) {
  const double leaves = std::ceil(static_cast<double>(items.size()) / items_of_leaf);
  const std::size_t strip = items_of_leaf * static_cast<std::size_t>(std::ceil(std::sqrt(leaves)));
  std::ranges::sort(items, {}, middle_lat);
  for (std::size_t from = 0; from < items.size(); from += strip) {
    const std::size_t to = std::min(items.size(), from + strip);
    std::ranges::sort(std::span(items).subspan(from, to - from), {}, middle_lng);
  }
  packed_.resize(static_cast<std::size_t>(leaves));
  slots_.reserve(items.size());
  std::vector<Bounds> bounds;
  bounds.reserve(items.size());
  for (const Item& item : items) {
    if (item.slot >= places_.size()) places_.resize(item.slot + 1, gone);
    const std::size_t place = slots_.size();
    places_[item.slot] = static_cast<Slot>(place);
    packed_[place / items_of_leaf].put(place % items_of_leaf, item.bounds);
    slots_.push_back(item.slot);
    bounds.push_back(item.bounds);
  }
  leaves_ = pack(bounds, items_of_leaf);
  has_gaps_.assign(leaves_.size(), 0);
  groups_ = pack(leaves_, leaves_of_group);
}

void BoxIndex::remove(Slot slot) {
  if (slot < places_.size() && places_[slot] != gone) {
    const Slot place = places_[slot];
    slots_[place] = gone;
    has_gaps_[place / items_of_leaf] = 1;
    places_[slot] = gone;
    return;
  }
  std::erase_if(loose_, [slot](const Item& item) { return item.slot == slot; });
}

std::optional<Bounds> BoxIndex::bounds() const {
  if (groups_.empty() && loose_.empty()) return std::nullopt;
  Bounds all = nothing();
  for (const Bounds& group : groups_) all.include(group);
  for (const Item& item : loose_) all.include(item.bounds);
  return all;
}

std::vector<BoxIndex::Item> BoxIndex::items() const {
  std::vector<Item> all = loose_;
  all.reserve(loose_.size() + slots_.size());
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i] != gone) all.push_back({packed_[i / items_of_leaf].item(i % items_of_leaf), slots_[i]});
  return all;
}

}  // namespace diary::snapshot
