// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads a whole input into memory. Only for tests.

#include <vector>

#include "import/geojson_reader.hpp"
#include "import/osm_reader.hpp"
#include "import/osm_xml.hpp"
#include "import/pbf_file.hpp"

namespace diary::import::test {

struct Everything {
  Result<ReadReport> report;
  std::vector<NewSegment> segments;

  [[nodiscard]] std::string message() const { return report ? "" : report.error().message; }
  [[nodiscard]] std::vector<std::string> ids() const {
    std::vector<std::string> out;
    for (const auto& segment : segments) out.push_back(segment.segment_id);
    return out;
  }
};

template <class Read>
Everything collect(Read read) {
  std::vector<NewSegment> segments;
  auto report = read([&](const NewSegment& segment, std::int64_t) { segments.push_back(segment); });
  return {std::move(report), std::move(segments)};
}

inline Everything read_geojson_text(const std::string& text) {
  return collect([&](const SegmentSink& sink) -> Result<ReadReport> {
    auto file = InputFile::of_bytes(text);
    if (!file) return fail(file.error());
    return read_geojson(*file, sink, {});
  });
}

template <class Source>
Everything read_osm_bytes(const std::string& bytes) {
  return collect([&](const SegmentSink& sink) -> Result<ReadReport> {
    auto file = InputFile::of_bytes(bytes);
    if (!file) return fail(file.error());
    Source source(std::move(*file));
    return read_osm(source, sink, {});
  });
}

inline Everything read_pbf(const std::string& bytes) {
  return read_osm_bytes<PbfFile>(bytes);
}
inline Everything read_xml(const std::string& bytes) {
  return read_osm_bytes<OsmXmlFile>(bytes);
}

}  // namespace diary::import::test
