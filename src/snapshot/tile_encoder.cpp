// SPDX-License-Identifier: Apache-2.0
#include "snapshot/tile_encoder.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "snapshot/tile_layer.hpp"

namespace diary::snapshot {
namespace {

constexpr int cells = 64;  // along a side of layer coverage
constexpr int cell_side = TileAddress::extent / cells;
constexpr double tolerance = 4;  // units: a quarter of a pixel where a tile has 256

std::int64_t to_hundredths(double value) {
  return std::llround(value * 100);
}

// Where in the tile a point of the world lies, in units.
class Frame {
 public:
  explicit Frame(const TileAddress& address)
      : west_(std::int64_t{address.x} * address.unit() * TileAddress::extent),
        north_(std::int64_t{address.y} * address.unit() * TileAddress::extent),
        of_step_(1.0 / address.unit()) {}
  [[nodiscard]] TilePoint operator()(const WorldPoint& point) const {
    return {static_cast<double>(point.x - west_) * of_step_,
            static_cast<double>(point.y - north_) * of_step_};
  }

 private:
  std::int64_t west_;
  std::int64_t north_;
  double of_step_;
};

// Of all segments whose middles lie in a square.
struct Cell {
  std::uint64_t count = 0;
  double confidence = 0;
  double length_m = 0;
  double mean_by_length = 0;
};

class Coverage {
 public:
  void add(const MappedSegment& segment, const Frame& frame, const Score& shown) {
    const TilePoint middle = frame(segment.line[segment.line.size() / 2]);
    if (middle.x < 0 || middle.y < 0 || middle.x >= TileAddress::extent || middle.y >= TileAddress::extent)
      return;
    const auto column = static_cast<std::size_t>(middle.x) / cell_side;
    const auto row = static_cast<std::size_t>(middle.y) / cell_side;
    Cell& cell = cells_[row * cells + column];
    const double length_m = std::max(1, segment.length_cm) / 100.0;
    ++cell.count;
    cell.confidence += static_cast<double>(shown.confidence) / 100;
    cell.length_m += length_m;
    cell.mean_by_length += length_m * static_cast<double>(shown.mean) / 100;
  }

  void write(std::string& tile) const {
    TileLayer layer("coverage", {"segment_count", "mean_confidence", "decayed_mean", "length_km"});
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const Cell& cell = cells_[i];
      if (cell.count == 0) continue;
      const auto count = static_cast<double>(cell.count);
      const std::array values{layer.count(cell.count),
                              layer.hundredths(to_hundredths(cell.confidence / count)),
                              layer.hundredths(to_hundredths(cell.mean_by_length / cell.length_m)),
                              layer.hundredths(to_hundredths(cell.length_m / 1000))};
      layer.add_square(i + 1, values, static_cast<std::int32_t>(i % cells) * cell_side,
                       static_cast<std::int32_t>(i / cells) * cell_side, cell_side);
    }
    if (!layer.empty()) layer.finish(tile);
  }

 private:
  std::vector<Cell> cells_ = std::vector<Cell>(std::size_t{cells} * cells);
};

// The lines of layer segments, in the order in which they are added.
class Lines {
 public:
  Lines(const Frame& frame, double decay) : frame_(frame), decay_(decay) {}

  void add(const MappedSegment& segment) {
    line_.clear();
    for (const WorldPoint& point : segment.line) line_.push_back(frame_(point));
    simplify(line_, tolerance);
    parts_.clear();
    clip(line_, -TileAddress::buffer, TileAddress::extent + TileAddress::buffer, parts_);
    if (parts_.ends.empty()) return;
    const Score shown = score(segment.w, segment.s, decay_);
    const auto [street, is_new] = streets_.try_emplace(segment.street_number, 0);
    if (is_new) street->second = layer_.text(segment.street);
    const std::array values{layer_.text(segment.segment_id),      street->second,
                            layer_.hundredths(segment.length_cm), layer_.hundredths(shown.mean),
                            layer_.hundredths(shown.n_eff),       layer_.hundredths(shown.confidence),
                            layer_.hundredths(segment.delta_30d)};
    layer_.add_lines(feature_id(segment.segment_id), values, parts_);
  }

  [[nodiscard]] bool full() const { return layer_.bytes() > tile_limits::bytes - largest; }
  [[nodiscard]] const TileLayer& layer() const { return layer_; }

 private:
  // Of one feature with its texts; a line of more is the last one of its tile.
  static constexpr std::size_t largest = 4096;

  Frame frame_;
  double decay_;
  TileLayer layer_{"segments",
                   {"segment_id", "street", "length_m", "decayed_mean", "n_eff", "confidence", "delta_30d"}};
  std::unordered_map<std::uint32_t, TileLayer::Value> streets_;
  std::vector<TilePoint> line_;
  TileParts parts_;
};

// Longest streets first; of one length, in an order that is always the same.
bool goes_before(const MappedSegment& a, const MappedSegment& b) {
  if (a.street_m != b.street_m) return a.street_m > b.street_m;
  return a.segment_id < b.segment_id;
}

}  // namespace

double least_street_m(int zoom) {
  constexpr std::array<double, 5> at{8000, 4000, 2000, 1000, 400};  // zoom 8 and on
  const int from = zoom - tile_limits::first_zoom_of_segments;
  return from < 0 ? HUGE_VAL : from < static_cast<int>(at.size()) ? at[static_cast<std::size_t>(from)] : 0;
}

std::uint64_t feature_id(std::string_view segment_id) {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (const char c : segment_id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return (hash ^ hash >> 53) & ((std::uint64_t{1} << 53) - 1);
}

std::string encode_tile(const City& city, const TileAddress& address, Time at) {
  const Frame frame(address);
  const double decay = decay_at(at);
  const bool covers = address.z <= tile_limits::last_zoom_of_coverage;
  const double least_m = least_street_m(address.z);
  Coverage coverage;
  Lines lines(frame, decay);
  std::vector<MappedSegment> drawn;
  // What is visited lives as long as the visit.
  const auto collect = [&](const MappedSegment& segment) {
    if (covers) coverage.add(segment, frame, score(segment.w, segment.s, decay));
    if (segment.street_m >= least_m) drawn.push_back(segment);
  };
  const auto write = [&] {
    if (drawn.size() > tile_limits::features) {
      const auto end = drawn.begin() + static_cast<std::ptrdiff_t>(tile_limits::features);
      std::nth_element(drawn.begin(), end, drawn.end(), goes_before);
      drawn.erase(end, drawn.end());
    }
    for (const MappedSegment& segment : drawn) lines.add(segment);
    if (lines.layer().bytes() <= tile_limits::bytes) return;
    std::ranges::sort(drawn, goes_before);
    lines = Lines(frame, decay);
    for (auto segment = drawn.begin(); segment != drawn.end() && !lines.full(); ++segment)
      lines.add(*segment);
  };
  city.visit(address.box(), collect, write);
  std::string tile;
  if (!lines.layer().empty()) lines.layer().finish(tile);
  if (covers) coverage.write(tile);
  return tile;
}

}  // namespace diary::snapshot
