// SPDX-License-Identifier: Apache-2.0
#include "pg/private_cluster.hpp"

#include <libpq-fe.h>
#include <unistd.h>

#include <chrono>
#include <sstream>
#include <system_error>
#include <thread>

#include "base/log.hpp"
#include "base/time.hpp"
#include "pg/backrest.hpp"
#include "pg/leftovers.hpp"
#include "pg/rehearsal.hpp"
#include "pg/restored.hpp"
#include "pg/timelines.hpp"

namespace diary::pg {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr seconds other_command_limit{10};  // how long `serve` waits for a command to finish
constexpr seconds silence_limit{60};  // how long a guest waits for a running cluster that does not answer

void pause_briefly() {
  std::this_thread::sleep_for(milliseconds{20});
}

// What an owner leaves in the lock file: "1234 serve ready".
struct Holder {
  std::string pid = "unknown";
  std::string kind;
  std::string state;
};

Holder holder_of(const FileLock& lock) {
  Holder holder;
  std::istringstream(lock.read()) >> holder.pid >> holder.kind >> holder.state;
  return holder;
}

void mark(FileLock& lock, const char* kind, const char* state) {
  lock.write(std::to_string(getpid()) + " " + kind + " " + state);
}

}  // namespace

PrivateCluster::PrivateCluster(DataFolder folder, ClusterSettings settings)
    : folder_(std::move(folder)),
      settings_(settings),
      lock_(folder_.root() / "lock", folder_.account()),
      users_(folder_.root() / "users.lock", folder_.account()) {}

PrivateCluster::~PrivateCluster() {
  try {
    stop();
  } catch (const std::exception& e) {  // the kernel drops the locks, the next owner clears the rest
    spdlog::error("stopping the embedded database: {}", e.what());
  }
}

Result<std::unique_ptr<PrivateCluster>> PrivateCluster::open(const Options& options) {
  auto folder = DataFolder::open(options.folder);
  if (!folder) return fail(folder.error());
  try {
    std::unique_ptr<PrivateCluster> cluster(new PrivateCluster(*std::move(folder), options.settings));
    const auto done = options.serving ? cluster->own_or_give_up() : cluster->own_or_join();
    if (!done) return fail(done.error());
    return cluster;
  } catch (const std::system_error& e) {
    return fail(Errc::failed, "cannot use the data folder: " + std::string(e.what()));
  }
}

Result<void> PrivateCluster::own_or_give_up() {
  const auto deadline = Clock::now() + other_command_limit;
  while (!lock_.try_exclusive()) {
    const Holder holder = holder_of(lock_);
    if (holder.kind == "serve")
      return fail(Errc::failed,
                  "another diary (pid " + holder.pid + ") is already serving " + folder().string());
    if (Clock::now() >= deadline)
      return fail(Errc::failed,
                  "another diary (pid " + holder.pid + ") is already using " + folder().string());
    pause_briefly();
  }
  return own("serve");
}

Result<void> PrivateCluster::own_or_join() {
  auto deadline = Clock::now() + silence_limit;
  // The lock first: a cluster whose owner was killed may still answer while it goes down.
  for (;;) {
    if (lock_.try_exclusive()) return own("command");
    if (join()) return {};
    const Holder holder = holder_of(lock_);
    if (holder.state != "ready")
      deadline = Clock::now() + silence_limit;  // starting or stopping, each with a limit
    if (Clock::now() >= deadline)
      return fail(Errc::failed, "the database in " + folder().string() + ", run by diary (pid " + holder.pid +
                                    "), does not answer");
    pause_briefly();
  }
}

// True with users.lock held, under which no owner but a server stops the cluster.
bool PrivateCluster::join() {
  if (holder_of(lock_).state != "ready" || !users_.try_shared()) return false;
  socket_folder_ = folder_.socket_folder();
  if (PQping(conninfo(owner_role).c_str()) == PQPING_OK) return true;
  users_.release();
  return false;
}

Result<void> PrivateCluster::own(const char* kind) {
  owner_ = true;
  serving_ = std::string_view(kind) == "serve";
  mark(lock_, kind, "starting");
  if (const auto started = start(); !started) return started;
  Connection superuser(conninfo(superuser_role, "postgres"));
  provision_roles_and_database(superuser);
  Connection in_database(conninfo(superuser_role));
  provision_extensions(in_database);
  mark(lock_, kind, "ready");
  return {};
}

Result<void> PrivateCluster::start() {
  if (auto settled = settle_restore(folder_); !settled) return settled;
  const auto binaries = find_postgres(folder_.version());
  if (!binaries) return fail(binaries.error());
  for (const auto& pgdata : {folder_.unfinished(), folder_.pgdata()}) {
    if (auto cleared = clear_leftovers(pgdata, folder_.account()); !cleared) return cleared;
  }
  if (auto made = make_cluster(folder_, *binaries, settings_); !made) return made;
  ClusterSettings settings = settings_;
  settings.archive_command = archive_command(folder_);
  settings.finishing_restore = promotion_pending(folder_.pgdata());
  if (auto done = configure_cluster(folder_, folder_.pgdata(), settings); !done) return done;
  socket_folder_ = folder_.make_socket_folder();
  auto postmaster = Postmaster::start(folder_, *binaries,
                                      {folder_.pgdata(), socket_folder_, folder_.log("postgresql.log")});
  if (!postmaster) return fail(postmaster.error());
  postmaster_ = *postmaster;
  if (settings.finishing_restore) forget_promotion(folder_.pgdata());
  if (!settings.archive_command.empty()) note_current_timeline();
  return {};
}

// The log's file names begin with it.
void PrivateCluster::note_current_timeline() {
  Connection superuser(conninfo(superuser_role, "postgres"));
  const auto file = superuser.exec("SELECT pg_walfile_name(pg_current_wal_lsn())").str(0, 0);
  note_timeline(folder_, std::stoi(file.substr(0, 8), nullptr, 16), now());
}

std::string PrivateCluster::conninfo(const std::string& role, const std::string& database) const {
  return socket_conninfo(socket_folder_, role, database);
}

bool PrivateCluster::alive() {
  return owner_ ? postmaster_ && postmaster_->alive() : true;
}

Result<void> PrivateCluster::restart() {
  if (!owner_) return fail(Errc::failed, "this process did not start the embedded database");
  if (alive()) return {};
  return start();
}

void PrivateCluster::stop() {
  if (owner_) {
    if (postmaster_ && !serving_) {
      while (!users_.try_exclusive()) pause_briefly();
    }
    mark(lock_, serving_ ? "serve" : "command", "stopping");
    if (postmaster_) postmaster_->stop();
    folder_.remove_socket_folder();
    postmaster_.reset();
    owner_ = false;
    lock_.write("");
    lock_.release();
  }
  users_.release();
}

}  // namespace diary::pg
