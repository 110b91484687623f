// SPDX-License-Identifier: Apache-2.0
#pragma once

// GeoJSON (RFC 7946) and GeoJSON text sequences (RFC 8142, or one Feature a line), read in pieces: memory
// does not grow with the file. Refuses the whole file when it is truncated, no JSON, no GeoJSON, or holds no
// usable feature.

#include <functional>
#include <span>

#include "import/input_file.hpp"
#include "import/reader.hpp"

namespace diary::import {

// Fills the span, returns how much; fewer than its size only at the end.
using ReadBytes = std::function<std::size_t(std::span<char>)>;

[[nodiscard]] Result<ReadReport> read_geojson(const ReadBytes& read, const SegmentSink& sink);
[[nodiscard]] Result<ReadReport> read_geojson(InputFile& file, const SegmentSink& sink,
                                              const Progress& progress);

}  // namespace diary::import
