// SPDX-License-Identifier: Apache-2.0
#include "held.hpp"
#include "import/osm_reader.hpp"
#include "import/osm_xml.hpp"

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  auto file = diary::import::InputFile::of_bytes({data, size});
  if (!file) return 0;
  diary::import::OsmXmlFile source(std::move(*file));
  (void)diary::import::read_osm(source, diary::import::check_segment, {});
  return 0;
}
