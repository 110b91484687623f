// SPDX-License-Identifier: Apache-2.0
#pragma once

// A fresh, migrated database for one test: a copy of a template that is migrated once for each state of db/.
// It lives in the cluster of with_cluster (environment DIARY_TEST_CLUSTER), else in one that this process
// makes for itself.

#include <string>

#include "pg/connection.hpp"

namespace diary::support {

enum class Schema { migrated, empty };

class TestDatabase {
 public:
  explicit TestDatabase(Schema schema = Schema::migrated);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string superuser_conninfo() const;
  [[nodiscard]] std::string owner_conninfo() const;  // owns the schema
  [[nodiscard]] std::string app_conninfo() const;    // what the server works as

 private:
  std::string name_;
};

}  // namespace diary::support
