// SPDX-License-Identifier: Apache-2.0
#include "import/pbf_file.hpp"

#include <protozero/exception.hpp>

namespace diary::import {

Result<unsigned> PbfFile::read_blob(unsigned kinds, OsmSink& sink) {
  const bool first = blobs_.blob_offset() == 0;
  if (first != (blobs_.type() == "OSMHeader"))
    return first ? blobs_.broken("is the first, but no OSMHeader") : blobs_.broken("is a second OSMHeader");
  try {
    if (first) check_header_block(blobs_.data());
    return blobs_.type() == "OSMData" ? block_.read(blobs_.data(), kinds, sink) : 0U;
  } catch (const PbfError& e) {
    return blobs_.broken(e.what());
  } catch (const protozero::exception& e) {
    return blobs_.broken(std::string("is no valid protocol buffer: ") + e.what());
  }
}

Result<void> PbfFile::visit_all(unsigned kinds, OsmSink& sink, const std::function<void(double)>& progress) {
  blobs_.seek(0);
  entries_.clear();
  for (;;) {
    const auto more = blobs_.next();
    if (!more) return fail(more.error());
    if (!*more) break;
    const auto held = read_blob(kinds, sink);
    if (!held) return fail(held.error());
    entries_.push_back({blobs_.blob_offset(), *held});
    if (progress) progress(static_cast<double>(blobs_.offset()) / static_cast<double>(blobs_.size()));
  }
  known_ = true;
  return {};
}

Result<void> PbfFile::visit(unsigned kinds, OsmSink& sink, const std::function<void(double)>& progress) {
  if (!known_) return visit_all(kinds, sink, progress);
  for (const Entry& entry : entries_) {
    if ((entry.kinds & kinds) == 0) continue;
    blobs_.seek(entry.offset);
    const auto more = blobs_.next();
    if (!more) return fail(more.error());
    const auto held = read_blob(kinds, sink);
    if (!held) return fail(held.error());
    if (progress) progress(static_cast<double>(blobs_.offset()) / static_cast<double>(blobs_.size()));
  }
  return {};
}

}  // namespace diary::import
