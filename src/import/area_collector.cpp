// SPDX-License-Identifier: Apache-2.0
#include "import/area_collector.hpp"

#include <algorithm>

#include "import/osm_tags.hpp"

namespace diary::import {

void AreaCollector::closed_way(const OsmWay& way) {
  if (way.refs.size() < 4 || way.refs.front() != way.refs.back()) return;
  std::string name = neighborhood_area_name(way.tags);
  if (name.empty()) return;
  outlines_.push_back({std::move(name), {}, {way.refs.begin(), way.refs.end()}});
  nodes_.use(way.refs);
}

void AreaCollector::relation(const OsmRelation& relation) {
  const std::string_view type = tag(relation.tags, "type");
  if ((type != "boundary" && type != "multipolygon") || relation.ways.empty()) return;
  std::string name = neighborhood_area_name(relation.tags);
  if (name.empty()) return;
  outlines_.push_back({std::move(name), {relation.ways.begin(), relation.ways.end()}, {}});
  wanted_.insert(wanted_.end(), relation.ways.begin(), relation.ways.end());
}

void AreaCollector::freeze_wanted() {
  std::sort(wanted_.begin(), wanted_.end());
  wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());
}

void AreaCollector::member_way(const OsmWay& way) {
  if (!std::binary_search(wanted_.begin(), wanted_.end(), way.id)) return;
  lines_.push_back({way.id, {way.refs.begin(), way.refs.end()}});
  nodes_.use(way.refs);
}

void AreaCollector::freeze_nodes() {
  nodes_.freeze();
  std::sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) { return a.way < b.way; });
}

bool AreaCollector::add_edges(std::span<const std::int64_t> refs,
                              std::vector<Neighborhoods::Edge>& edges) const {
  std::optional<NodeIndex::Node> before;
  for (const std::int64_t ref : refs) {
    const auto node = nodes_.find(ref);
    if (!node) return false;
    if (before) edges.push_back({before->at, node->at});
    before = node;
  }
  return true;
}

std::vector<Neighborhoods::Edge> AreaCollector::edges_of(const Outline& outline) const {
  std::vector<Neighborhoods::Edge> edges;
  if (outline.ways.empty())
    return add_edges(outline.refs, edges) ? edges : std::vector<Neighborhoods::Edge>{};
  std::vector<std::int64_t> ends;
  for (const std::int64_t way : outline.ways) {
    const auto line = std::lower_bound(lines_.begin(), lines_.end(), way,
                                       [](const Line& a, std::int64_t id) { return a.way < id; });
    if (line == lines_.end() || line->way != way || line->refs.empty() || !add_edges(line->refs, edges))
      return {};
    ends.push_back(line->refs.front());
    ends.push_back(line->refs.back());
  }
  // Edges close exactly when every end is one of an even number.
  std::sort(ends.begin(), ends.end());
  for (std::size_t i = 0; i < ends.size(); i += 2) {
    if (ends[i] != ends[i + 1]) return {};
  }
  return edges;
}

void AreaCollector::move_into(Neighborhoods& neighborhoods) {
  for (Outline& outline : outlines_) neighborhoods.add_area(std::move(outline.name), edges_of(outline));
  *this = {};
}

}  // namespace diary::import
