// SPDX-License-Identifier: Apache-2.0
#include "pg/log_tail.hpp"

#include <deque>
#include <fstream>

namespace diary::pg {

namespace fs = std::filesystem;

std::uintmax_t size_of(const fs::path& file) {
  std::error_code none;
  const auto size = fs::file_size(file, none);
  return none ? 0 : size;
}

std::string tail(const fs::path& file, std::uintmax_t from) {
  std::ifstream log(file);
  log.seekg(static_cast<std::streamoff>(from));
  std::deque<std::string> lines;
  for (std::string line; std::getline(log, line);) {
    lines.push_back(line);
    if (lines.size() > 12) lines.pop_front();
  }
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text.empty() ? " (nothing in " + file.string() + ")" : text;
}

}  // namespace diary::pg
