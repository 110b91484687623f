// SPDX-License-Identifier: Apache-2.0
#pragma once

// Random numbers that are the same with every standard library: the engine is specified bit by bit, the
// standard distributions are not, so these are our own and use no transcendental function.

#include <algorithm>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "base/uuid.hpp"

namespace diary::demo {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  double unit() { return static_cast<double>(engine_() >> 11U) * 0x1p-53; }  // [0, 1)
  bool chance(double probability) { return unit() < probability; }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(unit() * static_cast<double>(n)); }

  // Mean 0, deviation 1, never beyond 6.
  double bell() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += unit();
    return sum;
  }

  template <class T>
  const T& pick(std::span<const T> from) {
    return from[below(from.size())];
  }

  Uuid uuid() {
    Uuid id;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < id.bytes.size(); ++i, bits >>= 8U) {
      if (i % 8 == 0) bits = engine_();
      id.bytes[i] = static_cast<std::uint8_t>(bits & 0xffU);
    }
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0fU) | 0x40U);  // version 4
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3fU) | 0x80U);  // RFC 9562
    return id;
  }

 private:
  std::mt19937_64 engine_;
};

// Draws an index with a probability in proportion to its weight.
class Lottery {
 public:
  void add(double weight) { sums_.push_back((sums_.empty() ? 0 : sums_.back()) + weight); }
  [[nodiscard]] std::size_t draw(Random& random) const {
    const auto found = std::ranges::upper_bound(sums_, random.unit() * sums_.back());
    return std::min(static_cast<std::size_t>(found - sums_.begin()), sums_.size() - 1);
  }
  [[nodiscard]] std::size_t size() const { return sums_.size(); }

 private:
  std::vector<double> sums_;
};

}  // namespace diary::demo
