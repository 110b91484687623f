// SPDX-License-Identifier: Apache-2.0
#pragma once

// A PBF file as an OsmSource. Remembers after the first visit which blobs hold what, and skips the others
// from then on; so the order of objects in the file does not matter.

#include <vector>

#include "import/osm_source.hpp"
#include "import/pbf_blobs.hpp"
#include "import/pbf_block.hpp"

namespace diary::import {

class PbfFile : public OsmSource {
 public:
  explicit PbfFile(InputFile file) : blobs_(std::move(file)) {}
  [[nodiscard]] Result<void> visit(unsigned kinds, OsmSink& sink,
                                   const std::function<void(double)>& progress) override;

 private:
  struct Entry {
    std::uint64_t offset;
    unsigned kinds;
  };
  [[nodiscard]] Result<void> visit_all(unsigned kinds, OsmSink& sink,
                                       const std::function<void(double)>& progress);
  [[nodiscard]] Result<unsigned> read_blob(unsigned kinds, OsmSink& sink);

  PbfBlobs blobs_;
  PbfBlock block_;
  std::vector<Entry> entries_;
  bool known_ = false;
};

}  // namespace diary::import
