// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "held.hpp"
#include "import/geojson_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  std::span<const char> left(data, size);
  (void)diary::import::read_geojson(
      [&](std::span<char> into) {
        const std::size_t n = std::min(into.size(), left.size());
        std::copy_n(left.data(), n, into.data());
        left = left.subspan(n);
        return n;
      },
      diary::import::check_segment);
  return 0;
}
