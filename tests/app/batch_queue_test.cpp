// SPDX-License-Identifier: Apache-2.0
#include "app/batch_queue.hpp"

#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <map>
#include <set>

#include "support/eventually.hpp"
#include "support/test_database.hpp"

namespace diary {
namespace {

struct Item {
  std::string key;
  int value;
};

class Queue : public testing::Test {
 protected:
  using Items = BatchQueue<Item, int>;
  using Got = std::future<Result<int>>;

  // Writes values into a table; -1 breaks the statement. Holds the first batch until release().
  Items::Options options() {
    owner.exec("CREATE TABLE IF NOT EXISTS item (n serial, value int CHECK (value >= 0))");
    return {.connect =
                [this] {
                  ++connections;
                  return pg::Connection(database.owner_conninfo());
                },
            .commit =
                [this](pg::Connection& connection, std::span<const Item* const> items) {
                  gate.wait();
                  std::string sql = "BEGIN;";
                  std::set<std::string> keys;
                  std::vector<int> receipts;
                  for (const Item* item : items) {
                    EXPECT_TRUE(keys.insert(item->key).second) << item->key << " twice in one batch";
                    sql += "INSERT INTO item (value) VALUES (" + std::to_string(item->value) + ");";
                    receipts.push_back(item->value * 10);
                  }
                  {
                    const std::scoped_lock lock(mutex);
                    batches.push_back(items.size());
                  }
                  try {
                    connection.exec(sql + "COMMIT");
                  } catch (const pg::ConnectionLost&) {
                    throw;
                  } catch (const pg::DbError&) {
                    connection.exec("ROLLBACK");
                    throw;
                  }
                  return receipts;
                },
            .keys = [](const Item& item) { return std::vector<std::string>{item.key}; },
            .scopes = [](const Item& item) { return std::vector<std::string>{item.key}; }};
  }
  Got submit(Items& queue, const std::string& key, int value) {
    auto promise = std::make_shared<std::promise<Result<int>>>();
    auto future = promise->get_future();
    queue.submit({key, value}, [promise](Result<int> result) { promise->set_value(std::move(result)); });
    return future;
  }
  std::string stored() {
    return owner.exec("SELECT coalesce(string_agg(value::text, ',' ORDER BY n), '') FROM item").str(0, 0);
  }
  void release() { gate.count_down(); }

