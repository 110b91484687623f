// SPDX-License-Identifier: Apache-2.0
#pragma once

// Group commit: submissions that arrive while a transaction is under way go into the next one together, and
// each gets its own answer once that transaction is on disk. One bad submission fails alone. Items that share
// a key (the same id, the same user and segment) never meet in one batch. Memory is bounded: past
// max_pending, submit() refuses.

#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

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
    std::size_t writers = 1;
    std::size_t max_batch = 256;
    std::size_t max_pending = 10'000;  // of each writer
  };
  using Done = std::function<void(Result<Receipt>)>;  // called once, on a writer's thread

  explicit BatchQueue(Options options) : options_(std::move(options)), lanes_(options_.writers) {
    for (Lane& lane : lanes_) lane.thread = std::thread([this, &lane] { work(lane); });
  }
  BatchQueue(const BatchQueue&) = delete;
  BatchQueue& operator=(const BatchQueue&) = delete;
  // Finishes what was accepted.
  ~BatchQueue() {
    for (Lane& lane : lanes_) {
      {
        const std::scoped_lock lock(lane.mutex);
        lane.stopping = true;
      }
      lane.wake.notify_one();
    }
    for (Lane& lane : lanes_) lane.thread.join();
  }

  // Items with the same shard are stored in the order of their arrival.
  void submit(Item item, std::size_t shard, Done done) {
    Lane& lane = lanes_[shard % lanes_.size()];
    {
      const std::scoped_lock lock(lane.mutex);
      if (lane.pending.size() < options_.max_pending) {
        auto keys = options_.keys(item);
        lane.pending.push_back({std::move(item), std::move(keys), std::move(done)});
        lane.wake.notify_one();
        return;
      }
    }
    done(fail(Error{Errc::unavailable, "too many submissions are waiting", {}, std::chrono::seconds{1}}));
  }

 private:
  struct Waiting {
    Item item;
    std::vector<std::string> keys;
    Done done;
  };
  struct Lane {
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Waiting> pending;
    bool stopping = false;
    std::optional<pg::Connection> connection;  // used by its thread alone
    std::thread thread;
  };

  void work(Lane& lane) {
    while (true) {
      std::vector<Waiting> batch;
      {
        std::unique_lock lock(lane.mutex);
        lane.wake.wait(lock, [&] { return lane.stopping || !lane.pending.empty(); });
        if (lane.pending.empty()) return;
        batch = take(lane.pending);
      }
      store(lane, batch);
    }
  }

  // The first items that do not share a key; the others keep their places.
  std::vector<Waiting> take(std::deque<Waiting>& pending) {
    std::vector<Waiting> batch;
    std::deque<Waiting> rest;
    std::set<std::string> taken;
    while (!pending.empty() && batch.size() < options_.max_batch) {
      Waiting waiting = std::move(pending.front());
      pending.pop_front();
      const bool clash = std::any_of(waiting.keys.begin(), waiting.keys.end(),
                                     [&](const std::string& key) { return taken.contains(key); });
      taken.insert(waiting.keys.begin(), waiting.keys.end());  // a later one with the same key waits as well
      (clash ? static_cast<void>(rest.push_back(std::move(waiting))) : batch.push_back(std::move(waiting)));
    }
    while (!rest.empty()) {
      pending.push_front(std::move(rest.back()));
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
      for (Waiting& waiting : batch) waiting.done(fail(receipts.error()));
      return;
    }
    // Something in the batch is bad, and nothing of it was stored: each on its own.
    for (Waiting& waiting : batch) {
      auto alone = attempt(lane, std::vector<const Item*>{&waiting.item});
      waiting.done(alone ? Result<Receipt>(std::move(alone->front())) : Result<Receipt>(fail(alone.error())));
    }
  }

  // A lost connection is tried anew once: ids make a repetition harmless. A lost race (deadlock,
  // serialization, the same new id from another server) is run again.
  Result<std::vector<Receipt>> attempt(Lane& lane, const std::vector<const Item*>& items) {
    for (int tries_left = 3;; --tries_left) {
      try {
        if (!lane.connection) lane.connection.emplace(options_.connect());
        return options_.commit(*lane.connection, items);
      } catch (const pg::ConnectionLost& e) {
        const bool was_connected = lane.connection.has_value();
        lane.connection.reset();
        if (was_connected && tries_left > 0) continue;
        spdlog::error("submissions cannot reach the database: {}", e.what());
        return fail(Error{Errc::unavailable, "the database is not available", {}, std::chrono::seconds{5}});
      } catch (const pg::DbError& e) {
        const bool race = e.sqlstate() == "40P01" || e.sqlstate() == "40001" || e.sqlstate() == "23505";
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
  std::deque<Lane> lanes_;  // a deque: lanes cannot move
};

}  // namespace diary
