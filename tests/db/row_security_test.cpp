// SPDX-License-Identifier: Apache-2.0
// Who sees and changes which routes, and what the server's role may not touch at all.
#include "db/schema_test.hpp"

namespace diary::test {
namespace {

constexpr const char* insert_sql =
    "INSERT INTO diary.routes (user_id, route_name, segment_ids, geometry, length_m, duration_min, "
    "is_public) "
    "VALUES ($1, $2, ARRAY[$3], ST_GeomFromText('LINESTRING(10 50,10.001 50)', 4326), 70, 1, $4)";

class RowSecurity : public SchemaTest {
 protected:
  void SetUp() override {
    for (const auto& [who, name] : {std::pair{a, "a's"}, {b, "b's"}})
      for (const bool is_public : {false, true})
        super.exec(insert_sql, {who, std::string(name) + (is_public ? " open" : " own"), where, is_public});
  }
  // As seen on this connection by `who`.
  std::string visible(pg::Connection& connection, const std::optional<std::string>& who) {
    const pg::Transaction transaction(connection);
    if (who) connection.exec("SELECT set_config('app.user_id', $1, true)", {*who});
    return connection
        .exec("SELECT coalesce(string_agg(route_name, ', ' ORDER BY route_name), '') FROM diary.routes")
        .str(0, 0);
  }
  // What a statement of `who` comes to: SQLSTATE, or how many rows.
  std::string outcome(const std::string& who, const std::string& sql, const pg::Params& params = {}) {
    const pg::Transaction transaction(server);
    server.exec("SELECT set_config('app.user_id', $1, true)", {who});
    try {
      return std::to_string(server.exec(sql, params).affected());
    } catch (const pg::DbError& e) {
      return e.sqlstate();
    }
  }

