// SPDX-License-Identifier: Apache-2.0
#pragma once

// The streets as a graph, in compact arrays that never change: an edge for each street, a node for each
// junction. Nodes are numbered by their rank in the contraction order (nested dissection: ends of the
// recursion first, the separator of the whole city last), which also keeps neighbours near in memory. Holds
// no scores.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/ids.hpp"
#include "graph/street.hpp"

namespace diary::graph {

struct Edge {
  NodeId source;
  NodeId target;
  std::uint32_t length_cm = 0;  // >= 1
  std::uint8_t access = access::all;
};

// One direction of an edge, as seen from the node that it leaves.
struct Link {
  NodeId head;
  EdgeId edge;
  bool along = true;  // in the direction of the edge's line
};

// A point in 1e-7 degrees: half the memory of doubles, and all the digits that are shown.
struct Point {
  std::int32_t lng = 0;
  std::int32_t lat = 0;
  bool operator==(const Point&) const = default;
  [[nodiscard]] LngLat degrees() const { return {lng * 1e-7, lat * 1e-7}; }
  [[nodiscard]] static Point from(LngLat at);
};

class RoadGraph {
 public:
  struct Options {
    double join_m = 0.5;  // derived junctions nearer than this are one
  };
  // Ids must be unique; streets with a line of fewer than two points are left out.
  RoadGraph(std::vector<Street> streets, const Options& options);

  [[nodiscard]] std::size_t node_count() const { return first_link_.size() - 1; }
  [[nodiscard]] std::size_t edge_count() const { return edges_.size(); }

  [[nodiscard]] const Edge& edge(EdgeId id) const { return edges_[id.value]; }
  [[nodiscard]] std::string_view segment_id(EdgeId id) const { return text(ids_, id.value); }
  [[nodiscard]] std::string_view street(EdgeId id) const { return text(names_, name_of_[id.value]); }
  // Equal for edges of the same street name.
  [[nodiscard]] std::uint32_t street_number(EdgeId id) const { return name_of_[id.value]; }
  [[nodiscard]] std::span<const Point> line(EdgeId id) const {
    return std::span(points_).subspan(first_point_[id.value],
                                      first_point_[id.value + 1] - first_point_[id.value]);
  }
  [[nodiscard]] LngLat place(NodeId id) const { return places_[id.value].degrees(); }
  [[nodiscard]] std::optional<EdgeId> find(std::string_view segment_id) const;

  // All edges at a node, passable or not; a loop is there twice.
  [[nodiscard]] std::span<const Link> links(NodeId id) const {
    return std::span(links_).subspan(first_link_[id.value],
                                     first_link_[id.value + 1] - first_link_[id.value]);
  }

  // The same by number: of all links, one node's after the other's.
  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> link_range(NodeId id) const {
    return {first_link_[id.value], first_link_[id.value + 1]};
  }
  [[nodiscard]] const Link& link(std::uint32_t number) const { return links_[number]; }

  // Whether the edge may be used in that direction.
  [[nodiscard]] bool passable(EdgeId id, bool along, Profile profile) const {
    return (edge(id).access & (along ? access::along(profile) : access::against(profile))) != 0;
  }
  // Whether one gets from this edge to every other of the largest strongly connected part, and back.
  [[nodiscard]] bool in_main_part(EdgeId id, Profile profile) const {
    return (main_[id.value] >> static_cast<unsigned>(profile) & 1) != 0;
  }
  // Whether both profiles may use the same edges in the same directions.
  [[nodiscard]] bool profiles_agree() const { return profiles_agree_; }

  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Texts {
    std::vector<char> bytes;
    std::vector<std::uint32_t> first{0};
    void add(std::string_view text);
  };
  [[nodiscard]] static std::string_view text(const Texts& texts, std::size_t i) {
    return {texts.bytes.data() + texts.first[i], texts.first[i + 1] - texts.first[i]};
  }
  void find_main_parts();

  std::vector<Edge> edges_;
  std::vector<std::uint32_t> first_link_;
  std::vector<Link> links_;
  std::vector<Point> places_;
  std::vector<std::uint32_t> first_point_;
  std::vector<Point> points_;
  Texts ids_;
  Texts names_;
  std::vector<std::uint32_t> name_of_;
  std::vector<std::uint32_t> by_id_;  // edges in the order of their ids' bytes
  std::vector<std::uint8_t> main_;    // a bit for each profile
  bool profiles_agree_ = true;
};

}  // namespace diary::graph
