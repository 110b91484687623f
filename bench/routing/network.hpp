// SPDX-License-Identifier: Apache-2.0
#pragma once

// Street networks to measure on: those of files, and larger ones laid out of many copies of one.

#include <filesystem>
#include <vector>

#include "graph/street.hpp"

namespace diary::bench {

// The lattice of bench/city.mjs: 160 x 160 corners, 0.001 degrees apart.
[[nodiscard]] std::vector<graph::Street> lattice();

[[nodiscard]] std::vector<graph::Street> read_network(const std::filesystem::path& file);

// side * side copies, each other one mirrored, so that the same junctions face each other across a seam,
// where streets join them; every junction is moved by up to a few metres, so that no two copies are alike.
[[nodiscard]] std::vector<graph::Street> tiled(const std::vector<graph::Street>& city, int side,
                                               std::uint64_t seed);

}  // namespace diary::bench
