// SPDX-License-Identifier: Apache-2.0
#include "support/test_database.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "base/uuid.hpp"
#include "pg/postmaster.hpp"
#include "pg/provision.hpp"
#include "store/migrate.hpp"
#include "support/test_cluster.hpp"

namespace diary::support {
namespace {

constexpr const char* template_name = "diary_template";

std::string conninfo(const std::string& role, const std::string& database) {
  return pg::socket_conninfo(test_cluster_socket(), role, database);
}

bool exists(pg::Connection& superuser, const std::string& database) {
  return !superuser.exec("SELECT 1 FROM pg_database WHERE datname = $1", {database}).empty();
}

void migrate_or_throw(const std::string& database) {
  pg::Connection owner(conninfo(pg::owner_role, database));
  if (const auto applied = migrate(owner); !applied) throw std::runtime_error(applied.error().message);
}

// Under a lock of the whole cluster, for test programs run in parallel; under another name until it is
// complete, so that a test killed midway leaves no half of a template.
void make_template(pg::Connection& superuser) {
  superuser.exec("SELECT pg_advisory_lock(720001)");
  if (!exists(superuser, template_name)) {
    superuser.exec("DROP DATABASE IF EXISTS diary_template_new");
    superuser.exec("CREATE DATABASE diary_template_new OWNER diary_owner TEMPLATE diary");
    migrate_or_throw("diary_template_new");
    superuser.exec("ALTER DATABASE diary_template_new RENAME TO diary_template");
  }
  superuser.exec("SELECT pg_advisory_unlock(720001)");
}

std::string fresh_name() {
  std::string name = "test_" + Uuid::random().text();
  for (char& c : name) {
    if (c == '-') c = '_';
  }
  return name;
}

}  // namespace

TestDatabase::TestDatabase(Schema schema) : name_(fresh_name()) {
  pg::Connection superuser(conninfo(pg::superuser_role, "postgres"));
  if (schema == Schema::migrated) make_template(superuser);
  const std::string source = schema == Schema::migrated ? template_name : pg::database_name;
  superuser.exec("CREATE DATABASE " + name_ + " OWNER diary_owner TEMPLATE " + source);
}

TestDatabase::~TestDatabase() {
  try {
    pg::Connection superuser(conninfo(pg::superuser_role, "postgres"));
    superuser.exec("DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const pg::DbError&) {  // the cluster is thrown away anyway
  }
}

std::string TestDatabase::superuser_conninfo() const {
  return conninfo(pg::superuser_role, name_);
}
std::string TestDatabase::owner_conninfo() const {
  return conninfo(pg::owner_role, name_);
}
std::string TestDatabase::app_conninfo() const {
  return conninfo(pg::app_role, name_);
}

}  // namespace diary::support
