// SPDX-License-Identifier: Apache-2.0
#pragma once

// The demo city: Center City Philadelphia and its neighbours as a connected street network, always the same.

#include <vector>

#include "demo/facts.hpp"
#include "domain/segment.hpp"

namespace diary::demo {

struct CitySegment {
  NewSegment segment;
  Kind kind{};
  GridPoint middle{};
};

// In the order of the tables. Identifiers read "phl_market-st_1500": street and the house number where the
// piece begins, which is a multiple of 100 exactly where a block begins.
[[nodiscard]] const std::vector<CitySegment>& city();

}  // namespace diary::demo
