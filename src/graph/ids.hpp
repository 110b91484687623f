// SPDX-License-Identifier: Apache-2.0
#pragma once

// Numbers of things in one RoadGraph. Another graph, even of the same streets, numbers anew.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace diary::graph {

template <class Tag>
struct Id {
  static constexpr std::uint32_t none_value = 0x3fffffff;
  std::uint32_t value = none_value;
  constexpr Id() = default;
  constexpr explicit Id(std::size_t number) : value(static_cast<std::uint32_t>(number)) {}
  [[nodiscard]] constexpr bool is_none() const { return value == none_value; }
  auto operator<=>(const Id&) const = default;
};

using NodeId = Id<struct NodeTag>;
using EdgeId = Id<struct EdgeTag>;

}  // namespace diary::graph

template <class Tag>
struct std::hash<diary::graph::Id<Tag>> {
  std::size_t operator()(diary::graph::Id<Tag> id) const noexcept { return id.value; }
};
