// SPDX-License-Identifier: Apache-2.0
// Every query of db/queries fits the migrated schema, and the server's role may run those that the server
// runs.
#include <gtest/gtest.h>

#include "pg/pool.hpp"
#include "pg/provision.hpp"
#include "sql/queries.hpp"
#include "support/test_database.hpp"

namespace diary {
namespace {

bool is_of_the_import(const std::string& name) {
  return name == "segment_stage" || name == "segment_repeated" || name == "segment_upsert_staged" ||
         name == "segment_load_staged";
}
// Run by commands, as the owner.
bool is_of_the_owner(const std::string& name) {
  return name.starts_with("migration_") || name.starts_with("integrity_") || name.starts_with("account_") ||
         name == "upkeep_rebuild" || name == "upkeep_heal" || is_of_the_import(name);
}

int parameters_of(pg::Connection& connection, const char* name) {
  PGresult* description = PQdescribePrepared(connection.raw(), name);
  const int count = PQnparams(description);
  PQclear(description);
  return count;
}

TEST(Queries, AreAllPrepared) {
  const support::TestDatabase database;
  pg::Connection connection(database.owner_conninfo());
  const pg::Transaction transaction(connection);
  connection.run(sql::segment::stage);  // what the import's others stand on
  EXPECT_GT(sql::all_queries().size(), 20U);
  for (const pg::Query* query : sql::all_queries()) {
    PGresult* result =
        PQprepare(connection.raw(), (std::string("again_") + query->name).c_str(), query->text, 0, nullptr);
    EXPECT_EQ(PQresultStatus(result), PGRES_COMMAND_OK)
        << query->name << ": " << PQresultErrorMessage(result);
    PQclear(result);
  }
}

// Planning asks for no permission; starting the plan, which EXPLAIN does, asks for all of them.
TEST(Queries, TheServersRoleMayRunItsOwn) {
  const support::TestDatabase database;
  pg::Connection connection = pg::connect_as(database.owner_conninfo(), pg::app_role);
  for (const pg::Query* query : sql::all_queries()) {
    if (is_of_the_owner(query->name)) continue;
    PQclear(PQprepare(connection.raw(), query->name, query->text, 0, nullptr));
    std::string nulls;
    for (int i = parameters_of(connection, query->name); i > 0; --i)
      nulls += nulls.empty() ? "NULL" : ",NULL";
    const std::string call = std::string(query->name) + (nulls.empty() ? "" : "(" + nulls + ")");
    EXPECT_NO_THROW(connection.exec("EXPLAIN EXECUTE " + call)) << query->name;
  }
  EXPECT_THROW(connection.run(sql::upkeep::rebuild), pg::DbError);
}

}  // namespace
}  // namespace diary
