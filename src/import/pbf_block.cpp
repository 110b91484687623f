// SPDX-License-Identifier: Apache-2.0
#include "import/pbf_block.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <protozero/pbf_reader.hpp>
#include <string>

namespace diary::import {
namespace {

// Field numbers of osmformat.proto.
enum HeaderField : protozero::pbf_tag_type { required_feature = 4 };
enum BlockField : protozero::pbf_tag_type {
  string_table = 1,
  group = 2,
  granularity = 17,
  lat_offset = 19,
  lon_offset = 20
};
enum GroupField : protozero::pbf_tag_type { node = 1, dense = 2, way = 3, relation = 4 };
enum NodeField : protozero::pbf_tag_type {
  node_id = 1,
  node_keys = 2,
  node_vals = 3,
  node_lat = 8,
  node_lon = 9
};
enum DenseField : protozero::pbf_tag_type {
  dense_id = 1,
  dense_lat = 8,
  dense_lon = 9,
  dense_keys_vals = 10
};
enum WayField : protozero::pbf_tag_type { way_id = 1, way_keys = 2, way_vals = 3, way_refs = 8 };
enum RelationField : protozero::pbf_tag_type {
  rel_id = 1,
  rel_keys = 2,
  rel_vals = 3,
  rel_memids = 9,
  rel_types = 10
};
constexpr std::int32_t member_is_way = 1;

constexpr auto bytes = protozero::pbf_wire_type::length_delimited;
constexpr auto varint = protozero::pbf_wire_type::varint;

std::string_view view(protozero::pbf_reader& message) {
  const auto data = message.get_view();
  return {data.data(), data.size()};
}

// The elements of a packed field.
class Packed {
 public:
  explicit Packed(std::string_view data) : at_(data.data()), end_(data.data() + data.size()) {}
  [[nodiscard]] bool empty() const { return at_ == end_; }
  std::uint64_t next() {
    if (empty()) throw PbfError("has lists of unequal length");
    return protozero::decode_varint(&at_, end_);
  }
  std::int64_t next_signed() { return protozero::decode_zigzag64(next()); }

