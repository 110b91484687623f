// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "http/conditional.hpp"
#include "http/handlers.hpp"
#include "http/json_writer.hpp"
#include "http/problem.hpp"
#include "http/staleness.hpp"
#include "snapshot/tile_encoder.hpp"

namespace diary::http {
namespace {

using snapshot::TileAddress;

asio::awaitable<Reply> get_tile(Site& site, Request& request) {
  const auto& captures = request.captures;
  const auto address = snapshot::parse_tile(captures[0], captures[1], captures[2]);
  if (!address)
    co_return problem(
        Error{Errc::not_found, "there is no such tile: zooms are 0 to 16, columns and rows 0 to 2^z - 1"},
        request);
  if (!site.city.city().loaded()) co_return not_loaded(request);
  auto& tiles = site.city.tiles();
  auto tile = tiles.kept(*address);
  if (!tile) {
    const auto encode = [&]() -> Result<std::shared_ptr<const snapshot::Tiles::Tile>> {
      return tiles.encoded(*address);
    };
    auto made = co_await site.tiles.run(encode);
    if (!made) co_return problem(made.error(), request);
    tile = std::move(*made);
  }
  Reply reply;
  add_staleness(reply, site);
  reply.headers.emplace_back("Cache-Control", may_be_kept);
  if (tile->mvt.empty()) {
    reply.status = 204;
    co_return reply;
  }
  reply.content_type = "application/vnd.mapbox-vector-tile";
  reply.body = tile->mvt;
  reply.etag = tile->tag;
  reply.gzip = tile->gzip;
  reply.held = std::move(tile);
  co_return reply;
}

// As the client calls this server: maps fetch tiles from threads that have no address to begin from.
std::string base_url(const Request& request) {
  const bool fine = !request.host.empty() && std::ranges::all_of(request.host, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view(".-_:[]").find(c) != std::string_view::npos;
  });
  if (!fine) return {};
  return (request.secure ? "https://" : "http://") + request.host;
}

void write_layers(std::string& out) {
  using namespace snapshot::tile_limits;
  out += fmt::format(
      R"~([{{"id":"segments","description":"Streets and how safe they are","minzoom":{},"maxzoom":{},)~"
      R"~("fields":{{"segment_id":"String","street":"String","length_m":"Number, metres",)~"
      R"~("decayed_mean":"Number, 1 (unsafe) to 5 (safe)","n_eff":"Number, ratings that count",)~"
      R"~("confidence":"Number, 0 to 1","delta_30d":"Number, -4 to 4"}}}},)~",
      first_zoom_of_segments, TileAddress::max_zoom);
  out +=
      fmt::format(R"~({{"id":"coverage","description":"Squares of what is known","minzoom":0,"maxzoom":{},)~"
                  R"~("fields":{{"segment_count":"Number","mean_confidence":"Number, 0 to 1",)~"
                  R"~("decayed_mean":"Number, 1 to 5, by length","length_km":"Number"}}}}])~",
                  last_zoom_of_coverage);
}

asio::awaitable<Reply> get_tile_json(Site& site, Request& request) {
  if (!site.city.city().loaded()) co_return not_loaded(request);
  constexpr double mercator_end = 85.051129;
  const auto around = site.city.city().bounds();
  const auto bounds = around.value_or(snapshot::Bounds{-180, -90, 180, 90});
  const double south = std::max<double>(bounds.south, -mercator_end);
  const double north = std::min<double>(bounds.north, mercator_end);
  const double west = std::max<double>(bounds.west, -180);
  const double east = std::min<double>(bounds.east, 180);
  Reply reply;
  reply.headers.emplace_back("Cache-Control", may_be_kept);
  JsonObject object(reply.body);
  object.text("tilejson", "3.0.0")
      .text("name", "segments")
      .text("description", "How safe people find their streets, street by street")
      .text("version", "1.0.0")
      .text("scheme", "xyz");
  object.key("tiles");
  reply.body += "[\"" + base_url(request) + "/tiles/segments/{z}/{x}/{y}.mvt\"]";
  object.raw("minzoom", "0").raw("maxzoom", std::to_string(TileAddress::max_zoom));
  object.raw("bounds", fmt::format("[{:.5f},{:.5f},{:.5f},{:.5f}]", west, south, east, north));
  object.raw("center",
             fmt::format("[{:.5f},{:.5f},{}]", (west + east) / 2, (south + north) / 2, around ? 13 : 0));
  object.key("vector_layers");
  write_layers(reply.body);
  object.end();
  co_return reply;
}

}  // namespace

void add_map_routes(RouteTable& table) {
  table.add(Verb::get, "/tiles/segments.json", get_tile_json, {.quota = Quota::tiles});
  table.add(Verb::get, "/tiles/segments/{z}/{x}/{y}.mvt", get_tile, {.quota = Quota::tiles});
}

}  // namespace diary::http
