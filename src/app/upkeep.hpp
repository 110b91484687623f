// SPDX-License-Identifier: Apache-2.0
#pragma once

// What has to happen as time passes: window cursors moved, the segments' columns brought up to the live
// values, the audit chain, the months' tables, and on a thread of their own, for they take minutes of a large
// city, the nightly reports. With several servers on one database the statements themselves see to it that
// one does each. A database that is away is waited for; its end is not: a statement under way is cancelled,
// and another server or the next start does it again.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/clock_watch.hpp"
#include "pg/connection.hpp"

namespace diary {

// A thread with a connection of its own that calls `round` four times a second until it is destroyed. waited:
// for how long it lay between the last two, by running_time().
class UpkeepThread {
 public:
  using Round = std::function<void(pg::Connection&, long tick, ClockWatch::Duration waited)>;
  UpkeepThread(std::string conninfo, std::string role, Round round);
  ~UpkeepThread();
  UpkeepThread(const UpkeepThread&) = delete;
  UpkeepThread& operator=(const UpkeepThread&) = delete;

 private:
  void work();

  std::string conninfo_;
  std::string role_;
  Round round_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool ended_ = false;
  std::optional<pg::Canceller> under_way_;  // of the connection that there is
  std::thread thread_;
};

class Upkeep {
 public:
  // How many months what is kept; 0 for ever.
  struct Retention {
    int samples = 0;  // ratings and votes
    int audit = 0;
  };
  Upkeep(const std::string& conninfo, const std::string& role, Retention retention);

 private:
  void round(pg::Connection& connection, long tick, ClockWatch::Duration waited);
  void sync(pg::Connection& connection, long tick);
  bool believes(pg::Connection& connection, long tick, ClockWatch::Duration waited);
  void keep_months(pg::Connection& connection, long tick);

  Retention retention_;
  std::optional<std::string> sync_cursor_;  // pg_snapshot; none: everything is looked at
  long synced_ = 0;                         // the tick at which it was last not refused
  bool closing_ = true;                     // there may be rows of past months left to move
  bool letting_go_ = false;                 // there may be audit rows left that are too old
  ClockWatch clock_;
  bool doubting_ = false;
  UpkeepThread reports_;
  UpkeepThread chores_;
};

}  // namespace diary