  std::string a = user();
  std::string b = user();
  std::string where = segment();
  pg::Connection server = app();
};

TEST_F(RowSecurity, EachSeesTheirOwnAndThePublicOnes) {
  EXPECT_EQ(visible(server, a), "a's open, a's own, b's open");
  EXPECT_EQ(visible(server, b), "a's open, b's open, b's own");
}

TEST_F(RowSecurity, NobodySeesThePublicOnes) {
  auto fresh = app();
  EXPECT_EQ(visible(fresh, std::nullopt), "a's open, b's open") << "a connection that never had a user";
  visible(fresh, a);
  EXPECT_EQ(visible(fresh, std::nullopt), "a's open, b's open") << "one that had, and reads '' now";
  for (const char* nobody :
       {"", "x", "user_12345", "00000000-0000-0000-0000-00000000000", "{}", "' OR true --"})
    EXPECT_EQ(visible(fresh, nobody), "a's open, b's open") << nobody;
}

TEST_F(RowSecurity, TheOwnerOfTheTablesIsBound) {
  EXPECT_EQ(visible(owner, a), "a's open, a's own, b's open");
  EXPECT_EQ(visible(owner, std::nullopt), "a's open, b's open");
  EXPECT_EQ(one("SELECT count(*) FROM diary.routes"), "4") << "a superuser is not";
}

TEST_F(RowSecurity, NobodyWritesForAnother) {
  EXPECT_EQ(outcome(a, insert_sql, {a, "mine", where, false}), "1");
  EXPECT_EQ(outcome(a, insert_sql, {b, "theirs", where, false}), "42501");
  EXPECT_EQ(outcome("", insert_sql, {a, "nobody's", where, true}), "42501");
  EXPECT_EQ(outcome(a, "UPDATE diary.routes SET route_name = 'x' WHERE route_name LIKE 'b%'"), "0");
  EXPECT_EQ(outcome(a, "UPDATE diary.routes SET route_name = 'x' WHERE route_name LIKE 'a%'"), "2");
  EXPECT_EQ(outcome(a, "UPDATE diary.routes SET user_id = $1 WHERE route_name = 'a''s own'", {b}), "42501");
  EXPECT_EQ(outcome(a, "DELETE FROM diary.routes WHERE route_name LIKE 'b%'"), "0");
  EXPECT_EQ(outcome(a, "DELETE FROM diary.routes"), "2");
  EXPECT_EQ(outcome("", "DELETE FROM diary.routes"), "0");
}

TEST_F(RowSecurity, AnUpsertDoesNotTakeAnothersRoute) {
  const auto theirs = one("SELECT route_id FROM diary.routes WHERE route_name = 'b''s own'");
  EXPECT_EQ(
      outcome(
          a,
          "INSERT INTO diary.routes (route_id, user_id, route_name, segment_ids, geometry, length_m, "
          "duration_min) "
          "VALUES ($1, $2, 'taken', ARRAY[$3], ST_GeomFromText('LINESTRING(10 50,10.001 50)', 4326), 70, 1) "
          "ON CONFLICT (route_id) DO UPDATE SET route_name = EXCLUDED.route_name",
          {theirs, a, where}),
      "42501");
}

TEST_F(RowSecurity, TheReportCountsPrivateRoutesAndKeepsTheirNames) {
  super.exec("INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ($1, $2, 4)", {where, a});
  owner.exec("REFRESH MATERIALIZED VIEW analytics.trend_daily");
  EXPECT_EQ(one("SELECT count(DISTINCT route_id) FROM analytics.trend_daily"), "4");
  server.exec("SELECT analytics.refresh_view('trend_daily')");
  EXPECT_EQ(one("SELECT count(DISTINCT route_id) FROM analytics.trend_daily"), "4");
  EXPECT_EQ(visible(owner, std::nullopt), "a's open, b's open") << "reporting ended with the refresh";
  EXPECT_EQ(outcome(a, "SELECT route_id, mean_rating FROM analytics.trend_daily"), "4");
  EXPECT_EQ(outcome(a, "SELECT route_name FROM analytics.trend_daily"), "42501");
  EXPECT_EQ(outcome(a, "SELECT * FROM analytics.trend_daily"), "42501");
  EXPECT_EQ(outcome(a, "SELECT DISTINCT route_name FROM analytics.route_trend"), "3");
  EXPECT_EQ(outcome("", "SELECT DISTINCT route_name FROM analytics.route_trend"), "2");
}

TEST_F(RowSecurity, TheServerCannotSwitchTheReportOnItself) {
  const pg::Transaction transaction(server);
  server.exec("SELECT set_config('diary.reporting', 'on', true)");
  EXPECT_EQ(server.exec("SELECT count(*) FROM diary.routes").integer(0, 0), 2);
}

TEST_F(RowSecurity, WhatTheServersRoleMayNot) {
  for (const char* sql :
       {"SELECT password_hash FROM auth.users", "SELECT * FROM auth.users",
        "UPDATE auth.users SET api_tier = 'enterprise'",
        "INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ('x', uuid_generate_v4(), 3)",
        "UPDATE diary.ratings SET rating = 5", "DELETE FROM diary.ratings", "DELETE FROM diary.votes",
        "TRUNCATE diary.ratings", "UPDATE diary.segments SET decayed_mean = 5", "DELETE FROM diary.segments",
        "UPDATE analytics.segment_state SET n = 1", "SELECT analytics.rebuild_segment_state()",
        "SELECT analytics.route_members()", "SELECT * FROM diary.route_segments",
        "CREATE TABLE diary.mine ()", "ALTER TABLE diary.routes DISABLE ROW LEVEL SECURITY",
        "SET ROLE postgres"})
    EXPECT_EQ(refusal(server, sql), "42501") << sql;
  EXPECT_EQ(refusal(server, "SELECT user_id, email, api_tier FROM auth.users"), "");
}

TEST(Roles, TheServersRoleOwnsNothing) {
  const support::TestDatabase database;
  pg::Connection super(database.superuser_conninfo());
  EXPECT_EQ(super
                .exec("SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname "
                      "= 'diary_app'")
                .integer(0, 0),
            0);
  EXPECT_EQ(super
                .exec("SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE "
                      "rolname = 'diary_app'")
                .str(0, 0),
            "f");
  // Whoever may call a function that works as its owner must not be able to lead it elsewhere.
  EXPECT_EQ(super
                .exec("SELECT coalesce(string_agg(p.oid::regprocedure::text, ', '), '') FROM pg_proc p JOIN "
                      "pg_namespace n ON n.oid = "
                      "pronamespace WHERE nspname IN ('diary', 'auth', 'analytics', 'audit') AND prosecdef "
                      "AND NOT EXISTS "
                      "(SELECT FROM unnest(proconfig) c WHERE c LIKE 'search_path=%')")
                .str(0, 0),
            "");
}

}  // namespace
}  // namespace diary::test
