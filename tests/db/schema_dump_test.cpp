// SPDX-License-Identifier: Apache-2.0
// db/schema.sql is what the migrations make.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "support/ran.hpp"
#include "support/test_database.hpp"

namespace diary {
namespace {

TEST(SchemaDump, IsUpToDate) {
  const auto version = support::run({"pg_dump", "--version"}).output;
  if (version.find(") 15.") == std::string::npos)
    GTEST_SKIP() << "db/schema.sql is as pg_dump 15 writes it; here is: " << version;
  const support::TestDatabase database;
  const auto fresh =
      support::run({DIARY_SOURCE_DIR "/tools/dump_schema.sh", "--print", database.superuser_conninfo()});
  ASSERT_EQ(fresh.code, 0) << fresh.output;
  std::ostringstream committed;
  committed << std::ifstream(DIARY_SOURCE_DIR "/db/schema.sql").rdbuf();
  if (committed.str() == fresh.output) return;
  std::istringstream is(committed.str());
  std::istringstream should(fresh.output);
  std::string line_is;
  std::string line_should;
  int number = 0;
  do {
    ++number;
    line_is.clear();
    line_should.clear();
    std::getline(is, line_is);
    std::getline(should, line_should);
  } while (line_is == line_should && (is || should));
  FAIL() << "db/schema.sql is old; write it anew with tools/dump_schema.sh\nline " << number
         << " is:     " << line_is << "\n  should be: " << line_should;
}

}  // namespace
}  // namespace diary
