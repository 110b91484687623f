// SPDX-License-Identifier: Apache-2.0
#include "snapshot/tile_address.hpp"

#include <charconv>

#include "snapshot/world.hpp"

namespace diary::snapshot {
namespace {

constexpr std::string_view suffix = ".mvt";

// Digits without a sign or a zero before them; nothing from `end` on.
std::optional<std::uint32_t> number_below(std::uint32_t end, std::string_view text) {
  std::uint32_t value = 0;
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  const auto [rest, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || rest != text.data() + text.size() || value >= end) return std::nullopt;
  return value;
}

}  // namespace

BBox TileAddress::box() const {
  const double step = unit();
  const double west = static_cast<double>(x) * extent;
  const double north = static_cast<double>(y) * extent;
  return box_of_world((west - buffer) * step, (north - buffer) * step, (west + extent + buffer) * step,
                      (north + extent + buffer) * step);
}

std::optional<TileAddress> parse_tile(std::string_view z, std::string_view x, std::string_view y) {
  if (!y.ends_with(suffix)) return std::nullopt;
  y.remove_suffix(suffix.size());
  const auto zoom = number_below(TileAddress::max_zoom + 1, z);
  if (!zoom) return std::nullopt;
  const auto column = number_below(1U << *zoom, x);
  const auto row = number_below(1U << *zoom, y);
  if (!column || !row) return std::nullopt;
  return TileAddress{static_cast<int>(*zoom), *column, *row};
}

}  // namespace diary::snapshot
