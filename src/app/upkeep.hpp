// SPDX-License-Identifier: Apache-2.0
#pragma once

// What has to happen as time passes, on one thread with one connection: window cursors moved, the segments'
// columns brought up to the live values, the nightly reports, the audit chain, the months' tables. With
// several servers on one database the statements themselves see to it that one does each. A database that is
// away is waited for; its end is not: a statement under way is cancelled, and another server or the next
// start does it again.

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "pg/connection.hpp"

namespace diary {

class Upkeep {
 public:
  // retention_months: how long ratings and votes are kept; 0 for ever.
  Upkeep(std::string conninfo, std::string role, int retention_months = 0);
  ~Upkeep();
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

 private:
  void work();
  void round(pg::Connection& connection, long tick);
  void refresh_reports(pg::Connection& connection);
  void keep_months(pg::Connection& connection, long tick);

  std::string conninfo_;
  std::string role_;
  int retention_months_;
  std::optional<std::string> sync_cursor_;  // xid8; none: everything is looked at
  bool closing_ = true;                     // there may be rows of past months left to move
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool ended_ = false;
  std::optional<pg::Canceller> under_way_;  // of the connection that there is
  std::thread thread_;
};

}  // namespace diary
