// SPDX-License-Identifier: Apache-2.0
#pragma once

// One call for every format: segments go to the sink as they are read, and the report says what was refused.
// After an Error nothing that went to the sink may be kept.

#include <filesystem>
#include <functional>

#include "base/result.hpp"
#include "domain/segment.hpp"
#include "import/refusal.hpp"

namespace diary::import {

struct ReadReport {
  std::int64_t read = 0;      // features, or ways that people may use
  std::int64_t segments = 0;  // given to the sink
  Refusals refused;
};

// `line`: where it stood in the file, 0 when that means nothing.
using SegmentSink = std::function<void(const NewSegment& segment, std::int64_t line)>;
using Progress = std::function<void(double share)>;  // 0..1

enum class Format { geojson, osm_pbf, osm_xml };

// By the name's ending, else by the first bytes. Opens the file; refuses what is absent, empty or of no known
// kind.
[[nodiscard]] Result<Format> format_of(const std::filesystem::path& path);

[[nodiscard]] Result<ReadReport> read_segments(const std::filesystem::path& path, Format format,
                                               const SegmentSink& sink, const Progress& progress);

}  // namespace diary::import
