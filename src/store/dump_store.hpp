// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a logical dump needs of the database: whether this role may, a snapshot that others can look at too,
// the sums to compare by, a database to restore to.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pg/connection.hpp"

namespace diary {

struct TableSum {
  std::string table;
  std::int64_t rows = 0;
  std::string sum;  // does not depend on the rows' order
  bool operator==(const TableSum&) const = default;
};

class DumpStore {
 public:
  explicit DumpStore(pg::Connection& connection) : connection_(connection) {}

  struct Prospect {
    std::optional<std::string> obstacle;  // why this role cannot
    std::int64_t bytes = 0;               // the database's size
  };
  [[nodiscard]] Prospect prospect();
  [[nodiscard]] std::string export_snapshot();  // valid until the caller's transaction ends
  [[nodiscard]] std::vector<TableSum> sums();
  void create_database(const std::string& name);  // outside of any transaction
  void drop_database(const std::string& name);

 private:
  pg::Connection& connection_;
};

}  // namespace diary
