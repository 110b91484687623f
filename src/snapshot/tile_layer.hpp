// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writes one layer of a Mapbox vector tile, version 2.1. Keys are known beforehand; numbers stand there
// once each. Knows nothing of streets.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "snapshot/tile_line.hpp"

namespace diary::snapshot {

class TileLayer {
 public:
  using Value = std::uint32_t;

  TileLayer(std::string_view name, std::vector<std::string_view> keys);

  // The caller asks once for each text.
  [[nodiscard]] Value text(std::string_view text);
  [[nodiscard]] Value hundredths(std::int64_t number);
  [[nodiscard]] Value count(std::uint64_t number);

  // One value for each key, in their order.
  void add_lines(std::uint64_t id, std::span<const Value> values, const TileParts& parts);
  void add_square(std::uint64_t id, std::span<const Value> values, std::int32_t x, std::int32_t y,
                  std::int32_t side);

  [[nodiscard]] bool empty() const { return features_.empty(); }
  // About as many as finish() adds.
  [[nodiscard]] std::size_t bytes() const { return features_.size() + values_.size(); }
  void finish(std::string& tile) const;

 private:
  void add(std::uint64_t id, std::span<const Value> values, unsigned type);
  [[nodiscard]] Value add_number(std::int64_t hundredths);
  void move(std::int32_t x, std::int32_t y);

  static constexpr std::int64_t low = -400;  // what most numbers lie between
  static constexpr std::int64_t high = 1000;
  static constexpr Value none = 0xffffffff;

  std::string_view name_;
  std::vector<std::string_view> keys_;
  std::string features_;
  std::string values_;
  Value value_count_ = 0;
  std::array<Value, high - low> usual_;
  std::unordered_map<std::int64_t, Value> others_;
  std::unordered_map<std::uint64_t, Value> counts_;
  std::vector<std::uint32_t> tags_;
  std::vector<std::uint32_t> geometry_;
  TileUnit pen_{0, 0};
};

}  // namespace diary::snapshot
