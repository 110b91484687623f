// SPDX-License-Identifier: Apache-2.0
#include "pg/connection.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/test_database.hpp"

namespace diary::pg {
namespace {

class ConnectionTest : public ::testing::Test {
 protected:
  void SetUp() override { connection.exec("CREATE TABLE t (id int PRIMARY KEY, word text)"); }
  std::int64_t count() { return connection.exec("SELECT count(*) FROM t").integer(0, 0); }
  std::string state_of(const std::string& sql) {
    try {
      connection.exec(sql);
    } catch (const DbError& e) {
      return e.sqlstate();
    }
    return "none";
  }

  support::TestDatabase database{support::Schema::empty};
  Connection connection{database.owner_conninfo()};
};

TEST_F(ConnectionTest, RefusalCarriesStateAndConstraint) {
  connection.exec("INSERT INTO t VALUES (1, 'a')");
  try {
    connection.exec("INSERT INTO t VALUES (1, 'b')");
    FAIL() << "the second row was taken";
  } catch (const DbError& e) {
    EXPECT_EQ(e.sqlstate(), "23505");
    EXPECT_EQ(e.constraint(), "t_pkey");
  }
  EXPECT_EQ(state_of("SELEC"), "42601");
  EXPECT_EQ(state_of("SELECT 1/0"), "22012");
  EXPECT_EQ(count(), 1) << "the connection is still good";
}

TEST_F(ConnectionTest, NobodyListensThere) {
  EXPECT_THROW(Connection("host=/nonexistent dbname=diary"), ConnectionLost);
  EXPECT_THROW(Connection("nonsense"), ConnectionLost);
}

TEST_F(ConnectionTest, LostWhenTheBackendGoes) {
  const auto pid = connection.exec("SELECT pg_backend_pid()").str(0, 0);
  Connection other(database.superuser_conninfo());
  other.exec("SELECT pg_terminate_backend($1::int, 10000)", {pid});
  EXPECT_THROW(connection.exec("SELECT 1"), DbError);
  EXPECT_FALSE(connection.usable());
  EXPECT_THROW(connection.exec("SELECT 1"), ConnectionLost);
}

TEST_F(ConnectionTest, ParametersComeBackAsTheyWent) {
  const double third = 1.0 / 3;
  const auto rows = connection.exec("SELECT $1::text, $2::text, $3::int8, $4::float8, $5::bool, $6::text",
                                    {std::nullopt, "it's \"quoted\"",
                                     std::numeric_limits<std::int64_t>::min(), third, true, std::string()});
  EXPECT_TRUE(rows.is_null(0, 0));
  EXPECT_EQ(rows.opt(0, 0), std::nullopt);
  EXPECT_EQ(rows.text(0, 1), "it's \"quoted\"");
  EXPECT_EQ(rows.integer(0, 2), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(rows.real(0, 3), third);
  EXPECT_TRUE(rows.boolean(0, 4));
  EXPECT_FALSE(rows.is_null(0, 5)) << "empty text is not NULL";
}

TEST_F(ConnectionTest, NumbersThatAreNone) {
  const auto rows = connection.exec("SELECT 'x', ''");
  EXPECT_THROW(static_cast<void>(rows.integer(0, 0)), std::logic_error);
  EXPECT_THROW(static_cast<void>(rows.real(0, 1)), std::logic_error);
}

TEST_F(ConnectionTest, QueryIsPreparedOnce) {
  const Query query{"t_insert", "INSERT INTO t VALUES ($1, $2)"};
  EXPECT_EQ(connection.run(query, {1, "a"}).affected(), 1);
  EXPECT_EQ(connection.run(query, {2, std::nullopt}).affected(), 1);
  EXPECT_EQ(connection.exec("SELECT count(*) FROM pg_prepared_statements").integer(0, 0), 1);
}

TEST_F(ConnectionTest, TransactionThatIsLeftRollsBack) {
  {
    const Transaction transaction(connection);
    connection.exec("INSERT INTO t VALUES (1, 'a')");
    EXPECT_TRUE(connection.in_transaction());
  }
  EXPECT_FALSE(connection.in_transaction());
  EXPECT_EQ(count(), 0);
  {
    const Transaction transaction(connection);
    EXPECT_EQ(state_of("SELECT 1/0"), "22012");
    EXPECT_EQ(state_of("SELECT 1"), "25P02");
  }
  Transaction transaction(connection);
  connection.exec("INSERT INTO t VALUES (2, 'b')");
  transaction.commit();
  EXPECT_EQ(count(), 1);
}

TEST_F(ConnectionTest, CopyCountsItsRows) {
  connection.copy_begin("COPY t FROM STDIN");
  connection.copy_send("1\ta\n2\t");
  connection.copy_send("\\N\n");
  EXPECT_EQ(connection.copy_end(), 2);
  EXPECT_EQ(connection.exec("SELECT count(*) FROM t WHERE word IS NULL").integer(0, 0), 1);
}

TEST_F(ConnectionTest, CopyWithABadRowLoadsNothing) {
  connection.copy_begin("COPY t FROM STDIN");
  connection.copy_send("1\ta\nx\tb\n");
  EXPECT_THROW(connection.copy_end(), DbError);
  EXPECT_EQ(count(), 0);
}

TEST_F(ConnectionTest, CopyThatIsLeftIsCancelled) {
  {
    const Transaction transaction(connection);
    connection.copy_begin("COPY t FROM STDIN");
    connection.copy_send("1\ta\n");
  }
  EXPECT_FALSE(connection.in_transaction());
  EXPECT_EQ(count(), 0);
}

}  // namespace
}  // namespace diary::pg
