// SPDX-License-Identifier: Apache-2.0
#include "pg/restored.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/log.hpp"
#include "base/time.hpp"

namespace diary::pg {
namespace {

namespace fs = std::filesystem;

constexpr const char* kept_prefix = "pg.before-restore-";

fs::path swap_file(const DataFolder& folder) {
  return folder.root() / "restore.swap";
}

// 2026-01-02T03:04:05.123456Z without what file names do badly with.
std::string kept_name() {
  std::string name = kept_prefix;
  for (const char c : to_rfc3339(now())) {
    if (c != ':' && c != '-' && c != '.') name += c;
  }
  return name;
}

bool is_wal(const std::string& name) {
  return name.size() == 24 && name.find_first_not_of("0123456789ABCDEF") == std::string::npos;
}

// A segment carries its own address; one that was only put there for later use carries an older one.
bool is_written(const fs::path& file) {
  std::array<char, 16> header{};
  if (!std::ifstream(file, std::ios::binary).read(header.data(), header.size())) return false;
  std::uint64_t address = 0;
  std::memcpy(&address, header.data() + 8, sizeof address);
  const std::string name = file.filename();
  const std::uint64_t high = std::stoull(name.substr(8, 8), nullptr, 16);
  const std::uint64_t low = std::stoull(name.substr(16, 8), nullptr, 16);
  return address == (high << 32U) + low * fs::file_size(file);
}

bool has_kept(const DataFolder& folder) {
  return std::ranges::any_of(fs::directory_iterator(folder.root()), [](const fs::directory_entry& entry) {
    return entry.path().filename().string().starts_with(kept_prefix);
  });
}

// What was written before is on the disk before what is written after.
void sync_disk_of(const DataFolder& folder) {
  const int fd = open(folder.root().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  syncfs(fd);
  close(fd);
}

void finish_swap(const DataFolder& folder, const std::string& kept) {
  if (fs::exists(restoring(folder))) {
    if (fs::exists(folder.pgdata())) fs::rename(folder.pgdata(), folder.root() / kept);
    fs::rename(restoring(folder), folder.pgdata());
  }
  sync_disk_of(folder);
  fs::remove(swap_file(folder));
}

std::string first_line(const fs::path& file) {
  std::string line;
  std::ifstream in(file);
  std::getline(in, line);
  return line;
}

}  // namespace

fs::path restoring(const DataFolder& folder) {
  return folder.root() / "pg.restoring";
}

FolderHold::FolderHold(const DataFolder& folder)
    : lock_(folder.root() / "lock", folder.account()),
      users_(folder.root() / "users.lock", folder.account()) {}

Result<std::unique_ptr<FolderHold>> FolderHold::take(const DataFolder& folder) {
  std::unique_ptr<FolderHold> hold(new FolderHold(folder));
  if (!hold->lock_.try_exclusive()) {
    std::string pid = "unknown";
    std::string kind;
    std::istringstream(hold->lock_.read()) >> pid >> kind;
    return fail(Errc::failed, kind == "serve" ? "diary (pid " + pid + ") is serving " +
                                                    folder.root().string() + ": stop it first"
                                              : "another diary (pid " + pid + ") is using " +
                                                    folder.root().string() + ": wait for it, or stop it");
  }
  if (!hold->users_.try_exclusive())
    return fail(Errc::failed,
                "another diary command is using " + folder.root().string() + ": wait for it, or stop it");
  hold->lock_.write(std::to_string(getpid()) + " restore restoring");
  return hold;
}

FolderHold::~FolderHold() {
  try {
    lock_.write("");
  } catch (const std::exception& e) {  // the line is only for people
    spdlog::error("the lock file: {}", e.what());
  }
}

void bring_unarchived_wal(const DataFolder& folder) {
  const fs::path from = folder.pgdata() / "pg_wal";
  const fs::path to = restoring(folder) / "pg_wal";
  if (!fs::exists(from)) return;
  for (const auto& entry : fs::directory_iterator(from)) {
    const std::string name = entry.path().filename();
    const bool archived = fs::exists(from / "archive_status" / (name + ".done"));
    if (!is_wal(name) || archived || fs::exists(to / name) || !is_written(entry.path())) continue;
    spdlog::info("taking {} along, which was not archived yet", name);
    std::ostringstream bytes;
    bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    folder.write(to / name, bytes.str());
  }
}

std::optional<fs::path> swap_in(const DataFolder& folder) {
  const std::string kept = kept_name();
  const bool there = fs::exists(folder.pgdata());
  sync_disk_of(folder);
  folder.write(swap_file(folder), kept + "\n");
  finish_swap(folder, kept);
  if (!there) return std::nullopt;
  return folder.root() / kept;
}

Result<void> settle_restore(const DataFolder& folder) {
  if (const std::string kept = first_line(swap_file(folder)); !kept.empty()) {
    spdlog::warn("finishing a restore that was interrupted; the cluster before it is {}",
                 (folder.root() / kept).string());
    finish_swap(folder, kept);
  }
  if (fs::exists(folder.pgdata())) {
    if (fs::exists(restoring(folder)))
      spdlog::warn("a restore was interrupted and has changed nothing; {} is of no use and can be removed",
                   restoring(folder).string());
    return {};
  }
  if (has_kept(folder))
    return fail(Errc::failed, folder.pgdata().string() + " is missing, but there is a " + kept_prefix +
                                  "... beside it: move that back, or run diary restore");
  if (fs::exists(folder.backrest_conf()))
    return fail(Errc::failed,
                folder.pgdata().string() +
                    " is missing, but there are backups: run diary restore; or, to begin with an "
                    "empty database, move " +
                    folder.backrest_conf().string() + " and " + folder.repository().string() + " away");
  return {};
}

}  // namespace diary::pg
