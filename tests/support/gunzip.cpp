// SPDX-License-Identifier: Apache-2.0
#include "support/gunzip.hpp"

#include <zlib.h>

#include <stdexcept>

namespace diary::support {

std::string gunzip(const std::string& packed) {
  constexpr int gzip_alone = 31;  // 15 bits of window, and a gzip header
  z_stream stream{};
  if (inflateInit2(&stream, gzip_alone) != Z_OK) throw std::runtime_error("zlib cannot start");
  std::string out(16UL << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int end = inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  if (end != Z_STREAM_END) throw std::runtime_error("not gzip, or not all of it");
  return out;
}

}  // namespace diary::support
