// SPDX-License-Identifier: Apache-2.0
#pragma once

// A database with nothing but the schema, on the server that DIARY_TEST_DATABASE_URL names; dropped at the
// end.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "pg/connection.hpp"
#include "store/migrate.hpp"

namespace diary::demo {

class ScratchDatabase {
 public:
  explicit ScratchDatabase(std::string server) : server_(std::move(server)) {
    static int made = 0;
    name_ = "diary_demo_test_" + std::to_string(getpid()) + "_" + std::to_string(++made);
    pg::Connection(server_).exec("CREATE DATABASE " + name_);
    pg::Connection fresh(conninfo());
    const auto migrated = migrate(fresh);
    if (!migrated) throw std::runtime_error(migrated.error().message);
  }
  ~ScratchDatabase() { pg::Connection(server_).exec("DROP DATABASE " + name_ + " WITH (FORCE)"); }
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  // The server's own, with another database.
  [[nodiscard]] std::string conninfo() const {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(server_.c_str(), nullptr), PQconninfoFree);
    if (!options) throw std::runtime_error("DIARY_TEST_DATABASE_URL is no libpq URL");
    std::string out = "dbname=" + name_;
    for (const PQconninfoOption* o = options.get(); o->keyword != nullptr; ++o) {
      if (o->val != nullptr && std::string(o->keyword) != "dbname")
        out += std::string(" ") + o->keyword + "='" + o->val + "'";
    }
    return out;
  }

 private:
  std::string server_;
  std::string name_;
};

}  // namespace diary::demo
