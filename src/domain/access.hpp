// SPDX-License-Identifier: Apache-2.0
#pragma once

// The bits of diary.segments.access: who may go along a street's line, and who against it.

#include <cstdint>

namespace diary::access {

constexpr std::uint8_t walk_along = 1;
constexpr std::uint8_t walk_against = 2;
constexpr std::uint8_t bike_along = 4;
constexpr std::uint8_t bike_against = 8;
constexpr std::uint8_t all = 15;

}  // namespace diary::access
