// SPDX-License-Identifier: Apache-2.0
#include "import/pbf_blobs.hpp"

#include <zlib.h>

#include <array>
#include <protozero/pbf_reader.hpp>

namespace diary::import {
namespace {

// Fields of BlobHeader and Blob in fileformat.proto.
enum HeaderField : protozero::pbf_tag_type { header_type = 1, header_datasize = 3 };
enum BlobField : protozero::pbf_tag_type { blob_raw = 1, blob_raw_size = 2, blob_zlib = 3 };

std::string_view compression_name(protozero::pbf_tag_type field) {
  constexpr std::array<std::string_view, 8> names{"", "", "", "", "lzma", "bzip2", "lz4", "zstd"};
  return field < names.size() ? names[field] : std::string_view{};
}

bool inflate_exactly(std::string_view packed, std::string& out) {
  auto size = static_cast<uLongf>(out.size());
  const int done =
      uncompress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(packed.data()),
                 static_cast<uLong>(packed.size()));
  return done == Z_OK && size == out.size();
}

}  // namespace

tl::unexpected<Error> PbfBlobs::broken(const std::string& how) const {
  return fail(Errc::malformed,
              "broken PBF file: the blob at byte " + std::to_string(blob_offset_) + " " + how);
}

Result<std::size_t> PbfBlobs::read_header() {
  std::array<char, 4> prefix{};
  const std::size_t got = file_.read(prefix);
  if (got < prefix.size()) return broken("is cut off in the length of its header");
  std::size_t header_size = 0;
  for (const char c : prefix) header_size = header_size << 8 | static_cast<unsigned char>(c);
  if (header_size > max_header_bytes)
    return broken("has a header of " + std::to_string(header_size) +
                  " bytes; 65536 are allowed (is this PBF?)");
  packed_.resize(header_size);
  if (file_.read(packed_) < header_size) return broken("is cut off in its header");
  std::int64_t size = -1;
  type_.clear();
  for (protozero::pbf_reader header(packed_); header.next();) {
    if (header.tag() == header_type && header.wire_type() == protozero::pbf_wire_type::length_delimited)
      type_ = header.get_string();
    else if (header.tag() == header_datasize && header.wire_type() == protozero::pbf_wire_type::varint)
      size = header.get_int32();
    else
      header.skip();
  }
  if (type_.empty() || size < 0) return broken("has a header without type or size");
  if (static_cast<std::size_t>(size) > max_blob_bytes)
    return broken("has " + std::to_string(size) + " bytes; 32 MiB are allowed");
  return static_cast<std::size_t>(size);
}

Result<void> PbfBlobs::unpack() {
  std::int64_t raw_size = -1;
  protozero::data_view zlib;
  bool raw = false;
  for (protozero::pbf_reader blob(packed_); blob.next();) {
    const bool bytes = blob.wire_type() == protozero::pbf_wire_type::length_delimited;
    const bool number = blob.wire_type() == protozero::pbf_wire_type::varint;
    if (blob.tag() == blob_raw && bytes) {
      const auto view = blob.get_view();
      data_.assign(view.data(), view.size());
      raw = true;
    } else if (blob.tag() == blob_raw_size && number) {
      raw_size = blob.get_int32();
    } else if (blob.tag() == blob_zlib && bytes) {
      zlib = blob.get_view();
    } else if (const auto name = compression_name(blob.tag()); !name.empty()) {
      return broken("is packed with " + std::string(name) +
                    "; only zlib and unpacked blobs are read: repack the file");
    } else {
      blob.skip();
    }
  }
  if (raw) return {};
  if (zlib.empty()) return broken("holds no data");
  if (raw_size < 0 || static_cast<std::size_t>(raw_size) > max_blob_bytes)
    return broken("unpacks to " + std::to_string(raw_size) + " bytes; 32 MiB are allowed");
  data_.resize(static_cast<std::size_t>(raw_size));
  if (!inflate_exactly({zlib.data(), zlib.size()}, data_))
    return broken("does not unpack: its zlib data is damaged");
  return {};
}

Result<bool> PbfBlobs::next() {
  blob_offset_ = file_.offset();
  if (blob_offset_ == file_.size()) return false;
  try {
    const auto size = read_header();
    if (!size) return fail(size.error());
    packed_.resize(*size);
    if (file_.read(packed_) < *size) return broken("is cut off: the file ends inside it");
    if (auto done = unpack(); !done) return fail(done.error());
    return true;
  } catch (const protozero::exception& e) {
    return broken(std::string("is no valid protocol buffer: ") + e.what());
  }
}

}  // namespace diary::import