  support::TestDatabase database{support::Schema::empty};
  pg::Connection owner{database.owner_conninfo()};
  std::latch gate{1};
  std::mutex mutex;
  std::vector<std::size_t> batches;
  std::atomic<int> connections = 0;
};

TEST_F(Queue, WhatWaitsGoesTogetherAndInOrder) {
  Items queue(options());
  std::vector<Got> got;
  for (int i = 0; i < 100; ++i) got.push_back(submit(queue, std::to_string(i), i));
  release();
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(got[static_cast<std::size_t>(i)].get().value(), i * 10);
    expected += (i > 0 ? "," : "") + std::to_string(i);
  }
  EXPECT_EQ(stored(), expected);
  EXPECT_LE(batches.size(), 2U) << "the first may have gone alone";
  EXPECT_EQ(connections, 1);
}

TEST_F(Queue, BatchesHaveABound) {
  auto limited = options();
  limited.max_batch = 10;
  Items queue(std::move(limited));
  std::vector<Got> got;
  for (int i = 0; i < 35; ++i) got.push_back(submit(queue, std::to_string(i), i));
  release();
  for (Got& one : got) EXPECT_TRUE(one.get());
  EXPECT_GE(batches.size(), 4U);
  for (const std::size_t size : batches) EXPECT_LE(size, 10U);
}

TEST_F(Queue, KeysNeverMeetAndKeepTheirOrder) {
  Items queue(options());  // commit() itself looks for keys that meet
  std::vector<Got> got;
  for (int i = 0; i < 30; ++i) got.push_back(submit(queue, i % 3 == 0 ? "same" : std::to_string(i), i));
  release();
  for (Got& one : got) EXPECT_TRUE(one.get());
  EXPECT_EQ(
      owner.exec("SELECT string_agg(value::text, ',' ORDER BY n) FROM item WHERE value % 3 = 0").str(0, 0),
      "0,3,6,9,12,15,18,21,24,27");
  EXPECT_EQ(owner.exec("SELECT count(*) FROM item").integer(0, 0), 30);
}

TEST_F(Queue, ABadOneFailsAlone) {
  Items queue(options());
  std::vector<Got> got;
  for (int i = 0; i < 20; ++i) got.push_back(submit(queue, std::to_string(i), i == 13 ? -1 : i));
  release();
  for (int i = 0; i < 20; ++i) {
    const auto result = got[static_cast<std::size_t>(i)].get();
    EXPECT_EQ(result.has_value(), i != 13) << i;
    if (!result) {
      EXPECT_EQ(result.error().code, Errc::failed);
      EXPECT_EQ(result.error().message, "internal error");
    }
  }
  EXPECT_EQ(owner.exec("SELECT count(*) FROM item").integer(0, 0), 19);
}

TEST_F(Queue, TooManyWaitingAreRefused) {
  auto limited = options();
  limited.max_pending = 5;
  Items queue(std::move(limited));
  std::vector<Got> got;
  for (int i = 0; i < 50; ++i) got.push_back(submit(queue, std::to_string(i), i));
  release();
  std::size_t refused = 0;
  for (Got& one : got) {
    const auto result = one.get();
    if (result) continue;
    ++refused;
    EXPECT_EQ(result.error().code, Errc::unavailable);
    EXPECT_TRUE(result.error().retry_after);
  }
  EXPECT_GE(refused, 40U);  // the first batch may have taken five already
  EXPECT_LE(refused, 45U);
}

TEST_F(Queue, TheDestructorFinishesWhatWasAccepted) {
  std::vector<Got> got;
  {
    Items queue(options());
    for (int i = 0; i < 500; ++i) got.push_back(submit(queue, std::to_string(i), i));
    release();
  }
  for (Got& one : got) {
    ASSERT_EQ(one.wait_for(std::chrono::seconds{0}), std::future_status::ready);
    EXPECT_TRUE(one.get());
  }
  EXPECT_EQ(owner.exec("SELECT count(*) FROM item").integer(0, 0), 500);
}

TEST_F(Queue, ALostConnectionIsMadeAnew) {
  Items queue(options());
  release();
  ASSERT_TRUE(submit(queue, "a", 1).get());
  pg::Connection(database.superuser_conninfo())
      .exec(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
          "query LIKE '%INSERT INTO item%' AND pid <> pg_backend_pid()");
  EXPECT_TRUE(submit(queue, "b", 2).get());
  EXPECT_EQ(stored(), "1,2");
  EXPECT_EQ(connections, 2);
}

TEST_F(Queue, ADatabaseThatIsNotThereIsUnavailable) {
  auto broken = options();
  broken.connect = []() -> pg::Connection { throw pg::ConnectionLost("refused"); };
  Items queue(std::move(broken));
  release();
  const auto result = submit(queue, "a", 1).get();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::unavailable);
}

// Some keys are busy and some are not; none is ever with two writers, and each keeps its order.
TEST_F(Queue, FurtherWritersJoinAndShareNoScope) {
  std::set<std::string> active;
  std::map<std::string, std::vector<int>> order;
  std::set<std::thread::id> writers;
  auto several = options();
  several.writers = 3;
  several.max_batch = 20;
  several.worth_a_writer = 10;
  several.commit = [&](pg::Connection& connection, std::span<const Item* const> items) {
    {
      const std::scoped_lock lock(mutex);
      writers.insert(std::this_thread::get_id());
      for (const Item* item : items) {
        EXPECT_TRUE(active.insert(item->key).second) << item->key << " is with two writers";
        order[item->key].push_back(item->value);
      }
    }
    gate.wait();
    connection.exec("SELECT 1");
    std::vector<int> receipts;
    const std::scoped_lock lock(mutex);
    for (const Item* item : items) {
      active.erase(item->key);
      receipts.push_back(item->value);
    }
    return receipts;
  };
  std::vector<Got> got;
  {
    Items queue(std::move(several));
    for (int i = 0; i < 1000; ++i) got.push_back(submit(queue, "k" + std::to_string(i * i % 193), i));
    EXPECT_TRUE(support::eventually([&] {
      const std::scoped_lock lock(mutex);
      return writers.size() == 3;
    }));
    release();
  }
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(got[static_cast<std::size_t>(i)].get().value(), i);
  for (const auto& [key, values] : order) EXPECT_TRUE(std::is_sorted(values.begin(), values.end())) << key;
}

}  // namespace
}  // namespace diary
