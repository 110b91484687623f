// SPDX-License-Identifier: Apache-2.0
#include "import/osm_reader.hpp"

#include "import/area_collector.hpp"
#include "import/line.hpp"
#include "import/neighborhoods.hpp"
#include "import/osm_tags.hpp"
#include "import/way_cutter.hpp"

namespace diary::import {
namespace {

struct Found {
  NodeIndex nodes;
  AreaCollector areas;
  Neighborhoods neighborhoods;
  ReadReport report;
};

// Which nodes matter, and the outlines of neighbourhoods.
class FirstPass : public OsmSink {
 public:
  explicit FirstPass(Found& found) : found_(found) {}

  void on_way(const OsmWay& way) override {
    found_.areas.closed_way(way);
    if (access_of(way.tags) == 0) return;
    ++found_.report.read;
    found_.nodes.use(without_repeats(way.refs, scratch_));
  }
  void on_relation(const OsmRelation& relation) override { found_.areas.relation(relation); }

 private:
  Found& found_;
  std::vector<std::int64_t> scratch_;
};

class MemberPass : public OsmSink {
 public:
  explicit MemberPass(AreaCollector& areas) : areas_(areas) {}
  void on_way(const OsmWay& way) override { areas_.member_way(way); }

 private:
  AreaCollector& areas_;
};

class NodePass : public OsmSink {
 public:
  explicit NodePass(Found& found) : found_(found) {}

  void on_node(const OsmNode& node) override {
    found_.nodes.place(node.id, node.lng_e7, node.lat_e7);
    found_.areas.place(node);
    if (node.tags.empty()) return;
    if (std::string name = neighborhood_place_name(node.tags); !name.empty())
      found_.neighborhoods.add_place(std::move(name), {node.lng_e7 / 1e7, node.lat_e7 / 1e7});
  }

 private:
  Found& found_;
};

class CutPass : public OsmSink {
 public:
  CutPass(Found& found, const SegmentSink& sink) : found_(found), sink_(sink), cutter_(found.nodes) {}

  void on_way(const OsmWay& way) override {
    segment_.access = access_of(way.tags);
    if (segment_.access == 0) return;
    segment_.street = street_name(way.tags);
    const auto take = [&](const Piece& piece) { on_piece(way.id, piece); };
    if (!cutter_.cut(way.id, without_repeats(way.refs, scratch_), take))
      found_.report.refused.add(Refusal::nodes_missing, "way " + std::to_string(way.id));
  }

 private:
  std::optional<Refusal> check(const Piece& piece) {
    if (piece.id.size() > 50) return Refusal::id_too_long;
    if (piece.line.size() > max_points) return Refusal::too_many_points;
    if (crosses_meridian(piece.line)) return Refusal::crosses_meridian;
    segment_.length_m = length_m(piece.line);
    return check_length(segment_.length_m);
  }

  void on_piece(std::int64_t way, const Piece& piece) {
    if (const auto refusal = check(piece)) {
      found_.report.refused.add(*refusal, "way " + std::to_string(way) + " from node " +
                                              std::to_string(piece.from) + " to node " +
                                              std::to_string(piece.to));
      return;
    }
    segment_.segment_id = piece.id;
    segment_.geometry = piece.line;
    segment_.source_node = piece.from;
    segment_.target_node = piece.to;
    const std::string* neighborhood = found_.neighborhoods.name_at(middle_of(piece.line, segment_.length_m));
    segment_.neighborhood = neighborhood == nullptr ? std::nullopt : std::optional(*neighborhood);
    sink_(segment_, 0);
    ++found_.report.segments;
  }

  static LngLat middle_of(std::span<const LngLat> line, double metres) {
    double left = metres / 2;
    for (std::size_t i = 1; i < line.size(); ++i) {
      const double step = distance_m(line[i - 1], line[i]);
      if (step >= left && step > 0) {
        const double t = left / step;
        return {line[i - 1].lng + t * (line[i].lng - line[i - 1].lng),
                line[i - 1].lat + t * (line[i].lat - line[i - 1].lat)};
      }
      left -= step;
    }
    return line.back();
  }

  Found& found_;
  const SegmentSink& sink_;
  WayCutter cutter_;
  NewSegment segment_;
  std::vector<std::int64_t> scratch_;
};

// The share of the whole that a pass stands for.
std::function<void(double)> part_of(const Progress& progress, double from, double to) {
  if (!progress) return {};
  return [&progress, from, to](double share) { progress(from + (to - from) * share); };
}

}  // namespace

Result<ReadReport> read_osm(OsmSource& source, const SegmentSink& sink, const Progress& progress) {
  Found found;
  FirstPass first(found);
  if (auto done = source.visit(osm_ways | osm_relations, first, part_of(progress, 0, 0.15)); !done)
    return fail(done.error());
  if (found.report.read == 0)
    return fail(Errc::malformed, "the file holds no way that people may walk or cycle on");
  found.nodes.freeze();
  if (found.areas.wants_ways()) {
    found.areas.freeze_wanted();
    MemberPass members(found.areas);
    if (auto done = source.visit(osm_ways, members, part_of(progress, 0.15, 0.2)); !done)
      return fail(done.error());
  }
  found.areas.freeze_nodes();
  NodePass nodes(found);
  if (auto done = source.visit(osm_nodes, nodes, part_of(progress, 0.2, 0.4)); !done)
    return fail(done.error());
  found.areas.move_into(found.neighborhoods);
  found.neighborhoods.freeze();
  CutPass cut(found, sink);
  if (auto done = source.visit(osm_ways, cut, part_of(progress, 0.4, 1)); !done) return fail(done.error());
  if (found.report.segments == 0)
    return fail(Errc::malformed,
                "none of the " + std::to_string(found.report.read) +
                    " ways can be used: their nodes are missing, off the earth or all in one place");
  return std::move(found.report);
}

}  // namespace diary::import
