// SPDX-License-Identifier: Apache-2.0
#pragma once

// The inner layer of PBF: one block's strings, nodes, ways and relations as events. Throws PbfError on a
// block that contradicts itself; nothing is trusted, neither indexes nor sums.

#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "import/osm_source.hpp"

namespace diary::import {

struct PbfError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Refuses features that change what the data means (history files, for one), by name.
void check_header_block(std::string_view block);

class PbfBlock {
 public:
  // Calls `sink` for the kinds asked for. Returns the kinds that the block holds.
  unsigned read(std::string_view block, unsigned kinds, OsmSink& sink);

 private:
  void read_strings(std::string_view table);
  unsigned read_group(std::string_view group, unsigned kinds, OsmSink& sink);
  void read_node(std::string_view message, OsmSink& sink);
  void read_dense(std::string_view message, OsmSink& sink);
  void read_way(std::string_view message, OsmSink& sink);
  void read_relation(std::string_view message, OsmSink& sink);
  void emit_node(std::int64_t id, std::int64_t lat, std::int64_t lng, OsmSink& sink);
  [[nodiscard]] std::string_view string_at(std::uint64_t index) const;
  void pair_tags(std::string_view keys, std::string_view values);

  std::vector<std::string_view> strings_;
  std::vector<OsmTag> tags_;
  std::vector<std::int64_t> refs_;
  std::int64_t granularity_ = 100;
  std::int64_t lat_offset_ = 0;
  std::int64_t lng_offset_ = 0;
};

}  // namespace diary::import
