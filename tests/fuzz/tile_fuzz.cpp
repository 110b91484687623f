// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <string>

#include "snapshot/live.hpp"
#include "snapshot/tile_address.hpp"

// A tile's address is taken only as it is written; a token reads as what it was written from.
extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  using namespace diary::snapshot;
  const std::string_view text(data, size);
  if (const auto token = parse_live_token(text)) {
    const auto again = parse_live_token(to_text(*token));
    if (!again || again->history != token->history || again->from_xid != token->from_xid) std::abort();
  }
  const auto first = text.find('/');
  if (first == std::string_view::npos) return 0;
  const auto second = text.find('/', first + 1);
  if (second == std::string_view::npos) return 0;
  const auto tile =
      parse_tile(text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1));
  if (!tile) return 0;
  const std::string written =
      std::to_string(tile->z) + '/' + std::to_string(tile->x) + '/' + std::to_string(tile->y) + ".mvt";
  const auto box = tile->box();
  const bool good = written == text && tile->z >= 0 && tile->z <= TileAddress::max_zoom &&
                    tile->x < 1U << tile->z && tile->y < 1U << tile->z && box.west < box.east &&
                    box.south < box.north;
  if (!good) std::abort();
  return 0;
}
