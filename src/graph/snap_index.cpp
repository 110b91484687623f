// SPDX-License-Identifier: Apache-2.0
#include "graph/snap_index.hpp"

#include <algorithm>
#include <functional>
#include <limits>

#include "graph/geometry.hpp"
#include "graph/hilbert.hpp"
#include "graph/plane.hpp"

// A packed R-tree: the pieces of all lines in the order of a Hilbert curve, sixteen to a leaf, sixteen boxes
// to a box. The coordinates stay where the graph has them.
namespace diary::graph {
namespace {

constexpr std::uint32_t fanout = 16;
constexpr double longest_reach_m = 50'000;  // beyond it a plane is no picture of the earth

struct Piece {
  EdgeId edge;
  std::uint32_t first = 0;  // point of the line
};

struct Box {
  Point low{std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::max()};
  Point high{std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::min()};
  void add(Point p) {
    low = {std::min(low.lng, p.lng), std::min(low.lat, p.lat)};
    high = {std::max(high.lng, p.lng), std::max(high.lat, p.lat)};
  }
};

// What was asked for, as the search meets it.
struct Question {
  LngLat at;
  Plane plane;
  Profile profile;
  SnapIndex::Parts parts;
  double reach_square;
  std::size_t most;

  [[nodiscard]] double square_to(const Box& box) const {
    const Metres low = plane.of(box.low);
    const Metres high = plane.of(box.high);
    const double east = std::max({low.east, -high.east, 0.0});
    const double north = std::max({low.north, -high.north, 0.0});
    // Less than it is by more than rounding, so that a box is never further than what is in it.
    return (east * east + north * north) * (1 - 1e-12);
  }
};

struct Found {
  double square = 0;
  Piece piece;
  double part = 0;
  bool operator<(const Found& other) const {
    return square != other.square ? square < other.square : piece.edge < other.piece.edge;
  }
};

// The nearest edges so far, nearest first.
class Nearby {
 public:
  explicit Nearby(const Question& question) : question_(question) {}

  // Nothing beyond it can matter any more.
  [[nodiscard]] double bound() const {
    return found_.size() < question_.most ? question_.reach_square : found_.back().square;
  }
  void offer(const Found& found) {
    if (found.square > bound()) return;
    const auto same =
        std::ranges::find(found_, found.piece.edge, [](const Found& f) { return f.piece.edge; });
    if (same != found_.end()) {
      if (found.square >= same->square) return;
      found_.erase(same);
    }
    found_.insert(std::upper_bound(found_.begin(), found_.end(), found), found);
    if (found_.size() > question_.most) found_.pop_back();
  }
  [[nodiscard]] const std::vector<Found>& found() const { return found_; }

 private:
  const Question& question_;
  std::vector<Found> found_;
};

}  // namespace

struct SnapIndex::Index {
  explicit Index(const RoadGraph& of);
  [[nodiscard]] std::vector<Place> search(const Question& question) const;

 private:
  struct Open {
    double square;
    std::uint32_t level;
    std::uint32_t number;
  };
  void sort_pieces();
  void build_levels();
  [[nodiscard]] bool allowed(EdgeId edge, const Question& question) const;
  void look_into_leaf(std::uint32_t leaf, const Question& question, Nearby& nearby) const;
  [[nodiscard]] Place place(const Found& found, const Question& question) const;

 public:
  const RoadGraph& graph;
  std::vector<Piece> pieces;
  std::vector<std::vector<Box>> levels;  // levels[0]: leaves; the last one has a single box
};

SnapIndex::Index::Index(const RoadGraph& of) : graph(of) {
  for (std::size_t i = 0; i < graph.edge_count(); ++i) {
    const auto line = graph.line(EdgeId(i));
    for (std::uint32_t first = 0; first + 1 < line.size(); ++first) pieces.push_back({EdgeId(i), first});
  }
  pieces.shrink_to_fit();
  sort_pieces();
  build_levels();
}

void SnapIndex::Index::sort_pieces() {
  Box all;
  for (const Piece& piece : pieces) all.add(graph.line(piece.edge)[piece.first]);
  std::vector<std::pair<std::uint32_t, Piece>> keyed;
  keyed.reserve(pieces.size());
  const auto scaled = [](std::int32_t value, std::int32_t low, std::int32_t high) {
    const double range = std::max(1.0, static_cast<double>(high) - low);
    return static_cast<std::uint32_t>(std::clamp((static_cast<double>(value) - low) / range, 0.0, 1.0) *
                                      65535);
  };
  for (const Piece& piece : pieces) {
    const Point at = graph.line(piece.edge)[piece.first];
    keyed.emplace_back(
        hilbert_number(scaled(at.lng, all.low.lng, all.high.lng), scaled(at.lat, all.low.lat, all.high.lat)),
        piece);
  }
  std::ranges::stable_sort(keyed, {}, [](const auto& k) { return k.first; });
  std::ranges::transform(keyed, pieces.begin(), [](const auto& k) { return k.second; });
}

void SnapIndex::Index::build_levels() {
  if (pieces.empty()) return;
  auto& leaves = levels.emplace_back((pieces.size() + fanout - 1) / fanout);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto line = graph.line(pieces[i].edge);
    leaves[i / fanout].add(line[pieces[i].first]);
    leaves[i / fanout].add(line[pieces[i].first + 1]);
  }
  while (levels.back().size() > 1) {
    std::vector<Box> above((levels.back().size() + fanout - 1) / fanout);
    for (std::size_t i = 0; i < levels.back().size(); ++i) {
      above[i / fanout].add(levels.back()[i].low);
      above[i / fanout].add(levels.back()[i].high);
    }
    levels.push_back(std::move(above));
  }
}

