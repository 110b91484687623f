// SPDX-License-Identifier: Apache-2.0
#pragma once

// A file read from front to back, or at an offset, in pieces. Never holds more of it than the caller asked
// for.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>

#include "base/result.hpp"

namespace diary::import {

class InputFile {
 public:
  // Refuses what cannot be opened, directories and empty files, by name.
  [[nodiscard]] static Result<InputFile> open(const std::filesystem::path& path);

  // Bytes in memory, read as if they were a file; they have to outlive it.
  [[nodiscard]] static Result<InputFile> of_bytes(std::span<const char> bytes);

  std::size_t read(std::span<char> into);  // fewer than asked for only at the end; throws on an I/O error
  void seek(std::uint64_t offset);
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  struct Close {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  InputFile(std::FILE* file, std::uint64_t size) : file_(file), size_(size) {}
  std::unique_ptr<std::FILE, Close> file_;
  std::uint64_t size_;
  std::uint64_t offset_ = 0;
};

}  // namespace diary::import
