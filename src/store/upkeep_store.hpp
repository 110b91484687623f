// SPDX-License-Identifier: Apache-2.0
#pragma once

// The maintenance statements that the server and the command line run.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
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

  // `by`: the time that it should be. Nothing is done when the database's clock is a minute off it.
  [[nodiscard]] std::int64_t advance(int most, Time by);                                   // cursors moved
  [[nodiscard]] std::optional<std::string> sync(const std::optional<std::string>& since);  // next cursor
  [[nodiscard]] bool refresh(const std::string& view, double max_age_s);                   // whether it did
  void seal_audit();
  [[nodiscard]] std::optional<std::string> archive_failure();  // the file that the archive did not take
  [[nodiscard]] std::optional<AuditHead> audit_head();
  void prune_tokens(Time by);  // revocations of what has expired
  void make_partitions(Time by);
  [[nodiscard]] std::int64_t close_months(int most, Time by);            // rows moved
  [[nodiscard]] std::int64_t detach_months(int keep_months, Time by);    // tables let go
  [[nodiscard]] std::int64_t let_go_of_audit(int keep_months, Time by);  // rows
  void ping();                                    // throws when the database or its schema is not there
  [[nodiscard]] Time clock();                     // the database's
  [[nodiscard]] std::vector<Drift> rebuild();     // as the owner
  [[nodiscard]] std::vector<std::string> heal();  // the sums' surroundings, as the owner; each thing done
  [[nodiscard]] std::optional<std::string> subscriptions();  // by which rows still come from another database

 private:
  pg::Connection& connection_;
};

}  // namespace diary
