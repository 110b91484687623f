// SPDX-License-Identifier: Apache-2.0
#include "store/migrate.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include "sql/queries.hpp"

namespace diary {
namespace {

struct Embedded {
  std::string name;
  std::string_view text;
  std::string checksum;
  bool frozen;  // a migration, not an object
};

struct Recorded {
  std::string checksum;
  std::string former;  // checksums that the object had before, separated by blanks
};

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

std::vector<Embedded> embedded_files() {
  std::vector<Embedded> files;
  for (const sql::File& f : sql::migrations())
    files.push_back({"migrations/" + std::string(f.name), f.text, sha256(f.text), true});
  for (const sql::File& f : sql::objects())
    files.push_back({"objects/" + std::string(f.name), f.text, sha256(f.text), false});
  return files;
}

std::map<std::string, Recorded> recorded_files(pg::Connection& connection) {
  std::map<std::string, Recorded> recorded;
  if (connection.run(sql::migration::exists).is_null(0, 0)) return recorded;
  const auto rows = connection.run(sql::migration::list);
  for (int i = 0; i < rows.size(); ++i) recorded[rows.str(i, 0)] = {rows.str(i, 1), rows.str(i, 2)};
  return recorded;
}

Result<void> check(const std::vector<Embedded>& files, const std::map<std::string, Recorded>& recorded) {
  std::map<std::string, const Embedded*> by_name;
  for (const Embedded& file : files) by_name[file.name] = &file;
  for (const auto& [name, row] : recorded) {
    const auto it = by_name.find(name);
    if (it == by_name.end() || row.former.find(it->second->checksum) != std::string::npos)
      return fail(Errc::failed, "the database is newer than this program: its " + name +
                                    (it == by_name.end() ? " is unknown here" : " has a later text") +
                                    "; use a newer diary");
    if (it->second->frozen && it->second->checksum != row.checksum)
      return fail(Errc::failed,
                  name + " was changed after it had been applied; a migration is frozen, add another");
  }
  return {};
}

std::string state_of(const Embedded& file, const std::map<std::string, Recorded>& recorded) {
  const auto it = recorded.find(file.name);
  if (it == recorded.end()) return "pending";
  return it->second.checksum == file.checksum ? "applied" : "outdated";
}

// What a file's transaction begins with. The lock is let go with it, not with the session, which behind a
// pooler is not ours; whoever waited for it has to see what was committed meanwhile.
constexpr const char* begin = "BEGIN ISOLATION LEVEL READ COMMITTED";

void make_table(pg::Connection& connection) {
  pg::Transaction transaction(connection, begin);
  connection.run(sql::migration::lock);
  connection.run(sql::migration::create_schema);
  connection.run(sql::migration::create_table);
  transaction.commit();
}

// False when somebody else has applied it by now.
Result<bool> apply(pg::Connection& connection, const std::vector<Embedded>& files, const Embedded& file) {
  pg::Transaction transaction(connection, begin);
  connection.run(sql::migration::lock_table);
  const auto recorded = recorded_files(connection);
  if (auto fine = check(files, recorded); !fine) return fail(std::move(fine.error()));
  if (state_of(file, recorded) == "applied") return false;
  connection.exec(std::string(file.text));
  connection.run(sql::migration::record, {file.name, file.checksum});
  transaction.commit();
  return true;
}

// A text as an SQL literal; no backslash has a meaning in it.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

// Fails when the database is not in the state that the script was made for.
std::string guard(const std::map<std::string, Recorded>& recorded) {
  if (recorded.empty())
    return "DO $guard$\nBEGIN\n  IF to_regclass('diary.migration') IS NOT NULL THEN\n"
           "    RAISE EXCEPTION 'this script is for a database without the schema; diary migrate --sql "
           "--database URL "
           "prints what is due in another';\n  END IF;\nEND $guard$;\n";
  std::string state;
  for (const auto& [name, row] : recorded) state += name + ' ' + row.checksum + '\n';
  return "DO $guard$\nBEGIN\n  IF (SELECT string_agg(name || ' ' || checksum || E'\\n', '' ORDER BY name "
         "COLLATE \"C\") "
         "FROM diary.migration)\n     IS DISTINCT FROM " +
         quoted(state) +
         " THEN\n    RAISE EXCEPTION 'this script was made for another state of the schema; make it anew "
         "with diary "
         "migrate --sql --database URL';\n  END IF;\nEND $guard$;\n";
}

std::string refusal(const std::string& what, const pg::DbError& error) {
  const bool forbidden = error.sqlstate() == "42501";
  return what + ": " + error.what() +
         (forbidden
              ? "; only the role that owns the schema can migrate it: name it in DIARY_OWNER_URL, or run "
                "diary migrate as that role"
              : "");
}

}  // namespace

Result<std::vector<MigrationFile>> migration_status(pg::Connection& connection) {
  const auto files = embedded_files();
  const auto recorded = recorded_files(connection);
  if (auto fine = check(files, recorded); !fine) return fail(std::move(fine.error()));
  std::vector<MigrationFile> status;
  status.reserve(files.size());
  for (const Embedded& file : files) status.push_back({file.name, state_of(file, recorded)});
  return status;
}

Result<std::vector<std::string>> migrate(pg::Connection& connection) {
  const auto files = embedded_files();
  const auto recorded = recorded_files(connection);
  if (auto fine = check(files, recorded); !fine) return fail(std::move(fine.error()));
  std::vector<std::string> applied;
  const bool due = std::any_of(files.begin(), files.end(),
                               [&](const Embedded& file) { return state_of(file, recorded) != "applied"; });
  if (!due) return applied;  // a role that may not create anything can still start a server
  std::string at = "the table of migrations";
  try {
    if (connection.run(sql::migration::exists).is_null(0, 0)) make_table(connection);
    for (const Embedded& file : files) {
      if (state_of(file, recorded) == "applied") continue;
      at = file.name;
      auto done = apply(connection, files, file);
      if (!done) return fail(std::move(done.error()));
      if (*done) applied.push_back(file.name);
    }
  } catch (const pg::ConnectionLost&) {
    throw;
  } catch (const pg::DbError& e) {
    return fail(Errc::failed, refusal(at, e));
  }
  return applied;
}

Result<std::string> migration_script(pg::Connection* connection) {
  const auto files = embedded_files();
  const auto recorded = connection ? recorded_files(*connection) : std::map<std::string, Recorded>{};
  if (auto fine = check(files, recorded); !fine) return fail(std::move(fine.error()));
  std::string script = fmt::format(
      "-- The schema of Route Safety Diary, {}, for the database's owner: psql -v ON_ERROR_STOP=1 -f FILE\n"
      "\\set ON_ERROR_STOP on\n{};\nSET LOCAL client_min_messages = warning;\n",
      recorded.empty() ? "for a database without it" : "what is due", begin);
  script += guard(recorded);
  if (recorded.empty()) {
    script +=
        fmt::format("{};\n{};\n", sql::migration::create_schema.text, sql::migration::create_table.text);
  }
  script += fmt::format("{};\n", sql::migration::lock_table.text);
  for (const Embedded& file : files) {
    if (state_of(file, recorded) == "applied") continue;
    std::string record(sql::migration::record.text);
    record.replace(record.find("$1, $2"), 6, quoted(file.name) + ", " + quoted(file.checksum));
    script += fmt::format("\n-- {}\n{}\n{};\n", file.name, file.text, record);
  }
  return script + "COMMIT;\n";
}

}  // namespace diary
