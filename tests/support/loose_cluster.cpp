// SPDX-License-Identifier: Apache-2.0
#include "support/loose_cluster.hpp"

#include <stdexcept>

#include "pg/provision.hpp"
#include "store/migrate.hpp"
#include "support/eventually.hpp"
#include "support/ran.hpp"

namespace diary::support {
namespace {

template <class T>
T or_throw(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

constexpr pg::ClusterSettings settings{.durable = false};

}  // namespace

LooseCluster::LooseCluster()
    : data_(or_throw(pg::DataFolder::open(folder_.path() / "data"))),
      binaries_(or_throw(pg::find_postgres())) {
  or_throw(pg::make_cluster(data_, binaries_, settings));
  or_throw(pg::configure_cluster(data_, data_.pgdata(), settings));
  socket_folder_ = data_.make_socket_folder();
  start();
  pg::Connection superuser(pg::socket_conninfo(socket_folder_, pg::superuser_role, "postgres"));
  pg::provision_roles_and_database(superuser);
  pg::Connection inside(conninfo(pg::superuser_role));
  pg::provision_extensions(inside);
  pg::Connection owner(conninfo(pg::owner_role));
  or_throw(migrate(owner));
}

std::string LooseCluster::conninfo(const std::string& role) const {
  return pg::socket_conninfo(socket_folder_, role, pg::database_name);
}

void LooseCluster::stop() {
  if (postmaster_) postmaster_->stop();
  postmaster_.reset();
}

void LooseCluster::start() {
  postmaster_ = or_throw(
      pg::Postmaster::start(data_, binaries_, {data_.pgdata(), socket_folder_, data_.log("postgresql.log")}));
}

void LooseCluster::set(const std::string& lines) {
  stop();
  data_.write(data_.root() / "postgresql.local.conf", lines);
  start();
}

void LooseCluster::upgrade() {
  stop();
  auto next = or_throw(pg::DataFolder::open(folder_.path() / "next"));
  or_throw(pg::make_cluster(next, binaries_, settings));
  or_throw(pg::configure_cluster(next, next.pgdata(), settings));
  next.make(next.root() / "work");
  const auto program = (binaries_.folder / "pg_upgrade").string();
  const std::string call = "cd '" + (next.root() / "work").string() + "' && '" + program +
                           "' -U postgres -b '" + binaries_.folder.string() + "' -B '" +
                           binaries_.folder.string() + "' -d '" + data_.pgdata().string() + "' -D '" +
                           next.pgdata().string() + "' -s '" + (next.root() / "work").string() + "'";
  const Ran ran = pg::is_root() ? run({"runuser", "-u", next.account().name, "--", "sh", "-c", call})
                                : run({"sh", "-c", call});
  if (ran.code != 0) throw std::runtime_error(ran.output);
  data_ = std::move(next);
  socket_folder_ = data_.make_socket_folder();
  start();
}

void LooseCluster::promote() {
  stop();
  data_.write(data_.pgdata() / "standby.signal", "");
  start();
  pg::Connection superuser(conninfo(pg::superuser_role));
  superuser.exec("SELECT pg_promote()");
  if (!eventually([&] { return !superuser.exec("SELECT pg_is_in_recovery()").boolean(0, 0); }))
    throw std::runtime_error("the standby does not take over");
}

}  // namespace diary::support
