// SPDX-License-Identifier: Apache-2.0
#include "support/pgbouncer.hpp"

#include <libpq-fe.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <stdexcept>

#include "pg/child_process.hpp"
#include "pg/provision.hpp"
#include "support/eventually.hpp"
#include "support/test_cluster.hpp"

namespace diary::support {
namespace {

constexpr const char* program = "/usr/sbin/pgbouncer";
constexpr const char* password = "a password of the tests";

using Link = std::unique_ptr<PGconn, decltype(&PQfinish)>;

// Its console speaks too little of the protocol for pg::Connection.
Link console(const PgBouncer& bouncer) {
  return {PQconnectdb(bouncer.conninfo(pg::superuser_role, "pgbouncer").c_str()), &PQfinish};
}

std::string free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  socklen_t size = sizeof address;
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound = bind(probe, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                     getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(probe);
  if (!bound) throw std::runtime_error("no free port");
  return std::to_string(ntohs(address.sin_port));
}

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file) << text;
}

}  // namespace

PgBouncer::PgBouncer(const TestDatabase& database, const std::map<std::string, std::string>& overrides) {
  const std::string root = folder_.path();
  text_ = read(DIARY_SOURCE_DIR "/deploy/pgbouncer.ini");
  if (text_.empty()) throw std::runtime_error("deploy/pgbouncer.ini cannot be read");
  settings_ = {{"diary", "host=" + test_cluster_socket().string() + " dbname=" + database.name()},
               {"unix_socket_dir", root},
               {"auth_file", root + "/userlist.txt"}};
  for (const auto& [name, value] : overrides) settings_[name] = value;
  std::string users;
  for (const char* role : {pg::superuser_role, pg::owner_role, pg::app_role})
    users += std::string("\"") + role + "\" \"" + password + "\"\n";
  write(folder_.path() / "userlist.txt", users);
  // Somebody else may take the port between its choice and its use.
  for (int tries = 0; tries < 5; ++tries) {
    settings_["listen_port"] = free_port();
    if (start()) return;
  }
  throw std::runtime_error("pgbouncer did not come up:\n" + read(folder_.path() / "log"));
}

bool PgBouncer::start() {
  std::string text = text_;
  for (const auto& [name, value] : settings_) {
    const std::regex line("\n" + name + " = [^\n]*");
    if (!std::regex_search(text, line))
      throw std::runtime_error(name + " is missing in deploy/pgbouncer.ini");
    text = std::regex_replace(text, line, "\n" + name + " = " + value);
  }
  write(folder_.path() / "pgbouncer.ini", text);
  pg::Command command;
  command.argv = {program, folder_.path() / "pgbouncer.ini"};
  if (pg::is_root()) {  // as which it refuses to run
    command.as = pg::find_account("postgres");
    if (!command.as || chown(folder_.path().c_str(), command.as->uid, command.as->gid) != 0)
      throw std::runtime_error("no user postgres to run pgbouncer as");
  }
  command.output = folder_.path() / "log";
  command.signal_when_orphaned = SIGTERM;
  pid_ = pg::spawn(command);
  bool up = false;
  const bool decided = eventually([&] {
    up = PQstatus(console(*this).get()) == CONNECTION_OK;
    return up || pg::exit_code(pid_).has_value();
  });
  return decided && up;
}

PgBouncer::~PgBouncer() {
  kill(pid_, SIGTERM);
  pg::wait_for(pid_);
}

std::string PgBouncer::conninfo(const std::string& role, const std::string& database) const {
  return "host=127.0.0.1 port=" + settings_.at("listen_port") + " user=" + role + " password='" + password +
         "' dbname=" + database;
}

long PgBouncer::transactions() const {
  const Link link = console(*this);
  const std::unique_ptr<PGresult, decltype(&PQclear)> rows(PQexec(link.get(), "SHOW STATS"), &PQclear);
  const int column = PQfnumber(rows.get(), "total_xact_count");
  if (column < 0) throw std::runtime_error(PQerrorMessage(link.get()));
  for (int row = 0; row < PQntuples(rows.get()); ++row) {
    if (std::string(PQgetvalue(rows.get(), row, 0)) == "diary")
      return std::stol(PQgetvalue(rows.get(), row, column));
  }
  return 0;
}

}  // namespace diary::support
