// SPDX-License-Identifier: Apache-2.0
#pragma once

// Half a year of the demo city: who lives there and how its streets are, ready to be told.

#include <cstdint>
#include <vector>

#include "demo/chronicle.hpp"
#include "demo/city.hpp"

namespace diary::demo {

struct HistorySize {
  std::size_t users = 400;
  std::uint64_t ratings = 20'000;
  std::uint64_t votes = 4'000;
};

struct History {
  std::vector<SampleUser> users;
  Chronicle chronicle;
};

// The 180 days before `now`.
[[nodiscard]] History history(std::uint64_t seed, Time now, const HistorySize& size = {});

// Each street's character, in the order of city(). A few streets get clearly better in the last month, a few
// worse.
[[nodiscard]] std::vector<Character> characters(std::uint64_t seed);

}  // namespace diary::demo
