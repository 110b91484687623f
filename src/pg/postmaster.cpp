// SPDX-License-Identifier: Apache-2.0
#include "pg/postmaster.hpp"

#include <libpq-fe.h>
#include <signal.h>

#include <chrono>
#include <thread>

#include "base/log.hpp"
#include "pg/child_process.hpp"
#include "pg/log_tail.hpp"
#include "pg/provision.hpp"

namespace diary::pg {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr seconds answer_limit{60};
constexpr seconds fast_limit{60};
constexpr seconds immediate_limit{10};
constexpr std::uintmax_t log_limit_bytes = 16 << 20;

void rotate(const fs::path& log) {
  std::error_code ignored;
  if (size_of(log) > log_limit_bytes) fs::rename(log, log.string() + ".1", ignored);
}

std::string keyword(const char* name, const std::string& value) {
  std::string text = std::string(name) + "='";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "' ";
}

// By a signal that the program holds back: a recovery can take longer than anybody wants to wait. Where
// signals are not held back, none is ever pending.
bool asked_to_stop() {
  sigset_t pending;
  return sigpending(&pending) == 0 &&
         (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

Result<void> wait_until_it_answers(Postmaster& postmaster, const std::string& conninfo) {
  auto deadline = Clock::now() + answer_limit;
  auto patience = Clock::now() + seconds{5};
  for (;;) {
    if (!postmaster.alive()) return fail(Errc::failed, "PostgreSQL does not start");
    if (asked_to_stop()) return fail(Errc::failed, "stopped while PostgreSQL was starting");
    const PGPing answer = PQping(conninfo.c_str());
    if (answer == PQPING_OK) return {};
    // It is there and says "starting up": recovery takes as long as there is log to replay.
    if (answer == PQPING_REJECT) deadline = Clock::now() + answer_limit;
    if (Clock::now() >= deadline) return fail(Errc::failed, "PostgreSQL does not answer");
    if (Clock::now() >= patience) {
      spdlog::info("waiting for PostgreSQL to start");
      patience += seconds{10};
    }
    std::this_thread::sleep_for(milliseconds{10});
  }
}

}  // namespace

Result<void> make_cluster(const DataFolder& folder, const PostgresBinaries& binaries,
                          const ClusterSettings& settings) {
  if (fs::exists(folder.pgdata() / "PG_VERSION")) return {};
  if (fs::exists(folder.pgdata()))
    return fail(Errc::failed, folder.pgdata().string() + " exists and is not a PostgreSQL data folder");
  fs::remove_all(folder.unfinished());
  folder.make(folder.unfinished());
  Command initdb;
  initdb.argv = {binaries.folder / "initdb",
                 "-D",
                 folder.unfinished(),
                 "-U",
                 "postgres",
                 "--locale=C.UTF-8",
                 "--encoding=UTF8",
                 "--data-checksums",
                 "--auth-local=peer",
                 "--auth-host=reject",
                 "--no-instructions"};
  if (!settings.durable) initdb.argv.emplace_back("--no-sync");
  initdb.as = folder.account();
  initdb.output = folder.log("initdb.log");
  initdb.signal_when_orphaned = SIGTERM;
  const auto before = size_of(initdb.output);
  if (const int code = wait_for(spawn(initdb)); code != 0)
    return fail(Errc::failed, "initdb failed (" + std::to_string(code) + "):" + tail(initdb.output, before));
  fs::rename(folder.unfinished(), folder.pgdata());
  return {};
}

Result<void> configure_cluster(const DataFolder& folder, const fs::path& pgdata,
                               const ClusterSettings& settings) {
  const auto us = own_account();
  if (!us) return fail(us.error());
  folder.write(pgdata / "postgresql.conf", postgresql_conf());
  folder.write(pgdata / "diary.conf", diary_conf(settings));
  folder.write(pgdata / "pg_hba.conf", pg_hba_conf());
  folder.write(pgdata / "pg_ident.conf", pg_ident_conf({"root", us->name, folder.account().name},
                                                       {superuser_role, owner_role, app_role}));
  return {};
}

std::string socket_conninfo(const fs::path& socket_folder, const std::string& role,
                            const std::string& database, int port) {
  return keyword("host", socket_folder.string()) + "port=" + std::to_string(port) + " " +
         keyword("user", role) + keyword("dbname", database) + "fallback_application_name=diary";
}

Result<Postmaster> Postmaster::start(const DataFolder& folder, const PostgresBinaries& binaries,
                                     const ServerPlace& place) {
  rotate(place.log);
  Command postgres;
  // On the command line, so that the operator's own settings cannot move the socket away from under us.
  postgres.argv = {binaries.folder / "postgres", "-D", place.pgdata,       "-p",
                   std::to_string(place.port),   "-k", place.socket_folder};
  for (const std::string& setting : place.settings)
    postgres.argv.insert(postgres.argv.end(), {"-c", setting});
  postgres.as = folder.account();
  postgres.output = place.log;
  postgres.signal_when_orphaned = SIGINT;
  postgres.environment = {{"LC_ALL", "C.UTF-8"}};
  const auto before = size_of(place.log);
  Postmaster postmaster(spawn(postgres));
  const auto ready = wait_until_it_answers(
      postmaster, socket_conninfo(place.socket_folder, superuser_role, "postgres", place.port));
  if (ready) return postmaster;
  postmaster.stop();
  return fail(Errc::failed, ready.error().message + ":" + tail(place.log, before));
}

bool Postmaster::alive() {
  if (pid_ > 0 && exit_code(pid_)) pid_ = 0;
  return pid_ > 0;
}

void Postmaster::stop() {
  if (!alive()) return;
  for (const auto& [number, limit] :
       {std::pair{SIGINT, fast_limit}, {SIGQUIT, immediate_limit}, {SIGKILL, seconds{5}}}) {
    kill(pid_, number);
    if (wait_for(pid_, limit)) break;
  }
  pid_ = 0;
}

}  // namespace diary::pg
