// SPDX-License-Identifier: Apache-2.0
#pragma once

// OpenStreetMap XML as an OsmSource, through expat in pieces. Refuses document types (no entities are
// needed), other roots than <osm>, and single texts of more than 16 MiB.

#include "import/input_file.hpp"
#include "import/osm_source.hpp"

namespace diary::import {

class OsmXmlFile : public OsmSource {
 public:
  explicit OsmXmlFile(InputFile file) : file_(std::move(file)) {}
  [[nodiscard]] Result<void> visit(unsigned kinds, OsmSink& sink,
                                   const std::function<void(double)>& progress) override;

 private:
  InputFile file_;
};

}  // namespace diary::import
