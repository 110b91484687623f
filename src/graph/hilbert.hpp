// SPDX-License-Identifier: Apache-2.0
#pragma once

// The number of a cell of 65,536 x 65,536 along a Hilbert curve: cells with near numbers lie near each other.

#include <cstdint>
#include <utility>

namespace diary::graph {

[[nodiscard]] constexpr std::uint32_t hilbert_number(std::uint32_t x, std::uint32_t y) {
  std::uint32_t number = 0;
  for (std::uint32_t side = 1U << 15; side > 0; side >>= 1U) {
    const std::uint32_t right = (x & side) != 0 ? 1 : 0;
    const std::uint32_t upper = (y & side) != 0 ? 1 : 0;
    number = number << 2U | ((3 * right) ^ upper);
    if (upper == 0) {
      if (right == 1) {
        x = 0xffff - x;
        y = 0xffff - y;
      }
      std::swap(x, y);
    }
  }
  return number;
}

}  // namespace diary::graph
