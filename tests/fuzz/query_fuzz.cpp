// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdlib>

#include "base/time.hpp"
#include "base/utf8.hpp"
#include "http/query.hpp"

// Cursors, boxes and times: what is taken can be written and is read as the same again.
extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  using namespace diary;
  const std::string_view text(data, size);
  for (std::size_t parts = 1; parts <= 3; ++parts) {
    const auto keys = http::read_cursor(text, parts);
    if (!keys) continue;
    for (const auto& key : *keys)
      if (key.empty() || !is_utf8(key)) std::abort();
    if (http::read_cursor(http::make_cursor(*keys), parts) != keys) std::abort();
  }
  if (const auto box = http::parse_bbox(text)) {
    const bool good = box->west < box->east && box->south < box->north && box->west >= -180 &&
                      box->east <= 180 && box->south >= -90 && box->north <= 90;
    if (!good) std::abort();
  }
  if (const auto time = parse_rfc3339(std::string(text))) {
    const auto again = parse_rfc3339(to_rfc3339(*time));
    if (!again || *again != *time) std::abort();
  }
  return 0;
}
