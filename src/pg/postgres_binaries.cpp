// SPDX-License-Identifier: Apache-2.0
#include "pg/postgres_binaries.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <vector>

namespace diary::pg {
namespace {

namespace fs = std::filesystem;

constexpr int newest_packaged = 15;  // in Debian 12

int leading_number(const std::string& text) {
  int number = 0;
  const auto first = text.find_first_of("0123456789");
  if (first != std::string::npos) std::from_chars(text.data() + first, text.data() + text.size(), number);
  return number;
}

bool runs(const fs::path& program) {
  return access(program.c_str(), X_OK) == 0;
}

std::string first_line_of(const fs::path& program, const std::string& arguments) {
  const std::string command = "'" + program.string() + "' " + arguments + " 2>/dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "re"), &pclose);
  std::array<char, 4096> line{};
  if (!pipe || std::fgets(line.data(), static_cast<int>(line.size()), pipe.get()) == nullptr) return {};
  std::string text = line.data();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

// Newest first: Debian keeps /usr/lib/postgresql/15/bin and so on side by side.
std::vector<fs::path> debian_folders() {
  std::vector<fs::path> folders;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none))
    folders.push_back(entry.path());
  std::ranges::sort(folders, std::ranges::greater{},
                    [](const fs::path& folder) { return leading_number(folder.filename().string()); });
  for (fs::path& folder : folders) folder /= "bin";
  return folders;
}

std::vector<fs::path> path_folders() {
  std::vector<fs::path> folders;
  const char* path = std::getenv("PATH");
  std::istringstream list(path == nullptr ? "" : path);
  for (std::string folder; std::getline(list, folder, ':');) {
    if (!folder.empty()) folders.emplace_back(folder);
  }
  return folders;
}

std::optional<fs::path> on_path(const std::string& name) {
  for (const fs::path& folder : path_folders()) {
    if (runs(folder / name)) return folder / name;
  }
  return std::nullopt;
}

bool is_server(const fs::path& folder) {
  return runs(folder / "postgres") && runs(folder / "initdb");
}

int major_of(const fs::path& folder) {
  return leading_number(first_line_of(folder / "postgres", "--version"));
}

bool has_postgis(const fs::path& folder, int major) {
  std::error_code none;
  if (fs::exists("/usr/share/postgresql/" + std::to_string(major) + "/extension/postgis.control", none))
    return true;
  const std::string share = first_line_of(folder / "pg_config", "--sharedir");
  return !share.empty() && fs::exists(fs::path(share) / "extension/postgis.control", none);
}

std::vector<fs::path> candidates() {
  std::vector<fs::path> folders = debian_folders();
  if (const auto config = on_path("pg_config")) {
    if (const std::string bin = first_line_of(*config, "--bindir"); !bin.empty()) folders.emplace_back(bin);
  }
  const auto rest = path_folders();
  folders.insert(folders.end(), rest.begin(), rest.end());
  return folders;
}

}  // namespace

Result<PostgresBinaries> find_postgres(std::optional<int> major) {
  bool server = false;
  for (const fs::path& folder : candidates()) {
    if (!is_server(folder)) continue;
    const int found = major_of(folder);
    if (major && *major != found) continue;
    server = true;
    if (has_postgis(folder, found)) return PostgresBinaries{folder, found};
  }
  const int version = major.value_or(newest_packaged);
  return fail(
      Errc::failed,
      fmt::format(
          "PostgreSQL {} {}: on Debian, apt-get install postgresql-{} postgresql-{}-postgis-3; or name "
          "another database with --database",
          version, server ? "is installed, but not PostGIS for it" : "with PostGIS is not installed", version,
          version));
}

std::optional<fs::path> find_client(const std::string& name) {
  for (const fs::path& folder : debian_folders()) {
    if (runs(folder / name)) return folder / name;
  }
  return on_path(name);
}

}  // namespace diary::pg
