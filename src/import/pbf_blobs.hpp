// SPDX-License-Identifier: Apache-2.0
#pragma once

// The outer layer of an OpenStreetMap PBF file: a row of blobs, each with a type, zlib-packed or raw. Holds
// the format's limits (64 KiB for a header, 32 MiB for a blob) and names the byte where a file is broken.

#include <string>

#include "import/input_file.hpp"

namespace diary::import {

class PbfBlobs {
 public:
  static constexpr std::size_t max_header_bytes = std::size_t{64} * 1024;
  static constexpr std::size_t max_blob_bytes = std::size_t{32} * 1024 * 1024;

  explicit PbfBlobs(InputFile file) : file_(std::move(file)) {}

  // The blob at offset(), unpacked, in type() and data(); false at the end of the file.
  [[nodiscard]] Result<bool> next();
  [[nodiscard]] const std::string& type() const { return type_; }
  [[nodiscard]] const std::string& data() const { return data_; }

  void seek(std::uint64_t offset) { file_.seek(offset); }
  [[nodiscard]] std::uint64_t offset() const { return file_.offset(); }
  [[nodiscard]] std::uint64_t blob_offset() const { return blob_offset_; }
  [[nodiscard]] std::uint64_t size() const { return file_.size(); }

  [[nodiscard]] tl::unexpected<Error> broken(const std::string& how) const;

 private:
  [[nodiscard]] Result<std::size_t> read_header();  // the size of the packed blob
  [[nodiscard]] Result<void> unpack();

  InputFile file_;
  std::uint64_t blob_offset_ = 0;
  std::string type_;
  std::string packed_;
  std::string data_;
};

}  // namespace diary::import
