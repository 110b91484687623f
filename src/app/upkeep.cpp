// SPDX-License-Identifier: Apache-2.0
#include "app/upkeep.hpp"

#include <spdlog/spdlog.h>

#include <chrono>

#include "base/time.hpp"
#include "pg/pool.hpp"
#include "store/upkeep_store.hpp"

namespace diary {
namespace {

constexpr std::chrono::milliseconds tick_length{250};
// Before the first, too: most statements end by themselves.
constexpr std::chrono::milliseconds between_cancels{100};
constexpr long ticks_per_sync = 2;      // half a second
constexpr long ticks_per_advance = 4;   // a second
constexpr long ticks_per_minute = 240;  //
constexpr long ticks_per_hour = 60 * ticks_per_minute;
constexpr long ticks_per_day = 24 * ticks_per_hour;
constexpr long ticks_per_full_sync = 4L * 300;   // decay moves scores that nobody writes to
constexpr long ticks_after_failure = 8;          //
constexpr long ticks_until_told = 240;           // a minute of refusals
constexpr int rows_per_move = 2000;              // a few hundred milliseconds
constexpr auto nightly = std::chrono::hours{2};  // after midnight UTC, as specified

// Since the last time it was 02:00 UTC: a report older than that is yesterday's.
double seconds_since_nightly() {
  const auto at = now() - nightly;
  return std::chrono::duration<double>(at - std::chrono::floor<std::chrono::days>(at)).count();
}

void refresh_reports(pg::Connection& connection) {
  UpkeepStore store(connection);
  for (const char* view : {"segment_aggregates", "trend_daily", "coverage_grid"}) {
    const auto begun = std::chrono::steady_clock::now();
    if (!store.refresh(view, seconds_since_nightly())) continue;
    const auto took = std::chrono::steady_clock::now() - begun;
    spdlog::info("refreshed {} in {} ms", view,
                 std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
  }
}

}  // namespace

UpkeepThread::UpkeepThread(std::string conninfo, std::string role, Round round)
    : conninfo_(std::move(conninfo)),
      role_(std::move(role)),
      round_(std::move(round)),
      thread_([this] { work(); }) {}

UpkeepThread::~UpkeepThread() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  wake_.notify_all();
  // Again, when the first came between two statements.
  while (!wake_.wait_for(lock, between_cancels, [this] { return ended_; }))
    if (under_way_) under_way_->cancel();
  lock.unlock();
  thread_.join();
}

void UpkeepThread::work() {
  std::optional<pg::Connection> connection;
  long tick = 0;
  long skip_until = 0;
  ClockWatch::Duration waited{};
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    if (tick >= skip_until) {
      try {
        if (!connection) {
          connection.emplace(pg::connect_as(conninfo_, role_));
          connection->hold("lock_timeout = '2s'");
          lock.lock();
          under_way_.emplace(*connection);
          lock.unlock();
        }
        round_(*connection, tick, waited);
      } catch (const std::exception& e) {
        lock.lock();
        if (!stopping_) spdlog::warn("upkeep: {}", e.what());
        under_way_.reset();
        lock.unlock();
        connection.reset();
        skip_until = tick + ticks_after_failure;
      }
    }
    ++tick;
    lock.lock();
    const auto begun = running_time();
    wake_.wait_for(lock, tick_length, [this] { return stopping_; });
    waited = running_time() - begun;
  }
  ended_ = true;
  wake_.notify_all();
}

Upkeep::Upkeep(const std::string& conninfo, const std::string& role, Retention retention)
    : retention_(retention),
      reports_(conninfo, role,
               [](pg::Connection& connection, long tick, auto) {
                 if (tick % ticks_per_minute == 0) refresh_reports(connection);
               }),
      chores_(conninfo, role, [this](pg::Connection& connection, long tick, auto waited) {
        round(connection, tick, waited);
      }) {}

void Upkeep::round(pg::Connection& connection, long tick, ClockWatch::Duration waited) {
  UpkeepStore store(connection);
  const bool believed = believes(connection, tick, waited);
  if (believed && tick % ticks_per_advance == 0) {
    while (store.advance(1000, clock_.expected(running_time())) == 1000) {  // a backlog: go on at once
    }
  }
  if (tick % ticks_per_sync == 0) sync(connection, tick);
  if (tick % ticks_per_minute == 0) {
    store.seal_audit();
    if (const auto file = store.archive_failure())
      spdlog::error(
          "the write-ahead log is not being archived ({} failed); until it is, PostgreSQL keeps all "
          "of it, and the disk fills",
          *file);
  }
  if (tick % ticks_per_day == 0) {
    // In the log it is out of the database's reach: what the chain is compared with later.
    if (const auto head = store.audit_head())
      spdlog::info("the audit chain ends with batch {}, {}", head->batch_id, head->hash);
  }
  if (!believed) return;
  if (tick % ticks_per_hour == 0) store.prune_tokens(clock_.expected(running_time()));
  keep_months(connection, tick);
}

// Looks at the database's clock once a second, and tells when it is doubted and when that is over.
bool Upkeep::believes(pg::Connection& connection, long tick, ClockWatch::Duration waited) {
  if (tick % ticks_per_advance != 0 && waited <= ClockWatch::tolerance) return !doubting_;
  const Time database = UpkeepStore(connection).clock();
  const auto why =
      clock_.doubt({.database = database, .machine = now(), .running = running_time(), .waited = waited});
  if (why && (!doubting_ || tick % ticks_per_minute == 0))
    spdlog::error(
        "{}: no window is moved, no month closed, no token forgotten until it is right again; if it is right "
        "now, "
        "start this server anew",
        *why);
  if (!why && doubting_) spdlog::info("the database's clock is believed again");
  doubting_ = why.has_value();
  return !doubting_;
}

void Upkeep::sync(pg::Connection& connection, long tick) {
  if (tick % ticks_per_full_sync == 0) sync_cursor_.reset();
  if (const auto next = UpkeepStore(connection).sync(sync_cursor_)) {
    sync_cursor_ = next;
    synced_ = tick;
  } else if ((tick - synced_) % ticks_until_told == 0 && tick > synced_) {
    spdlog::warn(
        "another session has been bringing the segments' columns up to date for {} minutes, or holds the row "
        "of that "
        "task in diary.task: pg_locks tells which",
        (tick - synced_) / ticks_until_told);
  }
}

// A chunk of past rows per round, so that the rest goes on in between.
void Upkeep::keep_months(pg::Connection& connection, long tick) {
  UpkeepStore store(connection);
  if (tick % ticks_per_hour == 0) {
    store.make_partitions(clock_.expected(running_time()));
    if (retention_.samples > 0) {
      if (const auto gone = store.detach_months(retention_.samples, clock_.expected(running_time()));
          gone > 0)
        spdlog::info("let go of {} tables of months that ended over {} months ago", gone, retention_.samples);
    }
    letting_go_ = retention_.audit > 0;
  }
  if (letting_go_) letting_go_ = store.let_go_of_audit(retention_.audit, clock_.expected(running_time())) > 0;
  if (tick % ticks_per_minute == 0) closing_ = true;
  if (closing_) closing_ = store.close_months(rows_per_move, clock_.expected(running_time())) > 0;
}

}  // namespace diary
