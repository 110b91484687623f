// SPDX-License-Identifier: Apache-2.0
#include "pg/provision.hpp"

namespace diary::pg {
namespace {

void make_role(Connection& superuser, const std::string& name, const char* login = "LOGIN") {
  const bool known = !superuser.exec("SELECT 1 FROM pg_roles WHERE rolname = $1", {name}).empty();
  // Altered when it exists, so that a role made by hand does not bring rights along.
  superuser.exec((known ? "ALTER ROLE " : "CREATE ROLE ") + name + " " + login +
                 " NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS");
}

}  // namespace

void provision_roles_and_database(Connection& superuser) {
  make_role(superuser, owner_role);
  make_role(superuser, app_role);
  make_role(superuser, analyst_role, "NOLOGIN");
  superuser.exec("GRANT diary_app, diary_analyst TO diary_owner");
  superuser.exec("GRANT pg_monitor TO diary_owner");
  // Not in a transaction: CREATE DATABASE refuses that. A crash before this line is mended by the next start.
  if (superuser.exec("SELECT 1 FROM pg_database WHERE datname = $1", {database_name}).empty())
    superuser.exec("CREATE DATABASE diary OWNER diary_owner");
}

void provision_extensions(Connection& superuser) {
  // Owning the database is what lets diary_owner create the trusted ones itself; PostGIS is not one of those.
  for (const char* name : {"postgis", "\"uuid-ossp\"", "pg_trgm", "btree_gist"})
    superuser.exec(std::string("CREATE EXTENSION IF NOT EXISTS ") + name);
}

}  // namespace diary::pg
