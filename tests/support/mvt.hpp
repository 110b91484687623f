// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads Mapbox vector tiles, and refuses whatever the format's description (2.1) does not allow.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace diary::support {

struct MvtFeature {
  std::uint64_t id = 0;
  unsigned type = 0;                         // 1 point, 2 line, 3 polygon
  std::map<std::string, std::string> texts;  // attributes
  std::map<std::string, double> numbers;     // attributes of whatever number's type
  std::vector<std::vector<std::pair<int, int>>> parts;
};

struct MvtLayer {
  std::uint32_t extent = 4096;
  std::vector<MvtFeature> features;
};

// By name. Throws std::runtime_error with what is wrong.
[[nodiscard]] std::map<std::string, MvtLayer> read_mvt(std::string_view tile);

}  // namespace diary::support
