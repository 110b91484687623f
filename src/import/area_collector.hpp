// SPDX-License-Identifier: Apache-2.0
#pragma once

// Gathers the outlines of neighbourhoods over the passes through an OpenStreetMap file: closed ways and
// relations, then the relations' ways, then the nodes. An outline that is not whole in the file is left out:
// half of it would put streets on the wrong side.

#include <string>
#include <vector>

#include "import/neighborhoods.hpp"
#include "import/node_index.hpp"
#include "import/osm_source.hpp"

namespace diary::import {

class AreaCollector {
 public:
  void closed_way(const OsmWay& way);          // kept when it bounds a neighbourhood
  void relation(const OsmRelation& relation);  // likewise
  [[nodiscard]] bool wants_ways() const { return !wanted_.empty(); }
  void freeze_wanted();
  void member_way(const OsmWay& way);  // kept when a relation names it
  void freeze_nodes();
  void place(const OsmNode& node) { nodes_.place(node.id, node.lng_e7, node.lat_e7); }
  void move_into(Neighborhoods& neighborhoods);

 private:
  struct Outline {
    std::string name;
    std::vector<std::int64_t> ways;  // empty: the outline is `refs`
    std::vector<std::int64_t> refs;
  };
  struct Line {
    std::int64_t way;
    std::vector<std::int64_t> refs;
  };
  [[nodiscard]] std::vector<Neighborhoods::Edge> edges_of(const Outline& outline) const;  // empty: not whole
  [[nodiscard]] bool add_edges(std::span<const std::int64_t> refs,
                               std::vector<Neighborhoods::Edge>& edges) const;

  std::vector<Outline> outlines_;
  std::vector<std::int64_t> wanted_;
  std::vector<Line> lines_;  // sorted by way before use
  NodeIndex nodes_;
};

}  // namespace diary::import
