// SPDX-License-Identifier: Apache-2.0
#pragma once

// The maintenance statements that the server and the command line run.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pg/connection.hpp"

namespace diary {

struct Drift {
  std::string segment_id;
  std::string what;  // which sum
  std::string stored;
  std::string counted;
};

struct AuditHead {
  std::int64_t batch_id;
  std::string hash;  // hex
};

class UpkeepStore {
 public:
  explicit UpkeepStore(pg::Connection& connection) : connection_(connection) {}

  [[nodiscard]] std::int64_t advance(int most);                                            // cursors moved
  [[nodiscard]] std::optional<std::string> sync(const std::optional<std::string>& since);  // next cursor
  [[nodiscard]] bool refresh(const std::string& view, double max_age_s);                   // whether it did
  void seal_audit();
  [[nodiscard]] std::optional<std::string> archive_failure();  // the file that the archive did not take
  [[nodiscard]] std::optional<AuditHead> audit_head();
  void prune_tokens();  // revocations of what has expired
  void make_partitions();
  [[nodiscard]] std::int64_t close_months(int most);          // rows moved
  [[nodiscard]] std::int64_t detach_months(int keep_months);  // tables let go
  void ping();                                 // throws when the database or its schema is not there
  [[nodiscard]] std::vector<Drift> rebuild();  // as the owner

 private:
  pg::Connection& connection_;
};

}  // namespace diary
