// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>

#include "support/program.hpp"
#include "support/test_database.hpp"

namespace diary::cli {
namespace {

struct Ran {
  int code;
  std::string output;
};

class PsqlTest : public ::testing::Test {
 protected:
  Ran psql(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {DIARY_BINARY, "psql"});
    support::Program program(arguments);
    program.close_input();
    auto output = program.rest();
    return {program.wait(), std::move(output)};
  }
  support::TestDatabase database{support::Schema::empty};
};

TEST_F(PsqlTest, ArgumentsStandAnywhere) {
  EXPECT_EQ(psql({"--database", database.owner_conninfo(), "-At", "-c", "SELECT current_user"}).output,
            "diary_owner\n");
  EXPECT_EQ(psql({"-At", "-c", "SELECT current_database()", "--database", database.owner_conninfo()}).output,
            database.name() + "\n");
  EXPECT_EQ(
      psql({"-A", "--database=" + database.owner_conninfo(), "-t", "-v", "n=3", "-c", "SELECT 'migrate'"})
          .output,
      "migrate\n");
  const auto file = ::testing::TempDir() + "/diary_psql_test.sql";
  std::ofstream(file) << "SELECT 40 + :n;\n";
  EXPECT_EQ(psql({"-v", "n=2", "--database", database.owner_conninfo(), "-At", "-f", file}).output, "42\n");
}

TEST_F(PsqlTest, ExitCodeIsPsqls) {
  EXPECT_EQ(psql({"--database", database.owner_conninfo(), "-c", "SELECT 1/0"}).code, 1);
  EXPECT_EQ(psql({"--database", database.owner_conninfo(), "-c", "SELECT 1"}).code, 0);
  EXPECT_EQ(
      psql({"--database", database.owner_conninfo(), "-v", "ON_ERROR_STOP=1", "-f", "/nonexistent"}).code, 1);
  EXPECT_EQ(psql({"--database", "host=/nonexistent dbname=diary", "-c", "SELECT 1"}).code, 2);
  const auto refused = psql({"--database", "postgresql://%zz/", "-c", "SELECT 1"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(refused.output, "diary: the database URL is not one that libpq understands\n");
}

}  // namespace
}  // namespace diary::cli
