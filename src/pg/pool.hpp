// SPDX-License-Identifier: Apache-2.0
#pragma once

// A fixed number of connections, made as needed, lent one at a time. A connection that broke is thrown away;
// a lease that waits too long gives up instead of queueing without bound. Thread-safe.

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/histogram.hpp"
#include "pg/connection.hpp"

namespace diary::pg {

// Opens a connection that works as `role` (SET ROLE when the login is another) and runs `setup` on it once:
// what makes it faster, for behind a pooler it is left out. What must hold goes through Connection::hold().
[[nodiscard]] Connection connect_as(const std::string& conninfo, const std::string& role,
                                    const std::string& setup = {});

class PoolExhausted : public DbError {
 public:
  PoolExhausted() : DbError("53300", "no database connection became free in time") {}
};

class Pool {
 public:
  struct Options {
    std::string conninfo;
    std::string role;
    std::string setup;  // as connect_as() takes it
    std::size_t size = 4;
    std::chrono::milliseconds statement_time{0};  // no statement takes longer; 0: as long as it takes
    std::chrono::milliseconds patience{2000};
  };
  explicit Pool(Options options) : options_(std::move(options)) {}

  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Connection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (!connection_) return;
      pool_->used_.observe(std::chrono::steady_clock::now() - since_);
      pool_->give_back(std::move(connection_));
    }
    Connection& operator*() { return *connection_; }
    Connection* operator->() { return connection_.get(); }

   private:
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
    std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
  };

  struct State {
    std::size_t size;
    std::size_t in_use;
    std::size_t idle;
    std::size_t waiting;  // who has no connection yet
  };
  [[nodiscard]] State state() const;
  // How long connections were lent.
  [[nodiscard]] const Histogram& used() const { return used_; }

  // Throws PoolExhausted after `patience`, ConnectionLost when the database cannot be reached.
  [[nodiscard]] Lease lease();

 private:
  void give_back(std::unique_ptr<Connection> connection);

  Options options_;
  Histogram used_;
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t lent_ = 0;
  std::size_t waiting_ = 0;
};

}  // namespace diary::pg
