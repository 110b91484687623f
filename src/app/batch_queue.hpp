// SPDX-License-Identifier: Apache-2.0
#pragma once

// Group commit: submissions that arrive while a transaction is under way go into the next one together, and
// each gets its own answer once that transaction is on disk. One bad submission fails alone. Items that share
// a key (the same id, the same user and segment) never meet in one batch; items that share a scope (a user, a
// segment) are stored in the order of their arrival and never by two writers at once, which would only wait
// for each other's locks. A second writer joins when enough waits for it: groups that are too small cost more
// than they save. Memory is bounded: past max_pending, submit() refuses. So is the time: what no writer took
// within max_wait is refused and not stored.

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/histogram.hpp"
#include "base/result.hpp"
#include "pg/connection.hpp"

namespace diary {

template <class Item, class Receipt>
class BatchQueue {
 public:
  struct Options {
    std::function<pg::Connection()> connect;
    // Stores the items in one transaction of its own and gives a receipt for each, in order.
    std::function<std::vector<Receipt>(pg::Connection&, std::span<const Item* const>)> commit;
    std::function<std::vector<std::string>(const Item&)> keys;
    std::function<std::vector<std::string>(const Item&)> scopes;
    std::size_t writers = 1;
    std::size_t max_batch = 128;
    std::size_t worth_a_writer = 16;  // the n-th further writer begins when n times this many wait
    std::size_t max_pending = 10'000;
    std::chrono::milliseconds max_wait{5000};
  };
  using Done = std::function<void(Result<Receipt>)>;  // called once, on a writer's thread

  explicit BatchQueue(Options options) : options_(std::move(options)), lanes_(options_.writers) {
    for (std::size_t i = 0; i < lanes_.size(); ++i)
      lanes_[i].thread = std::thread([this, i] { work(lanes_[i], i); });
    clock_ = std::thread([this] { refuse_late_ones(); });
  }
  BatchQueue(const BatchQueue&) = delete;
  BatchQueue& operator=(const BatchQueue&) = delete;
  // Finishes what was accepted.
  ~BatchQueue() {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    tick_.notify_all();
    clock_.join();
    for (Lane& lane : lanes_) lane.thread.join();
  }

  void submit(Item item, Done done) {
    Waiting waiting{std::move(item), {}, {}, std::move(done), Clock::now() + options_.max_wait};
    waiting.keys = options_.keys(waiting.item);
    waiting.scopes = options_.scopes(waiting.item);
    {
      const std::scoped_lock lock(mutex_);
      if (pending_.size() < options_.max_pending) {
        pending_.push_back(std::move(waiting));
        wake_.notify_all();
        return;
      }
    }
    waiting.done(fail(not_now()));
  }

  // How many wait, and how long batches took.
  [[nodiscard]] std::size_t waiting() const {
    const std::scoped_lock lock(mutex_);
    return pending_.size();
  }
  [[nodiscard]] const Histogram& time() const { return time_; }

 private:
  using Names = std::unordered_set<std::string>;
  using Clock = std::chrono::steady_clock;
  struct Waiting {
    Item item;
    std::vector<std::string> keys;
    std::vector<std::string> scopes;
    Done done;
    Clock::time_point until;
  };
  struct Lane {
    Names scopes;                              // of the batch it is storing
    std::optional<pg::Connection> connection;  // used by its thread alone
    std::thread thread;
  };

  static Error not_now() {
    return Error{Errc::unavailable, "too many submissions are waiting", {}, std::chrono::seconds{1}};
  }

