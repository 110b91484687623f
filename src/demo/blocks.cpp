// SPDX-License-Identifier: Apache-2.0
#include "demo/blocks.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

namespace diary::demo {
namespace {

enum class Axis { east_west, north_south };

// "15th" means "15th St", "Washington" the avenue, "Columbus" the boulevard.
bool means(std::string_view said, std::string_view name) {
  if (name == said) return true;
  if (!name.starts_with(said)) return false;
  const std::string_view rest = name.substr(said.size());
  return rest == " St" || rest == " Ave" || rest == " Blvd";
}

// Where `path` crosses the line at `at_m` of a street along `axis`, measured along that street; of several
// places the one closest to `near_m`.
std::optional<double> crossing(const Path& path, Axis axis, double at_m, double near_m) {
  std::optional<double> best;
  for (std::size_t i = 1; i < path.size(); ++i) {
    const bool flat = axis == Axis::east_west;
    const double from = flat ? path[i - 1].v : path[i - 1].u;
    const double to = flat ? path[i].v : path[i].u;
    if (from == to || (from - at_m) * (to - at_m) > 0) continue;
    const double share = (at_m - from) / (to - from);
    const double along =
        flat ? std::lerp(path[i - 1].u, path[i].u, share) : std::lerp(path[i - 1].v, path[i].v, share);
    if (!best || std::abs(along - near_m) < std::abs(*best - near_m)) best = along;
  }
  return best;
}

std::optional<double> place_on_grid(std::string_view said, Axis axis) {
  for (const GridStreet& street : axis == Axis::east_west ? north_south_streets() : east_west_streets()) {
    if (means(said, street.name)) return street.at_m;
  }
  double metres = 0;
  const auto [end, ec] = std::from_chars(said.data(), said.data() + said.size(), metres);
  if (ec == std::errc{} && end == said.data() + said.size()) return metres;
  return std::nullopt;
}

double place(std::string_view said, Axis axis, double at_m, double near_m) {
  if (const auto found = place_on_grid(said, axis)) return *found;
  for (const FreeStreet& street : free_streets()) {
    if (!means(said, street.name)) continue;
    if (const auto found = crossing(street.path, axis, at_m, near_m)) return *found;
  }
  throw std::logic_error("no street is called " + std::string(said));
}

std::string_view next_range(std::string_view& ranges) {
  const auto comma = ranges.find(", ");
  const std::string_view range = ranges.substr(0, comma);
  ranges = comma == std::string_view::npos ? std::string_view{} : ranges.substr(comma + 2);
  return range;
}

void add_runs(std::vector<Run>& runs, const GridStreet& street, Axis axis) {
  std::string_view ranges = street.blocks;
  while (!ranges.empty()) {
    const std::string_view range = next_range(ranges);
    const auto dots = range.find("..");
    if (dots == std::string_view::npos) throw std::logic_error("no range: " + std::string(range));
    const std::string_view last = range.substr(dots + 2);
    const double near_m = place_on_grid(last, axis).value_or(0);
    const double from = place(range.substr(0, dots), axis, street.at_m, near_m);
    const double to = place(last, axis, street.at_m, from);
    const bool flat = axis == Axis::east_west;
    runs.push_back(
        {std::string(street.name), flat ? Numbering::westward : Numbering::from_market, street.kind,
         flat ? Path{{from, street.at_m}, {to, street.at_m}} : Path{{street.at_m, from}, {street.at_m, to}}});
  }
}

}  // namespace

std::vector<Run> all_runs() {
  std::vector<Run> runs;
  for (const GridStreet& street : east_west_streets()) add_runs(runs, street, Axis::east_west);
  for (const GridStreet& street : north_south_streets()) add_runs(runs, street, Axis::north_south);
  for (const FreeStreet& street : free_streets())
    runs.push_back({std::string(street.name), street.numbering, street.kind, street.path});
  return runs;
}

}  // namespace diary::demo
