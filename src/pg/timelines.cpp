// SPDX-License-Identifier: Apache-2.0
#include "pg/timelines.hpp"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace diary::pg {
namespace {

struct Entry {
  Time since;
  int timeline;
};

// Lines such as "2026-01-02T03:04:05Z 2".
std::vector<Entry> read(const std::filesystem::path& file) {
  std::vector<Entry> entries;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string since;
    int timeline = 0;
    words >> since >> timeline;
    if (const auto time = parse_rfc3339(since); time && timeline > 0) entries.push_back({*time, timeline});
  }
  return entries;
}

}  // namespace

void note_timeline(const DataFolder& folder, int timeline, Time since) {
  const auto file = folder.repository() / "timelines";
  auto entries = read(file);
  if (!entries.empty() && entries.back().timeline == timeline) return;
  entries.push_back({since, timeline});
  std::string text;
  for (const Entry& entry : entries)
    text += to_rfc3339(entry.since) + " " + std::to_string(entry.timeline) + "\n";
  folder.write(file, text);
}

std::optional<int> timeline_at(const DataFolder& folder, std::optional<Time> at) {
  std::optional<int> found;
  for (const Entry& entry : read(folder.repository() / "timelines")) {
    if (!at || entry.since <= *at) found = entry.timeline;
  }
  return found;
}

}  // namespace diary::pg
