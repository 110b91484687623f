// SPDX-License-Identifier: Apache-2.0
// The server behind PgBouncer in transaction mode, with one session of the database for everybody.
#include <thread>

#include "http/api_test.hpp"
#include "pg/pool.hpp"
#include "pg/provision.hpp"
#include "sql/queries.hpp"
#include "store/session.hpp"
#include "support/pgbouncer.hpp"

namespace diary::http::test {
namespace {

const std::map<std::string, std::string> one_session{{"default_pool_size", "1"}, {"reserve_pool_size", "0"}};

class Pooler : public testing::Test {
 protected:
  static std::string one(pg::Connection& connection, const std::string& sql) {
    return connection.exec(sql, {}).str(0, 0);
  }
  support::TestDatabase database;
  support::PgBouncer bouncer{database, one_session};
};

// What the rest stands on, and the reason for all of it.
TEST_F(Pooler, APlainSetLeaks) {
  pg::Connection first(bouncer.conninfo(pg::app_role));
  pg::Connection second(bouncer.conninfo(pg::app_role));
  first.exec("SET app.user_id = 'somebody'");
  EXPECT_EQ(one(second, "SELECT current_setting('app.user_id', true)"), "somebody");
}

TEST_F(Pooler, IsNoticed) {
  EXPECT_TRUE(pg::Connection(bouncer.conninfo(pg::app_role)).pooled());
  EXPECT_FALSE(pg::Connection(database.app_conninfo()).pooled());
}

TEST_F(Pooler, NothingIsLeftInASession) {
  auto first = pg::connect_as(bouncer.conninfo(pg::owner_role), pg::app_role, "SET jit = off");
  auto second = pg::Connection(bouncer.conninfo(pg::owner_role));
  first.hold("lock_timeout = '2s'");
  const auto user = Uuid::random();
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(one(first, "SELECT current_user || current_setting('lock_timeout')"), "diary_app2s");
    {
      pg::Transaction transaction(first);
      act_as(first, user);
      EXPECT_EQ(one(first, "SELECT current_user || auth.current_user_id()"), "diary_app" + user.text());
    }
    EXPECT_EQ(first.run(sql::upkeep::ping).integer(0, 0), 1);
    EXPECT_EQ(one(second,
                  "SELECT current_user || current_setting('lock_timeout') || "
                  "coalesce(auth.current_user_id()::text, '')"),
              "diary_owner0");
    EXPECT_EQ(one(second, "SELECT count(*) FROM pg_prepared_statements"), "0");
    EXPECT_EQ(one(second, "SELECT current_setting('jit')"), one(second,
                                                                "SELECT reset_val FROM pg_settings "
                                                                "WHERE name = 'jit'"));
  }
}

TEST_F(Pooler, ARefusalEndsTheTransaction) {
  auto first = pg::connect_as(bouncer.conninfo(pg::owner_role), pg::app_role);
  EXPECT_THROW(first.exec("SELECT 1/0", {}), pg::DbError);
  EXPECT_FALSE(first.in_transaction());
  first.hold("lock_timeout = 'nonsense'");
  EXPECT_THROW(first.exec("SELECT 1", {}), pg::DbError);
  EXPECT_FALSE(first.in_transaction());
  auto second = pg::Connection(bouncer.conninfo(pg::owner_role));
  EXPECT_EQ(one(second, "SELECT current_user"), "diary_owner") << "the only session is free again";
}

// Migrates, serves and works as diary_app, all with the owner's login through the pooler.
TEST(PoolerOnly, TheOwnersUrlAloneIsEnough) {
  const support::TestDatabase database(support::Schema::empty);
  const support::PgBouncer bouncer(database);
  support::Served server(DIARY_BINARY, {"--database", bouncer.conninfo(pg::owner_role)});
  HttpClient client(server.port());
  const auto answer =
      client.post("/api/v1/auth/register", {{"email", "a@example.org"}, {"password", "correct horse"}});
  EXPECT_EQ(answer.status, 201U) << answer.body;
  pg::Connection super(database.superuser_conninfo());
  EXPECT_EQ(super.exec("SELECT count(*) FROM auth.users").str(0, 0), "1");
  EXPECT_GT(bouncer.transactions(), 20);
}

TEST_F(Pooler, ADatabaseThatWasAwayIsFoundAgain) {
  support::Served server(DIARY_BINARY, {"--database", bouncer.conninfo(pg::app_role)});
  HttpClient client(server.port());
  const auto ready = [&] { return client.get("/readyz").status; };
  EXPECT_TRUE(support::eventually([&] { return ready() == 200U; }));
  pg::Connection super(database.superuser_conninfo() + " dbname=postgres");
  super.exec("ALTER DATABASE " + database.name() + " ALLOW_CONNECTIONS false");
  const auto end_sessions = [&] {
    super.exec("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1",
               {database.name()});
  };
  end_sessions();
  EXPECT_TRUE(support::eventually([&] { return ready() == 503U; }));
  super.exec("ALTER DATABASE " + database.name() + " ALLOW_CONNECTIONS true");
  EXPECT_TRUE(support::eventually([&] { return ready() == 200U; }));
  end_sessions();  // while nobody uses them
  EXPECT_TRUE(support::eventually([&] { return ready() == 200U; }));
}

// Each of two people rates a private route of their own and tries the other's, at once and again and again,
// through one session.
TEST_F(Pooler, TwoPeopleNeverSeeEachOthersRoutes) {
  support::Served server(DIARY_BINARY, {"--database", bouncer.conninfo(pg::app_role)},
                         {{"DIARY_RATINGS_PER_HOUR", "100000"}});
  pg::Connection super(database.superuser_conninfo());
  struct Owner {
    std::string token;
    std::vector<std::string> routes;
  };
  constexpr int rounds = 40;
  Owner owners[2];
  for (int i = 0; i < 2; ++i) {
    HttpClient client(server.port());
    const auto body = client
                          .post("/api/v1/auth/register", {{"email", std::to_string(i) + "@example.org"},
                                                          {"password", "correct horse"}})
                          .json();
    owners[i].token = text_of(body.at("access_token"));
    for (int n = 0; n < rounds; ++n) {
      const std::string id = std::to_string(i) + "_" + std::to_string(n);
      super.exec(
          "INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ($1, 'Street', 70, "
          "ST_GeomFromText('LINESTRING(10 50,10.001 50)', 4326))",
          {id});
      owners[i].routes.push_back(
          super
              .exec("INSERT INTO diary.routes (user_id, route_name, segment_ids, geometry, length_m, "
                    "duration_min) VALUES ($1, 'Home', ARRAY[$2], ST_GeomFromText('LINESTRING(10 50,10.001 "
                    "50)', 4326), 70, 1) RETURNING route_id",
                    {text_of(body.at("user").at("user_id")), id})
              .str(0, 0));
    }
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&, i] {
      HttpClient client(server.port());
      client.token = owners[i].token;
      for (int n = 0; n < rounds; ++n) {
        const auto rate = [&](const Owner& of) {
          return client
              .post("/api/v1/diary/ratings",
                    {{"route_id", of.routes[static_cast<std::size_t>(n)]}, {"rating", 3}})
              .status;
        };
        EXPECT_EQ(rate(owners[1 - i]), 404U);
        EXPECT_EQ(rate(owners[i]), 201U);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(one(super, "SELECT count(*) FROM diary.ratings"), std::to_string(2 * rounds));
  EXPECT_GT(bouncer.transactions(), 4 * rounds);
  EXPECT_EQ(server.stop(), 0);
}

}  // namespace
}  // namespace diary::http::test
