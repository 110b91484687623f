// SPDX-License-Identifier: Apache-2.0
#pragma once

// A reader-writer lock whose readers do not meet: each thread locks a cell of its own, which no other
// thread's reading makes it wait for or fetch from another core's cache. The one writer pays: it locks every
// cell.

#include <array>
#include <atomic>
#include <shared_mutex>

namespace diary {

class ReadersLock {
 public:
  void lock_shared() { cell().mutex.lock_shared(); }
  // Fails while the writer has the lock or is about to.
  bool try_lock_shared() { return cell().mutex.try_lock_shared(); }
  // By the thread that locked.
  void unlock_shared() { cell().mutex.unlock_shared(); }
  void lock() {
    for (Cell& each : cells_) each.mutex.lock();
  }
  void unlock() {
    for (Cell& each : cells_) each.mutex.unlock();
  }

 private:
  static constexpr std::size_t cells = 16;  // threads past it share
  struct alignas(64) Cell {
    std::shared_mutex mutex;
  };
  Cell& cell() {
    static std::atomic<std::size_t> threads{0};
    static thread_local const std::size_t own = threads++ % cells;
    return cells_[own];
  }
  std::array<Cell, cells> cells_;
};

}  // namespace diary
