// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a graph is built from: streets between numbered junctions.

#include <cstdint>
#include <string>
#include <vector>

#include "domain/access.hpp"
#include "domain/segment.hpp"

namespace diary::graph {

enum class Profile : std::uint8_t { walk, bike };

// The bits that a profile needs.
namespace access {
using namespace diary::access;
constexpr std::uint8_t along(Profile profile) {
  return profile == Profile::walk ? walk_along : bike_along;
}
constexpr std::uint8_t against(Profile profile) {
  return profile == Profile::walk ? walk_against : bike_against;
}
}  // namespace access

struct Street {
  std::string id;
  std::string name;
  // Junctions. Numbers below zero were derived from coordinates, and such that lie close are taken as one.
  std::int64_t source_node = 0;
  std::int64_t target_node = 0;
  double length_m = 0;  // > 0, at most 999,999.99
  std::uint8_t access = access::all;
  std::vector<LngLat> line;  // from source to target, two points or more
};

}  // namespace diary::graph
