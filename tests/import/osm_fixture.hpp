// SPDX-License-Identifier: Apache-2.0
#pragma once

// A small map made by hand, written as PBF (dense or plain nodes, zlib or raw) or as XML. Only for tests.

#include <zlib.h>

#include <map>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <utility>
#include <vector>

namespace diary::import::test {

using Tags = std::vector<std::pair<std::string, std::string>>;

struct Map {
  struct Node {
    std::int64_t id;
    double lng;
    double lat;
    Tags tags{};
  };
  struct Way {
    std::int64_t id;
    std::vector<std::int64_t> refs;
    Tags tags = {{"highway", "residential"}, {"name", "Rua"}};
  };
  struct Relation {
    std::int64_t id;
    std::vector<std::int64_t> ways;
    Tags tags;
  };
  std::vector<Node> nodes;
  std::vector<Way> ways;
  std::vector<Relation> relations;
};

class PbfMaker {
 public:
  bool dense = true;
  bool zlib = true;
  bool ways_first = false;  // against the usual order
  std::vector<std::string> features{"OsmSchema-V0.6", "DenseNodes"};

  [[nodiscard]] std::string file(const Map& map) {
    std::string header;
    protozero::pbf_writer writer(header);
    for (const auto& feature : features) writer.add_string(4, feature);
    const std::string nodes =
        map.nodes.empty() ? "" : blob("OSMData", block([&](auto& group) { add_nodes(group, map); }));
    const std::string rest = blob("OSMData", block([&](auto& group) { add_rest(group, map); }));
    return blob("OSMHeader", header) + (ways_first ? rest + nodes : nodes + rest);
  }

  [[nodiscard]] std::string blob(const std::string& type, const std::string& data) const {
    std::string body;
    protozero::pbf_writer blob_writer(body);
    if (zlib) {
      uLongf size = compressBound(static_cast<uLong>(data.size()));
      std::string packed(size, '\0');
      compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(data.data()),
               static_cast<uLong>(data.size()));
      packed.resize(size);
      blob_writer.add_int32(2, static_cast<std::int32_t>(data.size()));
      blob_writer.add_bytes(3, packed);
    } else {
      blob_writer.add_bytes(1, data);
    }
    return framed(type, body);
  }

  [[nodiscard]] static std::string framed(const std::string& type, const std::string& body) {
    std::string header;
    protozero::pbf_writer writer(header);
    writer.add_string(1, type);
    writer.add_int32(3, static_cast<std::int32_t>(body.size()));
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(header.size() >> shift & 0xFF);
    return out + header + body;
  }

 private:
  std::vector<std::string> strings_{""};

  std::uint32_t string_index(const std::string& text) {
    for (std::uint32_t i = 1; i < strings_.size(); ++i) {
      if (strings_[i] == text) return i;
    }
    strings_.push_back(text);
    return static_cast<std::uint32_t>(strings_.size() - 1);
  }

  template <class Fill>
  std::string block(Fill fill) {
    strings_ = {""};
    std::string group, table, out;
    {
      protozero::pbf_writer writer(group);
      fill(writer);
    }
    for (const auto& s : strings_) protozero::pbf_writer(table).add_bytes(1, s);
    protozero::pbf_writer writer(out);
    writer.add_message(1, table);
    writer.add_message(2, group);
    return out;
  }

  static std::int64_t units(double degrees) {
    return static_cast<std::int64_t>(degrees * 1e7 + (degrees < 0 ? -.5 : .5));
  }

  void add_tags(protozero::pbf_writer& writer, const Tags& tags) {
    std::vector<std::uint32_t> keys, values;
    for (const auto& [key, value] : tags) {
      keys.push_back(string_index(key));
      values.push_back(string_index(value));
    }
    writer.add_packed_uint32(2, keys.begin(), keys.end());
    writer.add_packed_uint32(3, values.begin(), values.end());
  }

  void add_nodes(protozero::pbf_writer& group, const Map& map) {
    if (!dense) {
      for (const auto& node : map.nodes) {
        protozero::pbf_writer writer(group, 1);
        writer.add_sint64(1, node.id);
        add_tags(writer, node.tags);
        writer.add_sint64(8, units(node.lat));
        writer.add_sint64(9, units(node.lng));
      }
      return;
    }
    std::vector<std::int64_t> ids, lats, lngs;
    std::vector<std::int32_t> keys_values;
    std::int64_t id = 0, lat = 0, lng = 0;
    for (const auto& node : map.nodes) {
      ids.push_back(node.id - std::exchange(id, node.id));
      lats.push_back(units(node.lat) - std::exchange(lat, units(node.lat)));
      lngs.push_back(units(node.lng) - std::exchange(lng, units(node.lng)));
      for (const auto& [key, value] : node.tags) {
        keys_values.push_back(static_cast<std::int32_t>(string_index(key)));
        keys_values.push_back(static_cast<std::int32_t>(string_index(value)));
      }
      keys_values.push_back(0);
    }
    protozero::pbf_writer writer(group, 2);
    writer.add_packed_sint64(1, ids.begin(), ids.end());
    writer.add_packed_sint64(8, lats.begin(), lats.end());
    writer.add_packed_sint64(9, lngs.begin(), lngs.end());
    writer.add_packed_int32(10, keys_values.begin(), keys_values.end());
  }

  static std::vector<std::int64_t> deltas(const std::vector<std::int64_t>& values) {
    std::vector<std::int64_t> out;
    std::int64_t before = 0;
    for (const std::int64_t value : values) out.push_back(value - std::exchange(before, value));
    return out;
  }

  void add_rest(protozero::pbf_writer& group, const Map& map) {
    for (const auto& way : map.ways) {
      protozero::pbf_writer writer(group, 3);
      writer.add_int64(1, way.id);
      add_tags(writer, way.tags);
      const auto refs = deltas(way.refs);
      writer.add_packed_sint64(8, refs.begin(), refs.end());
    }
    for (const auto& relation : map.relations) {
      protozero::pbf_writer writer(group, 4);
      writer.add_int64(1, relation.id);
      add_tags(writer, relation.tags);
      const auto members = deltas(relation.ways);
      const std::vector<std::int32_t> types(members.size(), 1);
      writer.add_packed_sint64(9, members.begin(), members.end());
      writer.add_packed_int32(10, types.begin(), types.end());
    }
  }
};

inline std::string xml_tags(const Tags& tags) {
  std::string out;
  for (const auto& [key, value] : tags) out += "<tag k='" + key + "' v='" + value + "'/>";
  return out;
}

inline std::string xml_of(const Map& map) {
  std::string out = "<?xml version='1.0' encoding='UTF-8'?>\n<osm version='0.6'>\n";
  for (const auto& n : map.nodes)
    out += "<node id='" + std::to_string(n.id) + "' lat='" + std::to_string(n.lat) + "' lon='" +
           std::to_string(n.lng) + "'>" + xml_tags(n.tags) + "</node>\n";
  for (const auto& way : map.ways) {
    out += "<way id='" + std::to_string(way.id) + "'>";
    for (const auto ref : way.refs) out += "<nd ref='" + std::to_string(ref) + "'/>";
    out += xml_tags(way.tags) + "</way>\n";
  }
  for (const auto& relation : map.relations) {
    out += "<relation id='" + std::to_string(relation.id) + "'>";
    for (const auto way : relation.ways)
      out += "<member type='way' role='outer' ref='" + std::to_string(way) + "'/>";
    out += xml_tags(relation.tags) + "</relation>\n";
  }
  return out + "</osm>\n";
}

}  // namespace diary::import::test
