// SPDX-License-Identifier: Apache-2.0
#include "import/reader.hpp"

#include <array>

#include "import/geojson_reader.hpp"
#include "import/input_file.hpp"
#include "import/osm_reader.hpp"
#include "import/osm_xml.hpp"
#include "import/pbf_file.hpp"

namespace diary::import {
namespace {

struct Ending {
  std::string_view text;
  Format format;
};
constexpr std::array endings{
    Ending{".geojson", Format::geojson},  Ending{".json", Format::geojson},
    Ending{".geojsonl", Format::geojson}, Ending{".geojsons", Format::geojson},
    Ending{".ndjson", Format::geojson},   Ending{".geojsonseq", Format::geojson},
    Ending{".pbf", Format::osm_pbf},      Ending{".osm", Format::osm_xml},
    Ending{".osm.xml", Format::osm_xml},
};

std::optional<Format> by_content(std::string_view start) {
  if (start.size() >= 15 && start.substr(4).find("OSMHeader") <= 4) return Format::osm_pbf;
  if (start.starts_with("\xEF\xBB\xBF")) start.remove_prefix(3);
  const auto first = start.find_first_not_of(" \t\r\n\x1E");
  if (first == std::string_view::npos) return std::nullopt;
  if (start[first] == '{') return Format::geojson;
  if (start[first] == '<') return Format::osm_xml;
  return std::nullopt;
}

}  // namespace

Result<Format> format_of(const std::filesystem::path& path) {
  auto file = InputFile::open(path);
  if (!file) return fail(file.error());
  const std::string text = path.string();
  for (const Ending& ending : endings) {
    if (text.ends_with(ending.text)) return ending.format;
  }
  std::array<char, 64> start{};
  const std::size_t got = file->read(start);
  if (const auto format = by_content({start.data(), got})) return *format;
  return fail(Errc::malformed,
              text + " is neither GeoJSON (.geojson, .geojsonl) nor OpenStreetMap (.osm.pbf, .osm)");
}

Result<ReadReport> read_segments(const std::filesystem::path& path, Format format, const SegmentSink& sink,
                                 const Progress& progress) {
  auto file = InputFile::open(path);
  if (!file) return fail(file.error());
  if (format == Format::geojson) return read_geojson(*file, sink, progress);
  if (format == Format::osm_xml) {
    OsmXmlFile source(std::move(*file));
    return read_osm(source, sink, progress);
  }
  PbfFile source(std::move(*file));
  return read_osm(source, sink, progress);
}

}  // namespace diary::import