 private:
  const char* at_;
  const char* end_;
};

// Delta coding; sums that run over wrap, as damaged files make them.
std::int64_t plus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

// Nanodegrees offset + granularity * value, as 1e-7 degrees; nothing beyond the limit.
std::optional<std::int32_t> degrees_e7(std::int64_t offset, std::int64_t step, std::int64_t value,
                                       std::int64_t limit) {
  std::int64_t nano = 0;
  if (__builtin_mul_overflow(step, value, &nano) || __builtin_add_overflow(nano, offset, &nano))
    return std::nullopt;
  const std::int64_t e7 = nano / 100 + (nano % 100 >= 50 ? 1 : nano % 100 <= -50 ? -1 : 0);
  if (e7 > limit || e7 < -limit) return std::nullopt;
  return static_cast<std::int32_t>(e7);
}

}  // namespace

void check_header_block(std::string_view block) {
  constexpr std::array<std::string_view, 2> known{"OsmSchema-V0.6", "DenseNodes"};
  for (protozero::pbf_reader header(block.data(), block.size()); header.next();) {
    if (header.tag() != required_feature || header.wire_type() != bytes) {
      header.skip();
      continue;
    }
    const std::string_view feature = view(header);
    if (std::find(known.begin(), known.end(), feature) == known.end())
      throw PbfError("needs the feature '" + std::string(feature.substr(0, 60)) +
                     "', which is not read here");
  }
}

std::string_view PbfBlock::string_at(std::uint64_t index) const {
  if (index >= strings_.size()) throw PbfError("refers to a string that it does not hold");
  return strings_[index];
}

void PbfBlock::read_strings(std::string_view table) {
  strings_.clear();
  for (protozero::pbf_reader message(table.data(), table.size()); message.next();) {
    if (message.tag() == 1 && message.wire_type() == bytes)
      strings_.push_back(view(message));
    else
      message.skip();
  }
}

void PbfBlock::pair_tags(std::string_view keys, std::string_view values) {
  tags_.clear();
  for (Packed key(keys), value(values); !key.empty();)
    tags_.push_back({string_at(key.next()), string_at(value.next())});
}

void PbfBlock::emit_node(std::int64_t id, std::int64_t lat, std::int64_t lng, OsmSink& sink) {
  const auto lng_e7 = degrees_e7(lng_offset_, granularity_, lng, 1'800'000'000);
  const auto lat_e7 = degrees_e7(lat_offset_, granularity_, lat, 900'000'000);
  if (lng_e7 && lat_e7) sink.on_node({id, *lng_e7, *lat_e7, tags_});
}

void PbfBlock::read_node(std::string_view message, OsmSink& sink) {
  std::int64_t id = 0, lat = 0, lng = 0;
  std::string_view keys, values;
  for (protozero::pbf_reader field(message.data(), message.size()); field.next();) {
    if (field.tag() == node_id && field.wire_type() == varint)
      id = field.get_sint64();
    else if (field.tag() == node_lat && field.wire_type() == varint)
      lat = field.get_sint64();
    else if (field.tag() == node_lon && field.wire_type() == varint)
      lng = field.get_sint64();
    else if (field.tag() == node_keys && field.wire_type() == bytes)
      keys = view(field);
    else if (field.tag() == node_vals && field.wire_type() == bytes)
      values = view(field);
    else
      field.skip();
  }
  pair_tags(keys, values);
  emit_node(id, lat, lng, sink);
}

void PbfBlock::read_dense(std::string_view message, OsmSink& sink) {
  std::string_view ids, lats, lngs, keys_values;
  for (protozero::pbf_reader field(message.data(), message.size()); field.next();) {
    const bool packed = field.wire_type() == bytes;
    if (field.tag() == dense_id && packed)
      ids = view(field);
    else if (field.tag() == dense_lat && packed)
      lats = view(field);
    else if (field.tag() == dense_lon && packed)
      lngs = view(field);
    else if (field.tag() == dense_keys_vals && packed)
      keys_values = view(field);
    else
      field.skip();
  }
  Packed id(ids), lat(lats), lng(lngs), key_value(keys_values);
  std::int64_t id_sum = 0, lat_sum = 0, lng_sum = 0;
  while (!id.empty()) {
    id_sum = plus(id_sum, id.next_signed());
    lat_sum = plus(lat_sum, lat.next_signed());
    lng_sum = plus(lng_sum, lng.next_signed());
    tags_.clear();
    // Key, value, key, value, 0 for each node; nothing at all when no node of the block has tags.
    while (!key_value.empty()) {
      const std::uint64_t key = key_value.next();
      if (key == 0) break;
      tags_.push_back({string_at(key), string_at(key_value.next())});
    }
    emit_node(id_sum, lat_sum, lng_sum, sink);
  }
}

void PbfBlock::read_way(std::string_view message, OsmSink& sink) {
  OsmWay out{};
  std::string_view keys, values, refs;
  for (protozero::pbf_reader field(message.data(), message.size()); field.next();) {
    if (field.tag() == way_id && field.wire_type() == varint)
      out.id = field.get_int64();
    else if (field.tag() == way_keys && field.wire_type() == bytes)
      keys = view(field);
    else if (field.tag() == way_vals && field.wire_type() == bytes)
      values = view(field);
    else if (field.tag() == way_refs && field.wire_type() == bytes)
      refs = view(field);
    else
      field.skip();
  }
  pair_tags(keys, values);
  refs_.clear();
  std::int64_t ref = 0;
  for (Packed delta(refs); !delta.empty();) refs_.push_back(ref = plus(ref, delta.next_signed()));
  out.tags = tags_;
  out.refs = refs_;
  sink.on_way(out);
}

void PbfBlock::read_relation(std::string_view message, OsmSink& sink) {
  OsmRelation out{};
  std::string_view keys, values, ids, types;
  for (protozero::pbf_reader field(message.data(), message.size()); field.next();) {
    const bool packed = field.wire_type() == bytes;
    if (field.tag() == rel_id && field.wire_type() == varint)
      out.id = field.get_int64();
    else if (field.tag() == rel_keys && packed)
      keys = view(field);
    else if (field.tag() == rel_vals && packed)
      values = view(field);
    else if (field.tag() == rel_memids && packed)
      ids = view(field);
    else if (field.tag() == rel_types && packed)
      types = view(field);
    else
      field.skip();
  }
  pair_tags(keys, values);
  refs_.clear();
  std::int64_t member = 0;
  for (Packed id(ids), type(types); !id.empty();) {
    member = plus(member, id.next_signed());
    if (type.next() == member_is_way) refs_.push_back(member);
  }
  out.tags = tags_;
  out.ways = refs_;
  sink.on_relation(out);
}

unsigned PbfBlock::read_group(std::string_view group_message, unsigned kinds, OsmSink& sink) {
  unsigned held = 0;
  for (protozero::pbf_reader item(group_message.data(), group_message.size()); item.next();) {
    const auto field = item.tag();
    const unsigned kind = field == node || field == dense ? osm_nodes
                          : field == way                  ? osm_ways
                          : field == relation             ? osm_relations
                                                          : 0U;
    held |= kind;
    if ((kind & kinds) == 0 || item.wire_type() != bytes)
      item.skip();
    else if (field == node)
      read_node(view(item), sink);
    else if (field == dense)
      read_dense(view(item), sink);
    else if (field == way)
      read_way(view(item), sink);
    else
      read_relation(view(item), sink);
  }
  return held;
}

unsigned PbfBlock::read(std::string_view block, unsigned kinds, OsmSink& sink) {
  granularity_ = 100;
  lat_offset_ = lng_offset_ = 0;
  strings_.clear();
  std::vector<std::string_view> groups;
  for (protozero::pbf_reader field(block.data(), block.size()); field.next();) {
    if (field.tag() == string_table && field.wire_type() == bytes)
      read_strings(view(field));
    else if (field.tag() == group && field.wire_type() == bytes)
      groups.push_back(view(field));
    else if (field.tag() == granularity && field.wire_type() == varint)
      granularity_ = field.get_int32();
    else if (field.tag() == lat_offset && field.wire_type() == varint)
      lat_offset_ = field.get_int64();
    else if (field.tag() == lon_offset && field.wire_type() == varint)
      lng_offset_ = field.get_int64();
    else
      field.skip();
  }
  unsigned held = 0;
  for (const std::string_view g : groups) held |= read_group(g, kinds, sink);
  return held;
}

}  // namespace diary::import
