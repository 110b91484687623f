// SPDX-License-Identifier: Apache-2.0
#include "app/moderation_list.hpp"

#include <spdlog/spdlog.h>

#include <fstream>
#include <sstream>

namespace diary {

Result<std::unique_ptr<ModerationList>> ModerationList::open(const std::filesystem::path& file) {
  std::unique_ptr<ModerationList> made(new ModerationList(file));
  if (!file.empty()) {
    if (auto done = made->read(); !done) return fail(std::move(done.error()));
  }
  return made;
}

std::shared_ptr<const WordList> ModerationList::current() const {
  const std::scoped_lock lock(mutex_);
  return list_;
}

std::optional<ModerationList::Stamp> ModerationList::stamp() const {
  struct stat found{};
  if (stat(file_.c_str(), &found) != 0) return std::nullopt;
  return Stamp{found.st_mtim, found.st_size, found.st_ino};
}

// The stamp is taken first: what is written while the file is read is read the next time.
Result<void> ModerationList::read() {
  seen_ = stamp();
  const auto refuse = [&](const std::string& why) {
    return fail(Errc::failed, "the moderation list " + file_.string() + " " + why);
  };
  std::ifstream in(file_, std::ios::binary);
  if (!in || std::filesystem::is_directory(file_)) return refuse("cannot be read");
  std::string text(WordList::max_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return refuse("cannot be read");
  text.resize(static_cast<std::size_t>(in.gcount()));
  auto list = WordList::parse(text);
  if (!list) return refuse(list.error().message);
  spdlog::info("the moderation list has {} entries", list->size());
  const std::scoped_lock lock(mutex_);
  list_ = std::make_shared<WordList>(std::move(*list));
  return {};
}

void ModerationList::reload() {
  if (!has_file()) return;
  if (auto done = read(); !done) spdlog::error("{}; the former list stays", done.error().message);
}

void ModerationList::reload_if_changed() {
  if (has_file() && stamp() != seen_) reload();
}

}  // namespace diary
