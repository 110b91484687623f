// SPDX-License-Identifier: Apache-2.0
#include "pg/data_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>

namespace diary::pg {
namespace {

namespace fs = std::filesystem;

constexpr const char* socket_prefix = "diary-run-";

[[noreturn]] void give_up(const fs::path& path) {
  throw std::system_error(errno, std::generic_category(), path.string());
}

bool too_long_for_a_socket(const fs::path& folder) {
  return (folder / ".s.PGSQL.5432").string().size() >= sizeof(sockaddr_un::sun_path);
}

std::optional<Account> owner_of(const fs::path& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0 || status.st_uid == 0) return std::nullopt;
  return find_account(status.st_uid);
}

// PostgreSQL refuses to run as root: then it is who already owns the cluster, else the package's own user.
Result<Account> account_for(const fs::path& root) {
  if (!is_root()) return own_account();
  if (auto owner = owner_of(root / "pg")) return *std::move(owner);
  if (auto postgres = find_account("postgres")) return *std::move(postgres);
  return fail(Errc::failed,
              "PostgreSQL does not run as root, and there is no user \"postgres\" to run it as");
}

Result<fs::path> chosen(const fs::path& wanted) {
  fs::path root = fs::absolute(wanted.empty() ? ".diary" : wanted).lexically_normal();
  const auto account = account_for(root);
  if (!account) return fail(account.error());
  if (!is_root() || can_enter(*account, root)) return root;
  if (wanted.empty()) return fs::path("/var/lib/diary");
  return fail(Errc::failed,
              root.string() + ": user " + account->name +
                  ", as whom PostgreSQL runs, cannot enter this folder; choose another with --data");
}

// The path in the first line of `file`, which is seldom there.
fs::path named_in(const fs::path& file, const fs::path& otherwise) {
  std::string line;
  if (std::ifstream in(file); std::getline(in, line) && !line.empty()) return line;
  return otherwise;
}

void hand_over(const fs::path& path, const Account& account) {
  if (is_root() && lchown(path.c_str(), account.uid, account.gid) != 0) give_up(path);
}

}  // namespace

Result<DataFolder> DataFolder::open(const fs::path& wanted) {
  const auto root = chosen(wanted);
  if (!root) return fail(root.error());
  auto account = account_for(*root);
  if (!account) return fail(account.error());
  std::error_code ec;
  if (root->has_parent_path()) fs::create_directories(root->parent_path(), ec);
  try {
    const DataFolder folder(*root, *account);
    if (!fs::exists(*root)) folder.make(*root);
    if (!can_enter(*account, *root))
      return fail(Errc::failed, root->string() + ": user " + account->name + " cannot enter this folder");
    for (const char* name : {"log", "run"}) folder.make(*root / name);
    return DataFolder(fs::canonical(*root), *std::move(account));
  } catch (const std::system_error& e) {
    return fail(Errc::failed, "cannot use the data folder: " + std::string(e.what()));
  }
}

std::optional<int> DataFolder::version() const {
  int major = 0;
  if (std::ifstream(pgdata() / "PG_VERSION") >> major) return major;
  return std::nullopt;
}

fs::path DataFolder::socket_folder() const {
  return named_in(root_ / "run.path", root_ / "run");
}

fs::path DataFolder::repository() const {
  return named_in(root_ / "backup.path", root_ / "backup");
}

fs::path DataFolder::make_socket_folder() const {
  remove_socket_folder();
  fs::path folder = root_ / "run";
  if (too_long_for_a_socket(folder)) {
    fs::path parent = fs::temp_directory_path();
    if (too_long_for_a_socket(parent / "diary-run-XXXXXX") || !can_enter(account_, parent)) parent = "/tmp";
    std::string name = (parent / socket_prefix).string() + "XXXXXX";
    if (mkdtemp(name.data()) == nullptr) give_up(name);
    write(root_ / "run.path", name + "\n");
    hand_over(name, account_);
    return name;
  }
  make(folder);
  return folder;
}

// Only what make_socket_folder() made: run.path is a file, and files can say anything.
void DataFolder::remove_socket_folder() const {
  const fs::path folder = socket_folder();
  const bool ours = folder == root_ / "run" || folder.filename().string().starts_with(socket_prefix);
  std::error_code ignored;
  if (ours) {
    for (const char* name : {".s.PGSQL.5432", ".s.PGSQL.5432.lock", ".s.PGSQL.5433", ".s.PGSQL.5433.lock"})
      fs::remove(folder / name, ignored);
  }
  if (ours && folder != root_ / "run") fs::remove(folder, ignored);
  fs::remove(root_ / "run.path", ignored);
}

void DataFolder::make(const fs::path& directory) const {
  if (mkdir(directory.c_str(), 0700) == 0) {
    hand_over(directory, account_);
  } else if (errno != EEXIST || !fs::is_directory(fs::symlink_status(directory))) {
    give_up(directory);
  }
}

void DataFolder::write(const fs::path& file, const std::string& text) const {
  const fs::path fresh = file.string() + ".new";
  std::error_code ignored;
  fs::remove(fresh, ignored);
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) give_up(fresh);
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       (!is_root() || fchown(fd, account_.uid, account_.gid) == 0);
  close(fd);
  if (!written || rename(fresh.c_str(), file.c_str()) != 0) give_up(file);
}

}  // namespace diary::pg
