// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the tests of the schema's rules share: a fresh database, people and streets in it, roles to look from.

#include <gtest/gtest.h>

#include <string>

#include "base/uuid.hpp"
#include "pg/pool.hpp"
#include "pg/provision.hpp"
#include "support/eventually.hpp"
#include "support/test_database.hpp"

namespace diary::test {

class SchemaTest : public testing::Test {
 protected:
  std::string user() {
    return owner
        .exec(
            "INSERT INTO auth.users (email, password_hash, display_name) VALUES ($1, '$2b$04$secret', "
            "'Somebody') "
            "RETURNING user_id",
            {Uuid::random().text() + "@example.org"})
        .str(0, 0);
  }
  std::string segment(const std::string& wkt = "LINESTRING(10 50,10.001 50)") {
    return owner
        .exec(
            "INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ($1, 'Main Street', "
            "70, "
            "ST_GeomFromText($2, 4326)) RETURNING segment_id",
            {"s" + Uuid::random().text(), wkt})
        .str(0, 0);
  }
  pg::Connection app() { return pg::connect_as(database.owner_conninfo(), pg::app_role); }
  std::string one(const std::string& sql, const pg::Params& params = {}) {
    return super.exec(sql, params).str(0, 0);
  }

  support::TestDatabase database;
  pg::Connection owner{database.owner_conninfo()};
  pg::Connection super{database.superuser_conninfo()};
};

// SQLSTATE of what the database says; "" when it does as it is told.
inline std::string refusal(pg::Connection& connection, const std::string& sql,
                           const pg::Params& params = {}) {
  try {
    connection.exec(sql, params);
    return "";
  } catch (const pg::DbError& e) {
    return e.sqlstate();
  }
}

}  // namespace diary::test
