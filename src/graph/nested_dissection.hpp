// SPDX-License-Identifier: Apache-2.0
#pragma once

// An order of a street network's nodes for a contraction hierarchy: the network is cut in two by few nodes,
// each half again, and so on; the nodes of a cut come after the halves. Cuts are found by inertial flow
// (Schild, Sommer: On Balanced Separators in Road Networks, SEA 2015).

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace diary::graph {

// In a plane, in metres or any other unit.
struct Flat {
  float x = 0;
  float y = 0;
};

// The nodes, least important first. Edges name positions in `places`; loops and repetitions are allowed.
[[nodiscard]] std::vector<std::uint32_t> nested_dissection(
    std::span<const std::pair<std::uint32_t, std::uint32_t>> edges, std::span<const Flat> places);

}  // namespace diary::graph
