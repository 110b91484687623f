// SPDX-License-Identifier: Apache-2.0
#include "pg/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace diary::pg {
namespace {

[[noreturn]] void cannot_lock(const std::filesystem::path& file) {
  throw std::system_error(errno, std::generic_category(), file.string());
}

}  // namespace

// O_NOFOLLOW: root must not be led elsewhere by a link that the folder's owner put here.
FileLock::FileLock(const std::filesystem::path& file, const Account& owner)
    : fd_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  if (fd_ < 0) cannot_lock(file);
  if (is_root() && fchown(fd_, owner.uid, owner.gid) != 0) cannot_lock(file);
}

FileLock::~FileLock() {
  close(fd_);
}

bool FileLock::take(int operation) {
  int answer = 0;
  do answer = flock(fd_, operation | LOCK_NB);
  while (answer != 0 && errno == EINTR);
  if (answer != 0 && errno != EWOULDBLOCK) throw std::system_error(errno, std::generic_category(), "flock");
  return answer == 0;
}

bool FileLock::try_exclusive() {
  return take(LOCK_EX);
}

bool FileLock::try_shared() {
  return take(LOCK_SH);
}

void FileLock::release() {
  flock(fd_, LOCK_UN);
}

// One pwrite() of a fixed width, so that a reader never sees half of an old line behind a new one.
void FileLock::write(const std::string& line) {
  std::string text = line;
  text.resize(63, ' ');
  text += '\n';
  if (pwrite(fd_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    throw std::system_error(errno, std::generic_category(), "lock file");
}

std::string FileLock::read() const {
  std::array<char, 64> text{};
  const ssize_t length = pread(fd_, text.data(), text.size(), 0);
  return length <= 0 ? std::string{} : std::string(text.data(), static_cast<std::size_t>(length));
}

}  // namespace diary::pg
