// SPDX-License-Identifier: Apache-2.0
#include "snapshot/tile_layer.hpp"

#include <protozero/pbf_writer.hpp>

#include "snapshot/tile_address.hpp"

namespace diary::snapshot {
namespace {

// The fields' numbers in the format's description.
namespace tile_field {
constexpr protozero::pbf_tag_type layer = 3;
}
namespace layer_field {
constexpr protozero::pbf_tag_type name = 1;
constexpr protozero::pbf_tag_type feature = 2;
constexpr protozero::pbf_tag_type key = 3;
constexpr protozero::pbf_tag_type value = 4;
constexpr protozero::pbf_tag_type extent = 5;
constexpr protozero::pbf_tag_type version = 15;
}  // namespace layer_field
namespace feature_field {
constexpr protozero::pbf_tag_type id = 1;
constexpr protozero::pbf_tag_type tags = 2;
constexpr protozero::pbf_tag_type type = 3;
constexpr protozero::pbf_tag_type geometry = 4;
}  // namespace feature_field
namespace value_field {
constexpr protozero::pbf_tag_type text = 1;
constexpr protozero::pbf_tag_type real = 3;
constexpr protozero::pbf_tag_type count = 5;
}  // namespace value_field

constexpr unsigned linestring = 2;
constexpr unsigned polygon = 3;

constexpr std::uint32_t command(std::uint32_t what, std::size_t times) {
  return what | static_cast<std::uint32_t>(times) << 3;
}
constexpr std::uint32_t move_to = 1;
constexpr std::uint32_t line_to = 2;
constexpr std::uint32_t close_path = 7;

}  // namespace

TileLayer::TileLayer(std::string_view name, std::vector<std::string_view> keys)
    : name_(name), keys_(std::move(keys)) {
  usual_.fill(none);
}

TileLayer::Value TileLayer::text(std::string_view text) {
  protozero::pbf_writer layer(values_);
  protozero::pbf_writer value(layer, layer_field::value);
  value.add_string(value_field::text, text.data(), text.size());
  return value_count_++;
}

TileLayer::Value TileLayer::count(std::uint64_t number) {
  const auto [found, is_new] = counts_.try_emplace(number, value_count_);
  if (is_new) {
    protozero::pbf_writer layer(values_);
    protozero::pbf_writer value(layer, layer_field::value);
    value.add_uint64(value_field::count, number);
    ++value_count_;
  }
  return found->second;
}

TileLayer::Value TileLayer::add_number(std::int64_t hundredths) {
  protozero::pbf_writer layer(values_);
  protozero::pbf_writer value(layer, layer_field::value);
  value.add_double(value_field::real, static_cast<double>(hundredths) / 100);
  return value_count_++;
}

TileLayer::Value TileLayer::hundredths(std::int64_t number) {
  if (number >= low && number < high) {
    Value& known = usual_[static_cast<std::size_t>(number - low)];
    if (known == none) known = add_number(number);
    return known;
  }
  const auto [found, is_new] = others_.try_emplace(number, value_count_);
  if (is_new) static_cast<void>(add_number(number));
  return found->second;
}

void TileLayer::move(std::int32_t x, std::int32_t y) {
  geometry_.push_back(protozero::encode_zigzag32(x - pen_.x));
  geometry_.push_back(protozero::encode_zigzag32(y - pen_.y));
  pen_ = {x, y};
}

void TileLayer::add_lines(std::uint64_t id, std::span<const Value> values, const TileParts& parts) {
  geometry_.clear();
  pen_ = {0, 0};
  std::size_t at = 0;
  for (const std::uint32_t end : parts.ends) {
    geometry_.push_back(command(move_to, 1));
    move(parts.points[at].x, parts.points[at].y);
    ++at;
    geometry_.push_back(command(line_to, end - at));
    for (; at < end; ++at) move(parts.points[at].x, parts.points[at].y);
  }
  add(id, values, linestring);
}

void TileLayer::add_square(std::uint64_t id, std::span<const Value> values, std::int32_t x, std::int32_t y,
                           std::int32_t side) {
  geometry_.clear();
  pen_ = {0, 0};
  geometry_.push_back(command(move_to, 1));
  move(x, y);
  geometry_.push_back(command(line_to, 3));  // clockwise, as the format wants an outer ring
  move(x + side, y);
  move(x + side, y + side);
  move(x, y + side);
  geometry_.push_back(command(close_path, 1));
  add(id, values, polygon);
}

void TileLayer::add(std::uint64_t id, std::span<const Value> values, unsigned type) {
  tags_.clear();
  for (std::size_t key = 0; key < values.size(); ++key) {
    tags_.push_back(static_cast<std::uint32_t>(key));
    tags_.push_back(values[key]);
  }
  protozero::pbf_writer layer(features_);
  protozero::pbf_writer feature(layer, layer_field::feature);
  feature.add_uint64(feature_field::id, id);
  feature.add_packed_uint32(feature_field::tags, tags_.begin(), tags_.end());
  feature.add_enum(feature_field::type, static_cast<std::int32_t>(type));
  feature.add_packed_uint32(feature_field::geometry, geometry_.begin(), geometry_.end());
}

void TileLayer::finish(std::string& tile) const {
  std::string head;
  protozero::pbf_writer layer(head);
  layer.add_uint32(layer_field::version, 2);
  layer.add_string(layer_field::name, name_.data(), name_.size());
  std::string keys;
  protozero::pbf_writer rest(keys);
  for (const std::string_view key : keys_) rest.add_string(layer_field::key, key.data(), key.size());
  std::string tail;
  protozero::pbf_writer last(tail);
  last.add_uint32(layer_field::extent, TileAddress::extent);
  tile.reserve(tile.size() + bytes() + head.size() + keys.size() + tail.size() + 16);
  protozero::pbf_writer out(tile);
  out.add_bytes_vectored(tile_field::layer, head, features_, keys, values_, tail);
}

}  // namespace diary::snapshot
