// SPDX-License-Identifier: Apache-2.0
#pragma once

// The built program's commands on a database of the test's own.

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <string>

#include "support/ran.hpp"
#include "support/test_database.hpp"
#include "support/way_in.hpp"

namespace diary::cli::test {

namespace json = boost::json;
using support::Ran;

class CliTest : public testing::Test {
 protected:
  explicit CliTest(support::Schema schema = support::Schema::migrated) : database(schema) {}

  Ran diary(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), DIARY_BINARY);
    arguments.insert(arguments.end(), {"--database", way_in.owner()});
    return support::run(arguments);
  }
  json::value diary_json(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const auto ran = diary(std::move(arguments));
    EXPECT_EQ(ran.code, 0) << ran.output;
    boost::system::error_code ec;
    auto value = json::parse(ran.output, ec);
    EXPECT_FALSE(ec) << ran.output;
    return value;
  }
  std::string one(const std::string& sql) { return owner.exec(sql).str(0, 0); }
  void expect_failure(const Ran& ran, int code, const std::string& message) {
    EXPECT_EQ(ran.code, code) << ran.output;
    EXPECT_NE(ran.output.find(message), std::string::npos) << ran.output;
  }

  support::TestDatabase database;
  support::WayIn way_in{database};
  pg::Connection owner{database.owner_conninfo()};
};

}  // namespace diary::cli::test
