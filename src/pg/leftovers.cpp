// SPDX-License-Identifier: Apache-2.0
#include "pg/leftovers.hpp"

#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>

#include "base/log.hpp"
#include "pg/child_process.hpp"

namespace diary::pg {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

bool is_postgres_in(const std::string& proc, const fs::path& pgdata) {
  std::array<char, 4096> link{};
  const ssize_t length = readlink((proc + "/cwd").c_str(), link.data(), link.size());
  if (length <= 0 || std::string_view(link.data(), static_cast<std::size_t>(length)) != pgdata.native())
    return false;
  std::string name;
  std::ifstream(proc + "/comm") >> name;
  return name == "postgres";
}

std::vector<pid_t> scan(const fs::path& pgdata) {
  std::vector<pid_t> found;
  DIR* proc = opendir("/proc");
  if (proc == nullptr) return found;
  while (const dirent* entry = readdir(proc)) {
    const std::string name = entry->d_name;
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (is_postgres_in("/proc/" + name, pgdata)) found.push_back(std::stoi(name));
  }
  closedir(proc);
  return found;
}

pid_t recorded_postmaster(const fs::path& pgdata) {
  pid_t pid = 0;
  std::ifstream(pgdata / "postmaster.pid") >> pid;
  return pid;
}

bool gone_within(const fs::path& pgdata, const Account& account, seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!processes_in(pgdata, account).empty()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return true;
}

bool signal_all(const fs::path& pgdata, const Account& account, int number, seconds limit) {
  for (const pid_t pid : processes_in(pgdata, account)) kill(pid, number);
  return gone_within(pgdata, account, limit);
}

// A living postmaster is asked for a fast shutdown. Without one, its orphans hold the shared memory that a
// new one needs to be free, and nothing they still do can be committed.
bool stop(const fs::path& pgdata, const Account& account, const std::vector<pid_t>& found) {
  const pid_t postmaster = recorded_postmaster(pgdata);
  if (std::ranges::find(found, postmaster) != found.end()) {
    kill(postmaster, SIGINT);
    if (gone_within(pgdata, account, seconds{30})) return true;
  }
  return signal_all(pgdata, account, SIGQUIT, seconds{10}) ||
         signal_all(pgdata, account, SIGKILL, seconds{5});
}

}  // namespace

// Read as the account: root without CAP_SYS_PTRACE, as in most containers, may not look into another user's
// process.
std::vector<pid_t> processes_in(const fs::path& pgdata, const Account& account) {
  if (!is_root()) return scan(pgdata);
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return {};
  std::vector<pid_t> found;
  run_as(account, [&] {
    for (const pid_t pid : scan(pgdata)) {
      if (write(ends[1], &pid, sizeof pid) != sizeof pid) return 1;
    }
    return 0;
  });
  close(ends[1]);
  for (pid_t pid = 0; read(ends[0], &pid, sizeof pid) == sizeof pid;) found.push_back(pid);
  close(ends[0]);
  return found;
}

Result<void> clear_leftovers(const fs::path& folder, const Account& account) {
  if (!fs::exists(folder)) return {};
  const fs::path pgdata = fs::canonical(folder);
  if (const auto found = processes_in(pgdata, account); !found.empty()) {
    spdlog::warn("stopping {} PostgreSQL processes that an earlier run left behind", found.size());
    if (!stop(pgdata, account, found))
      return fail(Errc::failed, "PostgreSQL processes of " + pgdata.string() + " do not stop");
  }
  // Nobody lives here, so the number in this file belongs to nobody or to a stranger; PostgreSQL would
  // believe it.
  std::error_code ignored;
  fs::remove(pgdata / "postmaster.pid", ignored);
  return {};
}

}  // namespace diary::pg