bool SnapIndex::Index::allowed(EdgeId edge, const Question& question) const {
  return question.parts == Parts::main_only
             ? graph.in_main_part(edge, question.profile)
             : graph.passable(edge, true, question.profile) || graph.passable(edge, false, question.profile);
}

void SnapIndex::Index::look_into_leaf(std::uint32_t leaf, const Question& question, Nearby& nearby) const {
  const std::size_t end = std::min<std::size_t>((leaf + std::size_t{1}) * fanout, pieces.size());
  for (std::size_t i = std::size_t{leaf} * fanout; i < end; ++i) {
    const auto line = graph.line(pieces[i].edge);
    const auto nearest = nearest_on_piece(question.plane.of(line[pieces[i].first]),
                                          question.plane.of(line[pieces[i].first + 1]));
    if (nearest.square <= nearby.bound() && allowed(pieces[i].edge, question))
      nearby.offer({nearest.square, pieces[i], nearest.part});
  }
}

Place SnapIndex::Index::place(const Found& found, const Question& question) const {
  const auto line = graph.line(found.piece.edge);
  const auto along_m = metres_along(line);
  const std::size_t i = found.piece.first;
  const double metres = along_m[i] + found.part * (along_m[i + 1] - along_m[i]);
  const double share = along_m.back() > 0 ? std::min(1.0, metres / along_m.back()) : 0;
  const Metres a = question.plane.of(line[i]);
  const Metres b = question.plane.of(line[i + 1]);
  return {found.piece.edge,
          static_cast<std::uint32_t>(std::llround(share * graph.edge(found.piece.edge).length_cm)),
          question.plane.degrees(
              {a.east + found.part * (b.east - a.east), a.north + found.part * (b.north - a.north)}),
          std::sqrt(found.square)};
}

// The nearest box first, until none left could hold anything that matters.
std::vector<Place> SnapIndex::Index::search(const Question& question) const {
  if (levels.empty() || question.most == 0) return {};
  Nearby nearby(question);
  std::vector<Open> open{
      {question.square_to(levels.back()[0]), static_cast<std::uint32_t>(levels.size() - 1), 0}};
  open.reserve(64);
  while (!open.empty() && open.front().square <= nearby.bound()) {
    const Open here = open.front();
    std::ranges::pop_heap(open, std::greater{}, &Open::square);
    open.pop_back();
    if (here.level == 0) {
      look_into_leaf(here.number, question, nearby);
      continue;
    }
    const auto& below = levels[here.level - 1];
    const std::size_t end = std::min<std::size_t>((here.number + std::size_t{1}) * fanout, below.size());
    for (std::size_t i = std::size_t{here.number} * fanout; i < end; ++i) {
      const double square = question.square_to(below[i]);
      if (square > nearby.bound()) continue;
      open.push_back({square, here.level - 1, static_cast<std::uint32_t>(i)});
      std::ranges::push_heap(open, std::greater{}, &Open::square);
    }
  }
  std::vector<Place> places;
  for (const Found& found : nearby.found()) places.push_back(place(found, question));
  return places;
}

SnapIndex::SnapIndex(const RoadGraph& graph) : index_(std::make_unique<Index>(graph)) {}
SnapIndex::~SnapIndex() = default;

std::optional<Place> SnapIndex::nearest(LngLat at, Profile profile, double reach_m, Parts parts) const {
  const auto places = within(at, profile, reach_m, 1, parts);
  if (places.empty()) return std::nullopt;
  return places.front();
}

std::vector<Place> SnapIndex::within(LngLat at, Profile profile, double reach_m, std::size_t most,
                                     Parts parts) const {
  if (!usable_place(at) || !(reach_m >= 0)) return {};
  const double reach = std::min(reach_m, longest_reach_m);
  return index_->search({at, Plane(at), profile, parts, reach * reach, most});
}

std::size_t SnapIndex::bytes() const {
  std::size_t sum = sizeof(Index) + index_->pieces.capacity() * sizeof(Piece);
  for (const auto& level : index_->levels) sum += level.capacity() * sizeof(Box);
  return sum;
}

}  // namespace diary::graph
