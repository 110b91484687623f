// SPDX-License-Identifier: Apache-2.0
#include "support/mvt.hpp"

#include <protozero/pbf_reader.hpp>
#include <set>
#include <stdexcept>

namespace diary::support {
namespace {

struct Value {
  std::string text;
  double number = 0;
  bool is_text = false;
};

void demand(bool fine, const char* what) {
  if (!fine) throw std::runtime_error(std::string("no vector tile: ") + what);
}

Value read_value(protozero::pbf_reader reader) {
  Value value;
  int fields = 0;
  for (; reader.next(); ++fields) {
    switch (reader.tag()) {
      case 1:
        value.text = reader.get_string();
        value.is_text = true;
        break;
      case 2:
        value.number = reader.get_float();
        break;
      case 3:
        value.number = reader.get_double();
        break;
      case 4:
        value.number = static_cast<double>(reader.get_int64());
        break;
      case 5:
        value.number = static_cast<double>(reader.get_uint64());
        break;
      case 6:
        value.number = static_cast<double>(reader.get_sint64());
        break;
      default:
        demand(false, "a value of an unexpected kind");
    }
  }
  demand(fields == 1, "a value is one field");
  return value;
}

void read_geometry(const std::vector<std::uint32_t>& codes, MvtFeature& feature) {
  int x = 0;
  int y = 0;
  bool closed = true;
  for (std::size_t i = 0; i < codes.size();) {
    const std::uint32_t command = codes[i] & 7U;
    const std::uint32_t count = codes[i] >> 3;
    ++i;
    demand(count > 0, "an empty command");
    if (command == 7) {
      demand(feature.type == 3 && count == 1 && !closed, "a ring is closed once");
      closed = true;
      continue;
    }
    demand(command == 1 || command == 2, "an unknown command");
    if (command == 1) {
      demand(feature.type == 1 || count == 1, "one MoveTo begins a line");
      demand(closed || feature.type != 3, "an open ring");
      feature.parts.emplace_back();
      closed = false;
    } else {
      demand(!feature.parts.empty(), "a LineTo before a MoveTo");
    }
    for (std::uint32_t n = 0; n < count; ++n, i += 2) {
      demand(i + 1 < codes.size(), "a geometry that ends too soon");
      const int dx = protozero::decode_zigzag32(codes[i]);
      const int dy = protozero::decode_zigzag32(codes[i + 1]);
      demand(command == 1 || dx != 0 || dy != 0, "a LineTo that leads nowhere");
      x += dx;
      y += dy;
      feature.parts.back().emplace_back(x, y);
    }
  }
  demand(closed || feature.type != 3, "an open ring");
  demand(!feature.parts.empty(), "a feature without a geometry");
  for (const auto& part : feature.parts)
    demand(feature.type == 1 || part.size() >= (feature.type == 2 ? 2U : 3U), "too few points");
}

MvtFeature read_feature(protozero::pbf_reader reader, const std::vector<std::string>& keys,
                        const std::vector<Value>& values) {
  MvtFeature feature;
  std::vector<std::uint32_t> tags;
  std::vector<std::uint32_t> codes;
  while (reader.next()) {
    switch (reader.tag()) {
      case 1:
        feature.id = reader.get_uint64();
        break;
      case 2:
        for (const auto tag : reader.get_packed_uint32()) tags.push_back(tag);
        break;
      case 3:
        feature.type = static_cast<unsigned>(reader.get_enum());
        break;
      case 4:
        for (const auto code : reader.get_packed_uint32()) codes.push_back(code);
        break;
      default:
        demand(false, "an unknown field of a feature");
    }
  }
  demand(tags.size() % 2 == 0, "tags come in pairs");
  for (std::size_t i = 0; i < tags.size(); i += 2) {
    demand(tags[i] < keys.size() && tags[i + 1] < values.size(), "a tag that leads nowhere");
    const std::string& key = keys[tags[i]];
    const Value& value = values[tags[i + 1]];
    demand(!feature.texts.contains(key) && !feature.numbers.contains(key), "a key twice");
    if (value.is_text) {
      feature.texts[key] = value.text;
    } else {
      feature.numbers[key] = value.number;
    }
  }
  read_geometry(codes, feature);
  return feature;
}

std::pair<std::string, MvtLayer> read_layer(protozero::pbf_reader reader) {
  std::string name;
  MvtLayer layer;
  std::uint32_t version = 0;
  std::vector<std::string> keys;
  std::vector<Value> values;
  std::set<std::string> seen;  // values, as they are written
  std::vector<protozero::pbf_reader> features;
  while (reader.next()) {
    switch (reader.tag()) {
      case 1:
        name = reader.get_string();
        break;
      case 2:
        features.push_back(reader.get_message());
        break;
      case 3:
        keys.push_back(reader.get_string());
        break;
      case 4: {
        const auto view = reader.get_view();
        demand(seen.emplace(view.data(), view.size()).second, "a value twice");
        values.push_back(read_value(protozero::pbf_reader(view)));
        break;
      }
      case 5:
        layer.extent = reader.get_uint32();
        break;
      case 15:
        version = reader.get_uint32();
        break;
      default:
        demand(false, "an unknown field of a layer");
    }
  }
  demand(version == 2, "the version is not 2");
  demand(!name.empty() && !features.empty(), "a layer without a name or features");
  demand(std::set<std::string>(keys.begin(), keys.end()).size() == keys.size(), "a key is there twice");
  for (const auto& feature : features) layer.features.push_back(read_feature(feature, keys, values));
  return {name, std::move(layer)};
}

}  // namespace

std::map<std::string, MvtLayer> read_mvt(std::string_view tile) {
  std::map<std::string, MvtLayer> layers;
  protozero::pbf_reader reader(tile.data(), tile.size());
  while (reader.next()) {
    demand(reader.tag() == 3, "something else than layers");
    demand(layers.insert(read_layer(reader.get_message())).second, "a layer twice");
  }
  return layers;
}

}  // namespace diary::support
