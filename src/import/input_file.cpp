// SPDX-License-Identifier: Apache-2.0
#include "import/input_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <system_error>

namespace diary::import {

Result<InputFile> InputFile::open(const std::filesystem::path& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  const int reason = errno;
  if (file == nullptr)
    return fail(Errc::failed,
                "cannot open " + path.string() + ": " + std::generic_category().message(reason));
  struct stat status{};
  InputFile opened(file, 0);
  if (fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode))
    return fail(Errc::failed, path.string() + " is no regular file");
  if (status.st_size == 0) return fail(Errc::malformed, path.string() + " is empty");
  opened.size_ = static_cast<std::uint64_t>(status.st_size);
  return opened;
}

Result<InputFile> InputFile::of_bytes(std::span<const char> bytes) {
  if (bytes.empty()) return fail(Errc::malformed, "the input is empty");
  std::FILE* file = fmemopen(const_cast<char*>(bytes.data()), bytes.size(), "rb");  // "r": never written to
  if (file == nullptr) throw std::system_error(errno, std::generic_category(), "fmemopen");
  return InputFile(file, bytes.size());
}

std::size_t InputFile::read(std::span<char> into) {
  const std::size_t got = std::fread(into.data(), 1, into.size(), file_.get());
  if (got < into.size() && std::ferror(file_.get()) != 0)
    throw std::system_error(errno, std::generic_category(), "reading the file");
  offset_ += got;
  return got;
}

void InputFile::seek(std::uint64_t offset) {
  if (fseeko(file_.get(), static_cast<off_t>(offset), SEEK_SET) != 0)
    throw std::system_error(errno, std::generic_category(), "seeking in the file");
  offset_ = offset;
}

}  // namespace diary::import
