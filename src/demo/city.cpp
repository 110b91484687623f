// SPDX-License-Identifier: Apache-2.0
#include "demo/city.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

#include "demo/crossings.hpp"

namespace diary::demo {
namespace {

double number_at(std::span<const HouseNumber> table, double at_m) {
  const bool rising = table.back().at_m > table.front().at_m;
  std::size_t i = 1;
  while (i + 1 < table.size() && (rising ? table[i].at_m < at_m : table[i].at_m > at_m)) ++i;
  const HouseNumber a = table[i - 1];
  const HouseNumber b = table[i];
  return a.number + (b.number - a.number) * (at_m - a.at_m) / (b.at_m - a.at_m);
}

double number_of(Numbering numbering, GridPoint p) {
  if (numbering == Numbering::westward) return number_at(numbers_westward(), p.u);
  return number_at(p.v >= 0 ? numbers_north_market() : numbers_south_market(), p.v);
}

std::string full_name(const Run& run, GridPoint middle) {
  if (run.numbering != Numbering::from_market) return run.name;
  return (middle.v > 0 ? "N " : "S ") + run.name;
}

std::string slug(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == ' ') out += '-';
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

GridPoint middle_of(const Path& path) {
  double half = 0;
  for (std::size_t i = 1; i < path.size(); ++i) half += distance_m(path[i - 1], path[i]) / 2;
  for (std::size_t i = 1; i < path.size(); ++i) {
    const double leg = distance_m(path[i - 1], path[i]);
    if (half <= leg)
      return {std::lerp(path[i - 1].u, path[i].u, half / leg),
              std::lerp(path[i - 1].v, path[i].v, half / leg)};
    half -= leg;
  }
  return path.back();
}

// Pieces run from the lower house number to the higher, as a walker counts them.
Path in_order_of_numbers(const Run& run, Path path) {
  if (run.numbering != Numbering::sequence &&
      number_of(run.numbering, path.front()) > number_of(run.numbering, path.back()))
    std::ranges::reverse(path);
  return path;
}

class Numbers {
 public:
  long next(const std::string& street, const Run& run, GridPoint begin) {
    if (run.numbering == Numbering::sequence) return ++last_[street];
    return std::max(1L, std::lround(number_of(run.numbering, begin)));
  }

 private:
  std::map<std::string, long> last_;
};

CitySegment make_segment(const Run& run, const Piece& piece, Numbers& numbers) {
  const Path path = in_order_of_numbers(run, piece.path);
  const GridPoint middle = middle_of(path);
  CitySegment out{.segment = {}, .kind = run.kind, .middle = middle};
  out.segment.street = full_name(run, middle);
  const std::string street = slug(out.segment.street);
  out.segment.segment_id = fmt::format("phl_{}_{}", street, numbers.next(street, run, path.front()));
  out.segment.neighborhood = std::string(neighborhood_of(middle));
  for (const GridPoint p : path) out.segment.geometry.push_back(to_lng_lat(p));
  out.segment.length_m = std::round(length_m(out.segment.geometry) * 100) / 100;
  return out;
}

std::vector<CitySegment> build() {
  const std::vector<Run> runs = all_runs();
  Numbers numbers;
  std::set<std::string> seen;
  std::vector<CitySegment> segments;
  for (const Piece& piece : cut_at_crossings(runs).pieces) {
    segments.push_back(make_segment(runs[piece.run], piece, numbers));
    const std::string& id = segments.back().segment.segment_id;
    if (!seen.insert(id).second) throw std::logic_error("two pieces are called " + id);
  }
  return segments;
}

}  // namespace

const std::vector<CitySegment>& city() {
  static const std::vector<CitySegment> segments = build();
  return segments;
}

}  // namespace diary::demo
