// SPDX-License-Identifier: Apache-2.0
#pragma once

// OpenStreetMap's three kinds of object as events, whatever the encoding. Views live only during the call.

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace diary::import {

struct OsmTag {
  std::string_view key;
  std::string_view value;
};
using OsmTags = std::span<const OsmTag>;

struct OsmNode {
  std::int64_t id;
  std::int32_t lng_e7;  // only nodes that lie on the earth are passed on
  std::int32_t lat_e7;
  OsmTags tags;
};

struct OsmWay {
  std::int64_t id;
  OsmTags tags;
  std::span<const std::int64_t> refs;
};

struct OsmRelation {
  std::int64_t id;
  OsmTags tags;
  std::span<const std::int64_t> ways;  // its members that are ways, in whatever role
};

class OsmSink {
 public:
  virtual ~OsmSink() = default;
  virtual void on_node(const OsmNode&) {}
  virtual void on_way(const OsmWay&) {}
  virtual void on_relation(const OsmRelation&) {}
};

enum OsmKinds : unsigned { osm_nodes = 1, osm_ways = 2, osm_relations = 4 };

// A file that can be gone through as often as needed.
class OsmSource {
 public:
  virtual ~OsmSource() = default;
  // `kinds`: OsmKinds or-ed together. The share is that of this visit.
  [[nodiscard]] virtual Result<void> visit(unsigned kinds, OsmSink& sink,
                                           const std::function<void(double)>& progress) = 0;
};

}  // namespace diary::import
