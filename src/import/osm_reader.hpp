// SPDX-License-Identifier: Apache-2.0
#pragma once

// OpenStreetMap to segments: the ways that people walk or cycle on, cut at junctions. Goes through the file
// once for ways and relations and once for nodes (and once more for ways when cutting them), so that memory
// holds the nodes of the ways that are kept and the outlines of neighbourhoods, never the file.

#include "import/osm_source.hpp"
#include "import/reader.hpp"

namespace diary::import {

[[nodiscard]] Result<ReadReport> read_osm(OsmSource& source, const SegmentSink& sink,
                                          const Progress& progress);

}  // namespace diary::import
