// SPDX-License-Identifier: Apache-2.0
#include "app/dump_check.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "base/uuid.hpp"
#include "pg/child_process.hpp"
#include "pg/client_program.hpp"
#include "pg/postgres_binaries.hpp"
#include "store/dump_store.hpp"

namespace diary {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t size_limit = std::int64_t{2} << 30;
constexpr const char* dumped = "a dump of everything is taken";
constexpr const char* restores = "it restores without an error";
constexpr const char* same = "every table has the same rows again";

Check line(const char* name, std::string status, std::string evidence) {
  return {"11.10", "check", name, std::move(status), std::move(evidence), "no data loss"};
}

std::vector<Check> all(const std::string& status, const std::string& why) {
  return {line(dumped, status, why), line(restores, status, why), line(same, status, why)};
}

// Nobody else may read it: a dump holds the password hashes.
class PrivateFolder {
 public:
  PrivateFolder() {
    std::string name = (fs::temp_directory_path() / "diary-verify-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
    path_ = name;
  }
  ~PrivateFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

class ScratchDatabase {
 public:
  explicit ScratchDatabase(pg::Connection& connection)
      : store_(connection), name_("diary_verify_" + Uuid::random().text()) {
    store_.create_database(name_);
  }
  ~ScratchDatabase() {
    try {
      store_.drop_database(name_);
    } catch (const pg::DbError&) {  // the server is gone; its name says what it was
    }
  }
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  DumpStore store_;
  std::string name_;
};

std::string first_error(const fs::path& log) {
  std::ostringstream text;
  text << std::ifstream(log).rdbuf();
  const std::string all_of_it = text.str();
  return all_of_it.substr(0, all_of_it.find('\n'));
}

class DumpCheck {
 public:
  explicit DumpCheck(pg::Connection& connection)
      : connection_(connection), client_(pg::client_connection(connection)) {}

  std::vector<Check> run(const fs::path& pg_dump, const fs::path& pg_restore) {
    if (!dump(pg_dump)) return checks_;
    const ScratchDatabase scratch(connection_);
    if (restore(pg_restore, scratch.name())) compare(scratch.name());
    return checks_;
  }

 private:
  // With the transaction's own snapshot, so that writers may go on.
  bool dump(const fs::path& program) {
    const pg::Transaction transaction(connection_, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    DumpStore store(connection_);
    const std::string snapshot = store.export_snapshot();
    before_ = store.sums();
    if (!start({program, "--format=custom", "--no-password", "--snapshot=" + snapshot,
                "--file=" + file().string()},
               client_.rest, dumped))
      return false;
    checks_.push_back(line(dumped, "ok", fmt::format("{} bytes", fs::file_size(file()))));
    return true;
  }

  bool restore(const fs::path& program, const std::string& database) {
    if (!start({program, "--exit-on-error", "--no-password", file()},
               client_.rest + "dbname='" + database + "'", restores))
      return false;
    checks_.push_back(line(restores, "ok", "into a database of its own"));
    return true;
  }

  void compare(const std::string& database) {
    pg::Connection copy(pg::conninfo_of(connection_, database));
    const pg::Transaction transaction(copy);
    const auto after = DumpStore(copy).sums();
    std::int64_t rows = 0;
    for (const TableSum& table : before_) {
      rows += table.rows;
      if (std::ranges::find(after, table) != after.end()) continue;
      checks_.push_back(line(same, "wrong", table.table + " differs"));
      return;
    }
    checks_.push_back(line(
        same, "ok", fmt::format("{} tables, {} rows, equal counts and checksums", before_.size(), rows)));
  }

  bool start(std::vector<std::string> argv, const std::string& database, const char* name) {
    if (!database.empty()) argv.insert(argv.end(), {"--dbname", database});
    const fs::path log = folder_.path() / "log";
    const int code = pg::wait_for(
        pg::spawn({.argv = std::move(argv), .as = {}, .output = log, .environment = client_.environment}));
    if (code == 0) return true;
    checks_.push_back(line(name, "failed", first_error(log)));
    for (const char* later : {restores, same}) {
      if (std::string_view(later) != name) checks_.push_back(line(later, "failed", "not tried"));
    }
    return false;
  }

  [[nodiscard]] fs::path file() const { return folder_.path() / "dump"; }

  pg::Connection& connection_;
  pg::ClientConnection client_;
  PrivateFolder folder_;
  std::vector<TableSum> before_;
  std::vector<Check> checks_;
};

}  // namespace

std::vector<Check> check_dump(const std::string& conninfo) {
  const auto pg_dump = pg::find_client("pg_dump");
  const auto pg_restore = pg::find_client("pg_restore");
  if (!pg_dump || !pg_restore) return all("skipped", "pg_dump and pg_restore are not installed here");
  pg::Connection connection(conninfo);
  const auto prospect = DumpStore(connection).prospect();
  if (prospect.obstacle) return all("skipped", *prospect.obstacle);
  if (prospect.bytes > size_limit)
    return all("skipped", fmt::format("{} bytes are too many", prospect.bytes));
  try {
    return DumpCheck(connection).run(*pg_dump, *pg_restore);
  } catch (const pg::ConnectionLost&) {
    throw;
  } catch (const pg::DbError& e) {
    return all("failed", e.what());
  }
}

}  // namespace diary
