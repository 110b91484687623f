// SPDX-License-Identifier: Apache-2.0
#include "store/city_store.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "pg/pool.hpp"
#include "sql/queries.hpp"
#include "store/decode.hpp"

namespace diary {
namespace {

static_assert(std::endian::native == std::endian::little, "lines come as little-endian WKB");

int nibble(char c) {
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

template <class T>
T take(std::string_view& hex) {
  std::array<unsigned char, sizeof(T)> bytes{};
  if (hex.size() < 2 * sizeof(T)) throw std::logic_error("a line's WKB ends too soon");
  for (std::size_t i = 0; i < sizeof(T); ++i)
    bytes[i] = static_cast<unsigned char>(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
  hex.remove_prefix(2 * sizeof(T));
  return std::bit_cast<T>(bytes);
}

// A LineString without further dimensions, in little-endian WKB.
std::vector<LngLat> decode_line(std::string_view hex) {
  constexpr std::uint32_t linestring = 2;
  if (take<std::uint8_t>(hex) != 1 || take<std::uint32_t>(hex) != linestring)
    throw std::logic_error("a segment's geometry is no LineString");
  const auto count = take<std::uint32_t>(hex);
  if (hex.size() != std::size_t{count} * 32) throw std::logic_error("a line's WKB has another length");
  std::vector<LngLat> line(count);
  for (LngLat& point : line) {
    point.lng = take<double>(hex);
    point.lat = take<double>(hex);
  }
  return line;
}

std::vector<LiveSegment> decode(const pg::Rows& rows) {
  std::vector<LiveSegment> segments;
  segments.reserve(static_cast<std::size_t>(rows.size()));
  for (int row = 0; row < rows.size(); ++row) {
    segments.push_back({.segment_id = rows.str(row, 0),
                        .street = rows.str(row, 1),
                        .neighborhood = rows.opt(row, 2),
                        .length_m = rows.str(row, 3),
                        .geometry = rows.str(row, 4),
                        .line = decode_line(rows.text(row, 5)),
                        .w = rows.real(row, 6),
                        .s = rows.real(row, 7),
                        .top_tags = rows.str(row, 8),
                        .delta_30d = rows.str(row, 9),
                        .changed_at = decode_time(rows, row, 10),
                        .source_node = rows.integer(row, 11),
                        .target_node = rows.integer(row, 12),
                        .access = static_cast<std::uint8_t>(rows.integer(row, 13)),
                        .changed_xid = static_cast<std::uint64_t>(rows.integer(row, 14)),
                        .street_xid = static_cast<std::uint64_t>(rows.integer(row, 15))});
  }
  return segments;
}

std::string array_of(const std::vector<std::string>& ids) {
  return boost::json::serialize(boost::json::array(ids.begin(), ids.end()));
}

FeedPosition decode_position(const pg::Rows& rows) {
  return {.cursor = rows.str(0, 0),
          .seen = rows.str(0, 1),
          .timeline = rows.opt(0, 2),
          .system_identifier = rows.str(0, 3),
          .last_gone = 0,
          .database = {}};
}

}  // namespace

FeedPosition CityStore::position() {
  const auto rows = connection_.run(sql::city::position);
  FeedPosition position = decode_position(rows);
  position.last_gone = static_cast<std::uint64_t>(rows.integer(0, 4));
  position.database = rows.str(0, 5);
  return position;
}

FeedAnswer CityStore::changes(const std::string& cursor, const std::optional<std::string>& seen) {
  const auto rows = connection_.run(sql::city::changes, {cursor, seen});
  FeedAnswer answer{
      .position = decode_position(rows), .changed = {}, .changed_by = {}, .gone = {}, .last_xid = 0};
  for (int row = 0; row < rows.size() && !rows.is_null(row, 4); ++row) {
    const auto xid = static_cast<std::uint64_t>(rows.integer(row, 6));
    const bool is_gone = rows.boolean(row, 5);
    (is_gone ? answer.gone : answer.changed).push_back(rows.str(row, 4));
    if (!is_gone) answer.changed_by.push_back(xid);
    answer.last_xid = std::max(answer.last_xid, xid);
  }
  return answer;
}

std::vector<LiveSegment> CityStore::page(const std::optional<std::string>& after, int limit) {
  return decode(connection_.run(sql::city::page, {after, limit}));
}

std::vector<LiveSegment> CityStore::some(const std::vector<std::string>& ids) {
  return decode(connection_.run(sql::city::some, {array_of(ids)}));
}

std::vector<SegmentState> CityStore::states(const std::vector<std::string>& ids) {
  const auto rows = connection_.run(sql::city::states, {array_of(ids)});
  std::vector<SegmentState> states;
  states.reserve(static_cast<std::size_t>(rows.size()));
  for (int row = 0; row < rows.size(); ++row) {
    states.push_back({.segment_id = rows.str(row, 0),
                      .w = rows.real(row, 1),
                      .s = rows.real(row, 2),
                      .top_tags = rows.str(row, 3),
                      .delta_30d = rows.str(row, 4),
                      .changed_at = decode_time(rows, row, 5),
                      .changed_xid = static_cast<std::uint64_t>(rows.integer(row, 6)),
                      .street_xid = static_cast<std::uint64_t>(rows.integer(row, 7))});
  }
  return states;
}

CityLink::CityLink(const std::string& conninfo, const std::string& role)
    : connection_(pg::connect_as(conninfo, role, "SET plan_cache_mode = force_custom_plan; SET jit = off")) {}

}  // namespace diary