  // They wait in the order of their arrival: the first is the first whose time is up.
  void refuse_late_ones() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      tick_.wait_until(lock, pending_.empty() ? Clock::now() + options_.max_wait : pending_.front().until);
      std::vector<Done> late;
      while (!stopping_ && !pending_.empty() && pending_.front().until <= Clock::now()) {
        late.push_back(std::move(pending_.front().done));
        pending_.pop_front();
      }
      lock.unlock();
      for (const Done& done : late) done(fail(not_now()));
      lock.lock();
    }
  }

  static bool meets(const std::vector<std::string>& names, const Names& others) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return others.contains(name); });
  }

  void work(Lane& lane, std::size_t number) {
    std::unique_lock lock(mutex_);
    while (true) {
      std::vector<Waiting> batch;
      wake_.wait(lock, [&] {
        const bool enough = number == 0 || stopping_ || pending_.size() >= number * options_.worth_a_writer;
        if (!pending_.empty() && enough) batch = take(lane);
        return !batch.empty() || (stopping_ && pending_.empty());
      });
      if (batch.empty()) return;
      lock.unlock();
      store(lane, batch);
      lock.lock();
      lane.scopes.clear();
      wake_.notify_all();  // what waited for these scopes
    }
  }

  // The first items that share no key with each other and no scope with another writer's batch. The others
  // keep their places, and hold back whatever shares a scope with them.
  std::vector<Waiting> take(Lane& lane) {
    std::vector<Waiting> batch;
    std::deque<Waiting> rest;
    Names keys;
    Names held;
    while (!pending_.empty() && batch.size() < options_.max_batch) {
      Waiting waiting = std::move(pending_.front());
      pending_.pop_front();
      const bool elsewhere = std::any_of(lanes_.begin(), lanes_.end(), [&](const Lane& other) {
        return &other != &lane && meets(waiting.scopes, other.scopes);
      });
      if (elsewhere || meets(waiting.keys, keys) || meets(waiting.scopes, held)) {
        held.insert(waiting.scopes.begin(), waiting.scopes.end());
        rest.push_back(std::move(waiting));
      } else {
        keys.insert(waiting.keys.begin(), waiting.keys.end());
        lane.scopes.insert(waiting.scopes.begin(), waiting.scopes.end());
        batch.push_back(std::move(waiting));
      }
    }
    while (!rest.empty()) {
      pending_.push_front(std::move(rest.back()));
      rest.pop_back();
    }
    return batch;
  }

  void store(Lane& lane, std::vector<Waiting>& batch) {
    std::vector<const Item*> items;
    items.reserve(batch.size());
    for (const Waiting& waiting : batch) items.push_back(&waiting.item);
    auto receipts = attempt(lane, items);
    if (receipts) {
      for (std::size_t i = 0; i < batch.size(); ++i) batch[i].done(std::move((*receipts)[i]));
      return;
    }
    if (receipts.error().code == Errc::unavailable || batch.size() == 1) {
      for (const Waiting& waiting : batch) waiting.done(fail(receipts.error()));
      return;
    }
    // Something in the batch is bad, and nothing of it was stored: each on its own.
    for (const Waiting& waiting : batch) {
      auto alone = attempt(lane, std::vector<const Item*>{&waiting.item});
      waiting.done(alone ? Result<Receipt>(std::move(alone->front())) : Result<Receipt>(fail(alone.error())));
    }
  }

  // A lost connection is tried anew once: ids make a repetition harmless. A lost race (deadlock,
  // serialization, the same new id from another server, an account or street deleted this moment) is run
  // again.
  Result<std::vector<Receipt>> attempt(Lane& lane, const std::vector<const Item*>& items) {
    for (int tries_left = 3;; --tries_left) {
      try {
        if (!lane.connection) lane.connection.emplace(options_.connect());
        const Stopwatch watch(time_);
        return options_.commit(*lane.connection, items);
      } catch (const pg::ConnectionLost& e) {
        const bool was_connected = lane.connection.has_value();
        lane.connection.reset();
        if (was_connected && tries_left > 0) continue;
        spdlog::error("submissions cannot reach the database: {}", e.what());
        return fail(Error{Errc::unavailable, "the database is not available", {}, std::chrono::seconds{5}});
      } catch (const pg::StatementTimeout& e) {  // single ones would fare no better
        spdlog::error("a batch of {} submissions took too long: {}", items.size(), e.what());
        return fail(Error{Errc::unavailable, "the database takes too long", {}, std::chrono::seconds{5}});
      } catch (const pg::DbError& e) {
        const bool race = e.sqlstate() == "40P01" || e.sqlstate() == "40001" || e.sqlstate() == "23505" ||
                          e.sqlstate() == "23503";
        if (race && tries_left > 0) continue;
        spdlog::error("a batch of {} submissions was refused: {} {}", items.size(), e.sqlstate(), e.what());
        return fail(Errc::failed, "internal error");
      } catch (const std::exception& e) {
        spdlog::error("a batch of {} submissions failed: {}", items.size(), e.what());
        lane.connection.reset();  // it may hold rows that nobody read
        return fail(Errc::failed, "internal error");
      }
    }
  }

  Options options_;
  Histogram time_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> pending_;
  std::condition_variable tick_;
  std::thread clock_;
  bool stopping_ = false;
  std::deque<Lane> lanes_;  // a deque: lanes cannot move
};

}  // namespace diary
